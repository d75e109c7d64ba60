namespace Catalogizer.Domain.Detection.Readers;

/// <summary>An episode or season pattern found in a name.</summary>
/// <param name="Pattern">The named pattern that matched.</param>
/// <param name="First">First word of the match; the title ends before it.</param>
internal sealed record EpisodePatternResult(NamedPattern Pattern, int First, int Last)
{
    public int? Season { get; init; }

    public List<int>? Seasons { get; init; }

    public List<int>? Episodes { get; init; }

    /// <summary>The disc of the season, as in "S01D02".</summary>
    public int? Disc { get; init; }

    /// <summary>Number of letters of the first word that still belong to the title: "roads01e11".</summary>
    public int TitlePrefixLength { get; init; }
}
