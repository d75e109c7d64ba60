namespace Catalogizer.Domain.Detection.Names;

/// <summary>What stands between two words of a name.</summary>
[Flags]
internal enum Gap : ushort
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

internal enum Shape : byte
{
    Word,
    Number,
    Mixed,
}

/// <summary>One word of a name, where it stands and what stands before it.</summary>
/// <param name="NormStart">Where the word begins in the lower-cased text with single spaces.</param>
/// <param name="Bracket">'(', '[' or '{' of the outermost bracket around the word, or '\0'.</param>
/// <param name="Group">Number of that bracket in the name, 0 outside of brackets.</param>
internal readonly record struct Token(
    ushort Start, ushort Length, ushort NormStart, ushort NormLength, Shape Shape, Gap Before, char Bracket, short Group)
{
    public int End => Start + Length;

    public bool IsNumber => Shape == Shape.Number;

    /// <summary>A dash and nothing else: "x264-GROUP", "E01-02".</summary>
    public bool AfterTightDash => Before == Gap.Dash;

    /// <summary>A dash set off by spaces, dots or underscores: "Artist - Title".</summary>
    public bool AfterSpacedDash => (Before & Gap.Dash) != 0 && (Before & (Gap.Space | Gap.Underscore | Gap.Dot)) != 0;
}
