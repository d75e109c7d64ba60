namespace Catalogizer.Web.Components.Library;

/// <summary>Finds what was typed inside a title, as pieces of text; a page draws them, markup never travels.</summary>
public static class Highlight
{
    public static IEnumerable<(string Text, bool IsHit)> Split(string title, string typed)
    {
        var words = typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var at = 0;
        var plain = 0;
        while (at < title.Length)
        {
            var hit = StartsWord(title, at) ? words.Where(w => IsAt(title, at, w)).MaxBy(w => w.Length) : null;
            if (hit is null)
            {
                at++;
                continue;
            }

            if (at > plain)
            {
                yield return (title[plain..at], false);
            }

            yield return (title.Substring(at, hit.Length), true);
            at += hit.Length;
            plain = at;
        }

        if (plain < title.Length)
        {
            yield return (title[plain..], false);
        }
    }

    private static bool StartsWord(string title, int at) => at == 0 || !char.IsLetterOrDigit(title[at - 1]);

    private static bool IsAt(string title, int at, string word) => string.Compare(title, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;
}
