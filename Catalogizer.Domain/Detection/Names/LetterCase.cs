namespace Catalogizer.Domain.Detection.Names;

/// <summary>What the capitals of a word say: release words are written "GERMAN", "MULTi" or "iTALiAN", titles are not.</summary>
internal static class LetterCase
{
    /// <summary>Whether a word is in capitals, or in mixed case, and some word between <paramref name="from"/> and it is not.</summary>
    public static bool IsShouted(TokenizedName name, int from, int index) => HasCapitals(name.RawText(index, index)) && HasPlainWord(name, from, index);

    private static bool HasPlainWord(TokenizedName name, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (!HasCapitals(name.RawText(i, i)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasCapitals(ReadOnlySpan<char> word)
    {
        var hasLower = false;
        for (var i = 0; i < word.Length; i++)
        {
            if (i > 0 && char.IsUpper(word[i]))
            {
                return true;
            }

            hasLower |= char.IsLower(word[i]);
        }

        return !hasLower;
    }
}
