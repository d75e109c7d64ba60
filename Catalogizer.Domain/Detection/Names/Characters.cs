namespace Catalogizer.Domain.Detection.Names;

/// <summary>Which characters part words, and which scripts a title is written in.</summary>
internal static class Characters
{
    /// <summary>The kind of separator a character is; <see cref="Gap.None"/> for a part of a word.</summary>
    public static Gap GapOf(char c) => c switch
    {
        ' ' or '\t' or '\u00a0' or '\u3000' => Gap.Space,
        '.' => Gap.Dot,
        '_' => Gap.Underscore,
        '-' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => Gap.Dash,
        '(' or '[' or '{' or '【' or '（' or '［' or '「' or '『' or '《' => Gap.Open,
        ')' or ']' or '}' or '】' or '）' or '］' or '」' or '』' or '》' => Gap.Close,
        '/' or '\\' or '|' => Gap.Slash,
        '+' or '&' => Gap.Plus,
        '#' => Gap.Hash,
        ',' or ';' or '，' or '、' => Gap.Comma,
        ':' or '"' or '!' or '?' or '*' or '=' or '<' or '>' or '@' or '~' or '^' or '`' or '·' or '・' or '～' or '！' or '？' or '。'
            or '\u2b50' or '\u2026' => Gap.Other,
        _ when c < ' ' || IsInvisible(c) => Gap.Space,
        _ => Gap.None,
    };

    /// <summary>The plain bracket that stands for any opening one.</summary>
    public static char PlainBracket(char c) => c switch
    {
        '(' or '（' => '(',
        '{' => '{',
        _ => '[',
    };

    /// <summary>Direction marks, zero-width characters, line separators and other controls.</summary>
    public static bool IsInvisible(char c) =>
        c is '\u007f' or (>= '\u0080' and <= '\u009f') or (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e')
            or (>= '\u2060' and <= '\u2069') or '\ufeff';

    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    /// <summary>Chinese or Japanese writing.</summary>
    public static bool IsEastAsian(char c) => c is (>= '\u2e80' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff');

    public static bool IsLatin(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '\u00c0' and <= '\u024f');
}
