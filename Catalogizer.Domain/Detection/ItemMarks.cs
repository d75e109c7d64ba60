namespace Catalogizer.Domain.Detection;

/// <summary>
/// What tells items of one title apart, as far as a name says it of the item itself and not of one of its parts. Marks contradict each other when both
/// have a value and the values differ; a mark that is missing fits any.
/// </summary>
public readonly record struct ItemMarks(int? Year, string? ImdbId, int? TmdbId, int? TvdbId)
{
    public bool IsEmpty => this == default;

    public bool Contradicts(ItemMarks other) =>
        AreDifferent(Year, other.Year) || AreDifferent(TmdbId, other.TmdbId) || AreDifferent(TvdbId, other.TvdbId)
        || (ImdbId is not null && other.ImdbId is not null && ImdbId != other.ImdbId);

    /// <summary>Whether at least one mark is the same and none contradicts.</summary>
    public bool AgreesWith(ItemMarks other) => !Contradicts(other)
        && ((Year ?? -1) == other.Year || (TmdbId ?? -1) == other.TmdbId || (TvdbId ?? -1) == other.TvdbId || (ImdbId is not null && ImdbId == other.ImdbId));

    /// <summary>These marks, and those of the other that are missing here.</summary>
    public ItemMarks FilledFrom(ItemMarks other) => new(Year ?? other.Year, ImdbId ?? other.ImdbId, TmdbId ?? other.TmdbId, TvdbId ?? other.TvdbId);

    private static bool AreDifferent(int? one, int? other) => one is { } a && other is { } b && a != b;
}
