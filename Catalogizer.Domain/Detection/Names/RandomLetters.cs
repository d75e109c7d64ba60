using System.Buffers;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>Recognises names that are no words of any language: hashes, identifiers, letters and digits at random.</summary>
internal static class RandomLetters
{
    private const int MinHashLength = 16;
    private const int MinWordLength = 8;
    private const int MinConsonants = 3;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> HexDigitsAndDashes = SearchValues.Create("0123456789abcdefABCDEF-");
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouyAEIOUY");

    /// <summary>9f3c1ab07de24c55…, 3f2504e0-4f89-11d3-…: hexadecimal digits alone, in the length of a hash.</summary>
    public static bool IsHash(ReadOnlySpan<char> text)
    {
        text = text.Trim("{}[]()");
        return text.Length >= MinHashLength && text.ContainsAnyInRange('0', '9')
            && (text.IndexOfAnyExcept(HexDigits) < 0 ? text.IndexOfAnyInRange('A', 'f') >= 0 : text.Length == 36 && text.IndexOfAnyExcept(HexDigitsAndDashes) < 0);
    }

    /// <summary>xd93kw0l, qZt7Lw0pXk4VbHs1, XKQJWZPVTRL: one word without a readable syllable, or with digits between its letters.</summary>
    public static bool IsRandom(ReadOnlySpan<char> word)
    {
        if (word.Length < MinWordLength || !IsAsciiLettersAndDigits(word))
        {
            return false;
        }

        var (letters, vowels, digitRuns, capitalRuns) = Count(word);
        return letters > 0 && ((digitRuns >= 2 && !IsCapitalized(word))
            || (vowels * 6 < letters && letters >= (digitRuns > 0 ? 6 : MinWordLength))
            || (capitalRuns >= 3 && vowels * 4 < letters && capitalRuns * 4 > letters));
    }

    /// <summary>Jx8Qp2, b5f0c1, trl: short words that are random, or an abbreviation of anything. Only safe where the folder tells the title.</summary>
    public static bool MayBeRandom(ReadOnlySpan<char> word)
    {
        if (word.Length < MinConsonants || !IsAsciiLettersAndDigits(word))
        {
            return false;
        }

        var (letters, vowels, digitRuns, _) = Count(word);
        return letters >= MinConsonants - 1 && (digitRuns > 0 || (letters >= MinConsonants && vowels == 0));
    }

    // "Th1rt3en": a word may have digits for letters, but random letters have no capital in front alone.
    private static bool IsCapitalized(ReadOnlySpan<char> word) =>
        word.Length < 2 * MinWordLength && char.IsAsciiLetterUpper(word[0]) && !word[1..].ContainsAnyInRange('A', 'Z');

    public static bool IsVowel(char c) => Vowels.Contains(c);

    private static bool IsAsciiLettersAndDigits(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    // Runs of digits between letters, and capitals behind small letters.
    private static (int Letters, int Vowels, int DigitRuns, int CapitalRuns) Count(ReadOnlySpan<char> word)
    {
        var (letters, vowels, digitRuns, capitalRuns) = (0, 0, 0, 0);
        for (var i = 0; i < word.Length; i++)
        {
            if (char.IsAsciiDigit(word[i]))
            {
                continue;
            }

            letters++;
            vowels += IsVowel(word[i]) ? 1 : 0;
            digitRuns += i > 0 && char.IsAsciiDigit(word[i - 1]) && letters > 1 ? 1 : 0;
            capitalRuns += i > 0 && char.IsAsciiLetterUpper(word[i]) && char.IsAsciiLetterLower(word[i - 1]) ? 1 : 0;
        }

        return (letters, vowels, digitRuns, capitalRuns);
    }
}
