using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Library;

/// <summary>One page of the library.</summary>
/// <param name="NextCursor">Null on the last page.</param>
/// <param name="Total">All results of the query; see <paramref name="TotalIsAtLeast"/>.</param>
/// <param name="TotalIsAtLeast">Whether counting stopped at 10,000 results, so that the total and the facets are lower bounds.</param>
public sealed record MediaPage(IReadOnlyList<MediaSummary> Items, string? NextCursor, long Total, bool TotalIsAtLeast, MediaFacets Facets)
{
    /// <summary>Milliseconds that the query took; null where it was not measured.</summary>
    public double? TookMs { get; init; }
}

/// <summary>An item in view that keeps a list in place while items are added before it.</summary>
/// <param name="Row">The row in which the user sees it, counted from 0.</param>
/// <param name="Shift">How many items the list skipped before its first row when the item was in that row.</param>
public sealed record WindowAnchor(long Id, int Row, int Shift);

/// <summary>Rows of a list that an anchor keeps in place.</summary>
/// <param name="Shift">How many items now come before the row that the user has as the first.</param>
public sealed record MediaWindow(IReadOnlyList<MediaSummary> Items, int Shift);

/// <summary>An item as lists show it.</summary>
/// <param name="Title">Never empty; "Season 2" or "Episode 5" for parts without a name of their own.</param>
/// <param name="VersionCount">Versions of the item itself.</param>
/// <param name="PartCount">Number of its episodes, tracks or albums.</param>
public record MediaSummary(
    long Id,
    MediaType Type,
    MediaKind Kind,
    long? ParentId,
    string Title,
    int? Year,
    int? Season,
    int? Episode,
    string? Description,
    double? Rating,
    Presence Presence,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset UpdatedAt,
    int VersionCount,
    int PartCount,
    BestVersion Best,
    string? Poster)
{
    /// <summary>Why it is not available now; null unless its presence is unknown.</summary>
    public Absence? Absence { get; init; }
}

/// <summary>Why an item or version is not available now.</summary>
/// <param name="Source">The source that was connected last, of those that have it.</param>
/// <param name="More">How many more of its sources are offline.</param>
/// <param name="Since">Since when the source is offline; null when it answers and only the folder could not be read.</param>
/// <param name="LastSeenAt">When the source last answered.</param>
/// <param name="Reason">What went wrong. It names locations only if <see cref="LocationRedaction"/> allowed them for this user.</param>
/// <param name="IsElsewhere">Whether another version is available now.</param>
public sealed record Absence(long SourceId, string Source, int More, DateTimeOffset? Since, DateTimeOffset? LastSeenAt, string Reason, bool IsElsewhere)
{
    /// <summary>What went wrong, in a sentence that may name locations.</summary>
    internal string? Sentence { get; init; }
}

/// <summary>Quality of the best available version, or of the best one that matches a filtered list; null where unknown.</summary>
public sealed record BestVersion(string? Resolution, string? Codec, double Score);

/// <summary>Number of results for each value. Keys are API names; sources are keyed by id.</summary>
public sealed record MediaFacets(
    IReadOnlyDictionary<string, long> Type,
    IReadOnlyDictionary<string, long> Year,
    IReadOnlyDictionary<string, long> Resolution,
    IReadOnlyDictionary<string, long> Codec,
    IReadOnlyDictionary<string, long> Source,
    IReadOnlyDictionary<string, long> Presence);

/// <summary>Everything an item's page shows about the item itself.</summary>
/// <param name="Ancestors">From the nearest up: season and series of an episode, artist of an album.</param>
/// <param name="Edits">Names of the fields that a user edited.</param>
public sealed record MediaDetail(MediaSummary Item, IReadOnlyList<MediaLink> Ancestors, IReadOnlyList<string> Edits)
{
    /// <summary>What belongs to the item and to none of its versions.</summary>
    public IReadOnlyList<SidecarFile> Sidecars { get; init; } = [];

    /// <summary>Items of the same title that a mark in their names keeps apart from this one.</summary>
    public IReadOnlyList<KeptApartItem> KeptApart { get; init; } = [];
}

/// <summary>A sidecar or extra of an item.</summary>
/// <param name="Kind">subtitle, artwork, metadata, video, sound or other.</param>
public sealed record SidecarFile(long Id, long SourceId, string SourceName, string Path, string Kind, long Size, DateTimeOffset ModifiedAt, Presence Presence);

/// <param name="Difference">The marks that contradict each other, this item's first: "tmdb 532639 and 555604", "1998 and 2018".</param>
public sealed record KeptApartItem(long Id, string Title, int? Year, string Difference);

public sealed record MediaLink(long Id, MediaKind Kind, string Title);

/// <summary>A version of an item.</summary>
/// <param name="Path">Path of its first file, relative to its source, with '/'.</param>
/// <param name="Size">Bytes of all its files.</param>
/// <param name="QualityFrom">"name" or "probe".</param>
/// <param name="Fingerprint">Lower-case hex; null until it is computed.</param>
public sealed record MediaVersion(
    long Id,
    long SourceId,
    string SourceName,
    string Path,
    long Size,
    DateTimeOffset ModifiedAt,
    Presence Presence,
    string? Resolution,
    string? Codec,
    long? Bitrate,
    string? AudioCodec,
    string? AudioChannels,
    string? Hdr,
    double? DurationSeconds,
    double OverallScore,
    string QualityFrom,
    string? Fingerprint,
    string? Label,
    double Confidence,
    IReadOnlyList<MediaFile> Files)
{
    /// <summary>Whether the bit rate is calculated from size and duration, because the file's streams do not state theirs.</summary>
    public bool BitrateIsEstimate { get; init; }

    /// <summary>Why it is not available now; null unless its presence is unknown.</summary>
    public Absence? Absence { get; init; }
}

/// <summary>A file of a version, or one of its sidecars.</summary>
public sealed record MediaFile(long Id, string Path, long Size, DateTimeOffset ModifiedAt, DateTimeOffset FirstSeenAt, Presence Presence, bool Sidecar);

/// <summary>One entry of an item's history.</summary>
public sealed record MediaEvent(DateTimeOffset At, string Kind, string Path, long SourceId, string? Detail);

/// <summary>Totals of the whole catalogue.</summary>
public sealed record MediaStatistics(
    long Items,
    long Versions,
    long Files,
    long Bytes,
    IReadOnlyDictionary<string, long> ByType,
    IReadOnlyDictionary<string, long> ByResolution,
    IReadOnlyDictionary<string, long> ByCodec,
    IReadOnlyDictionary<string, long> BySource,
    IReadOnlyDictionary<string, long> ByPresence,
    IReadOnlyDictionary<string, long> BytesBySource);

/// <summary>A user's edits of an item; null in <see cref="Optional{T}.Value"/> resets a field.</summary>
public sealed record MediaEdits
{
    public Optional<string?> Title { get; init; }

    public Optional<int?> Year { get; init; }

    public Optional<string?> Description { get; init; }

    public Optional<double?> Rating { get; init; }
}

/// <summary>A value that may be left out, which is not the same as null.</summary>
public readonly record struct Optional<T>(T Value, bool IsGiven)
{
    public static implicit operator Optional<T>(T value) => new(value, true);
}
