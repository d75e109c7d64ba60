namespace Catalogizer.Web.Components.Library;

/// <summary>Finds the search text in a title and returns pieces of plain text for the page to render; no markup is passed on.</summary>
public static class Highlight
{
    public static IEnumerable<(string Text, bool IsHit)> Split(string title, string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var index = 0;
        var plainStart = 0;
        while (index < title.Length)
        {
            var match = IsWordStart(title, index) ? words.Where(w => MatchesAt(title, index, w)).MaxBy(w => w.Length) : null;
            if (match is null)
            {
                index++;
                continue;
            }

            if (index > plainStart)
            {
                yield return (title[plainStart..index], false);
            }

            yield return (title.Substring(index, match.Length), true);
            index += match.Length;
            plainStart = index;
        }

        if (plainStart < title.Length)
        {
            yield return (title[plainStart..], false);
        }
    }

    private static bool IsWordStart(string title, int index) => index == 0 || !char.IsLetterOrDigit(title[index - 1]);

    private static bool MatchesAt(string title, int index, string word) => string.Compare(title, index, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;
}
