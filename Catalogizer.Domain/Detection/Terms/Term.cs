namespace Catalogizer.Domain.Detection.Terms;

/// <summary>What a term is about.</summary>
internal enum TermKind
{
    Resolution,
    Source,
    VideoCodec,
    AudioCodec,
    Channels,
    Hdr,
    Edition,
    BitDepth,
    ThreeD,
    Proper,
    Language,
    Release,
    Extra,
    Music,
    Game,
    Platform,
    Software,
    Book,
    Magazine,
    Comic,
    AudioBook,
    Anime,
    Show,
    Sport,
    Course,
}

/// <summary>How certain it is that a term does not belong to a title.</summary>
internal enum TermStrength
{
    /// <summary>Counts only after or directly before a more certain word: "German", "DC", "cam".</summary>
    Weak,

    /// <summary>Also counts alone at the end of the name or in brackets: "Extended", "sbs".</summary>
    Medium,

    /// <summary>Counts anywhere after the first word: "1080p", "x264", "BluRay".</summary>
    Strong,
}

/// <summary>The meaning of a known word, or of several words together.</summary>
/// <param name="Value">The value in the detection vocabulary; empty when the term has none and only marks the end of the title.</param>
/// <param name="Channels">Audio channels in the same word: "DDP5.1".</param>
internal sealed record Term(TermKind Kind, string Value, TermStrength Strength, string? Channels = null);
