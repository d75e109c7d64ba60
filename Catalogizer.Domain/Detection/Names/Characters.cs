namespace Catalogizer.Domain.Detection.Names;

/// <summary>Which characters separate words, and to which script a character belongs.</summary>
internal static class Characters
{
    /// <summary>Returns the kind of separator that a character is, or <see cref="Separator.None"/> when it is part of a word.</summary>
    public static Separator GetSeparator(char c) => c switch
    {
        ' ' or '\t' or '\u00a0' or '\u3000' => Separator.Space,
        '.' => Separator.Dot,
        '_' => Separator.Underscore,
        '-' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => Separator.Dash,
        '(' or '[' or '{' or '【' or '（' or '［' or '「' or '『' or '《' => Separator.Open,
        ')' or ']' or '}' or '】' or '）' or '］' or '」' or '』' or '》' => Separator.Close,
        '/' or '\\' or '|' => Separator.Slash,
        '+' or '&' => Separator.Plus,
        '#' => Separator.Hash,
        ',' or ';' or '，' or '、' => Separator.Comma,
        ':' or '"' or '!' or '?' or '*' or '=' or '<' or '>' or '@' or '~' or '^' or '`' or '·' or '・' or '～' or '！' or '？' or '。'
            or '\u2b50' or '\u2026' => Separator.Other,
        _ when c < ' ' || IsInvisible(c) => Separator.Space,
        _ => Separator.None,
    };

    /// <summary>Maps any opening bracket to '(', '[' or '{'.</summary>
    public static char NormalizeBracket(char c) => c switch
    {
        '(' or '（' => '(',
        '{' => '{',
        _ => '[',
    };

    /// <summary>Returns the text in composed Unicode form, with full-width digits, letters and brackets replaced by plain ones.</summary>
    public static string Normalize(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('\0', '\u02ff'))
        {
            return text.ToString();
        }

        var normalized = text.ToString();
        if (text.ContainsAnyInRange('\uff08', '\uff5d'))
        {
            normalized = string.Create(text.Length, normalized, static (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = from[i] is (>= '０' and <= '９') or (>= 'Ａ' and <= 'Ｚ') or (>= 'ａ' and <= 'ｚ') or '（' or '）' or '［' or '］' ? (char)(from[i] - 0xfee0) : from[i];
                }
            });
        }

        return HasCombiningMarks(normalized) && IsWellFormed(normalized) ? Truncate(normalized.Normalize()) : normalized;
    }

    // Few characters get longer when composed, but some do.
    private static string Truncate(string text) => text.Length <= TokenizedName.MaxLength ? text : text[..TokenizedName.MaxLength];

    // Accents, voicing marks and Korean letters in decomposed form, as Apple's file systems store them.
    private static bool HasCombiningMarks(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\u0300', '\u036f')
        || text.ContainsAnyInRange('\u1100', '\u11ff') || text.ContainsAny('\u3099', '\u309a') || text.ContainsAnyInRange('\u0590', '\u0655');

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || text[i] is '\ufffe' or '\uffff' or (>= '\ufdd0' and <= '\ufdef'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Direction marks, zero-width characters, line separators and other controls.</summary>
    public static bool IsInvisible(char c) =>
        c is '\u007f' or (>= '\u0080' and <= '\u009f') or (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e')
            or (>= '\u2060' and <= '\u2069') or '\ufeff';

    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    /// <summary>Whether the character is Chinese or Japanese.</summary>
    public static bool IsEastAsian(char c) => c is (>= '\u2e80' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff');

    public static bool IsLatin(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '\u00c0' and <= '\u024f');
}
