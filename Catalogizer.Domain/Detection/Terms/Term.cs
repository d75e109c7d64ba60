namespace Catalogizer.Domain.Detection.Terms;

/// <summary>What a known word of a name speaks of.</summary>
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

/// <summary>How surely a known word is no part of a title.</summary>
internal enum TermStrength
{
    /// <summary>Only behind or directly before something surer: "German", "DC", "cam".</summary>
    Weak,

    /// <summary>Also alone at the end of the name or in brackets: "Extended", "sbs".</summary>
    Medium,

    /// <summary>Wherever it stands after the first word: "1080p", "x264", "BluRay".</summary>
    Strong,
}

/// <summary>A word, or several, that says something about what carries it.</summary>
/// <param name="Value">The vocabulary's value; empty when the word only tells where the title ends.</param>
/// <param name="Channels">Audio channels that the same word carries: "DDP5.1".</param>
internal sealed record Term(TermKind Kind, string Value, TermStrength Strength, string? Channels = null);
