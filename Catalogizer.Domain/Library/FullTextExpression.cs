using System.Text;

namespace Catalogizer.Domain.Library;

/// <summary>Turns a user's input into a full-text expression in which no input acts as syntax.</summary>
internal static class FullTextExpression
{
    private const int MaxWords = 16;

    /// <summary>Quotes every word and makes the last one a prefix; null when there is no word.</summary>
    public static string? FromInput(string typed)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in typed.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune.ToString());
            }
            else if (Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark))
            {
                AddWord(words, word);
            }
        }

        AddWord(words, word);
        return words.Count == 0 ? null : string.Join(" AND ", words.Take(MaxWords)) + "*";
    }

    private static void AddWord(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add($"\"{word}\"");
            word.Clear();
        }
    }
}
