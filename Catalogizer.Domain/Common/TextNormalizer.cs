using System.Globalization;
using System.Text;

namespace Catalogizer.Domain.Common;

/// <summary>Makes names comparable: texts that differ only in case, accents, punctuation or spacing fold to the same text.</summary>
public static class TextNormalizer
{
    /// <summary>Longer numbers are sorted by their text; the sign for nine digits is the last that is a digit itself.</summary>
    private const int MaxCountedDigits = 9;

    /// <summary>"Amélie &amp; Co." becomes "amelie and co". Text without a letter or digit is only trimmed.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var gap = false;
        foreach (var character in Decompose(text))
        {
            if (character == '&')
            {
                AppendWord(folded, "and", ref gap, isSeparateWord: true);
            }
            else if (char.IsLetterOrDigit(character) || char.IsSurrogate(character))
            {
                if (gap && folded.Length > 0)
                {
                    folded.Append(' ');
                }

                gap = false;
                folded.Append(char.ToLowerInvariant(character));
            }
            else if (character is not ('\'' or '’' or '‘' or '`' or '´') && CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                gap = true;
            }
        }

        return folded.Length > 0 ? folded.ToString() : text.Trim();
    }

    /// <summary>Folded, without a leading article.</summary>
    public static string FoldWithoutArticle(string title)
    {
        var folded = Fold(title);
        foreach (var article in (ReadOnlySpan<string>)["the ", "a ", "an "])
        {
            if (folded.Length > article.Length && folded.StartsWith(article, StringComparison.Ordinal))
            {
                return folded[article.Length..];
            }
        }

        return folded;
    }

    /// <summary>
    /// The text to sort a title by: folded, without a leading article. Letters that Unicode does not take apart are spelled out (æ is ae, ł is l),
    /// and a number is preceded by the count of its digits, so that 2 comes before 10.
    /// </summary>
    public static string ToSortTitle(string title)
    {
        var folded = FoldWithoutArticle(title);
        var sorted = new StringBuilder(folded.Length + 4);
        for (var i = 0; i < folded.Length; i++)
        {
            if (!char.IsAsciiDigit(folded[i]))
            {
                _ = SpellOut(folded[i]) is { } letters ? sorted.Append(letters) : sorted.Append(folded[i]);
                continue;
            }

            var end = i + 1;
            while (end < folded.Length && char.IsAsciiDigit(folded[end]))
            {
                end++;
            }

            var number = folded.AsSpan(i, end - i).TrimStart('0');
            sorted.Append((char)('0' + Math.Min(number.Length, MaxCountedDigits))).Append(number);
            i = end - 1;
        }

        return sorted.ToString();
    }

    /// <summary>A 64-bit hash of text that is the same on every machine and in every process (FNV-1a over UTF-16, then mixed).</summary>
    public static long ComputeHash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        return (long)(hash ^ (hash >> 33));
    }

    private static string? SpellOut(char letter) => letter switch
    {
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' or 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ß' => "ss",
        'þ' => "th",
        'ŧ' => "t",
        _ => null,
    };

    private static string Decompose(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            return text;    // lone surrogates have no normal form
        }
    }

    private static void AppendWord(StringBuilder folded, string word, ref bool gap, bool isSeparateWord)
    {
        if ((gap || isSeparateWord) && folded.Length > 0)
        {
            folded.Append(' ');
        }

        folded.Append(word);
        gap = isSeparateWord;
    }
}
