namespace Catalogizer.Domain.Detection.Names;

/// <summary>The kinds of characters between two words of a name.</summary>
[Flags]
internal enum Separator : ushort
{
    None = 0,
    Space = 1,
    Dot = 2,
    Underscore = 4,
    Dash = 8,
    Open = 16,
    Close = 32,
    Slash = 64,
    Plus = 128,
    Hash = 256,
    Comma = 512,
    Other = 1024,
}

internal enum TokenKind : byte
{
    Word,
    Number,
    Mixed,
}

/// <summary>One word of a name, with its position and the separators before it.</summary>
/// <param name="NormalizedStart">Start of the word in the normalised text, which is in lower case with single spaces.</param>
/// <param name="Bracket">'(', '[' or '{' for the outermost bracket around the word; '\0' outside of brackets.</param>
/// <param name="BracketGroup">Number of that bracket within the name; 0 outside of brackets.</param>
internal readonly record struct Token(
    ushort Start, ushort Length, ushort NormalizedStart, ushort NormalizedLength, TokenKind Kind, Separator SeparatorBefore, char Bracket, short BracketGroup)
{
    public int End => Start + Length;

    public bool IsNumber => Kind == TokenKind.Number;

    /// <summary>Preceded by a dash and nothing else: "x264-GROUP", "E01-02".</summary>
    public bool IsAfterTightDash => SeparatorBefore == Separator.Dash;

    /// <summary>Preceded by a dash with spaces, dots or underscores: "Artist - Title".</summary>
    public bool IsAfterSpacedDash => (SeparatorBefore & Separator.Dash) != 0 && (SeparatorBefore & (Separator.Space | Separator.Underscore | Separator.Dot)) != 0;
}
