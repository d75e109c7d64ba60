namespace Catalogizer.Domain.Detection.Readers;

/// <summary>An episode or season form met in a name.</summary>
/// <param name="Pattern">The named pattern that read it.</param>
/// <param name="First">First word of the form; the title ends before it.</param>
internal sealed record EpisodePatternResult(NamedPattern Pattern, int First, int Last)
{
    public int? Season { get; init; }

    public List<int>? Seasons { get; init; }

    public List<int>? Episodes { get; init; }

    /// <summary>The disc of the season, "S01D02".</summary>
    public int? Disc { get; init; }

    /// <summary>How many letters of the first word are still title: "roads01e11".</summary>
    public int TitlePrefixLength { get; init; }
}
