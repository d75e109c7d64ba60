using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Media;

/// <summary>One page of the library.</summary>
/// <param name="NextCursor">Null on the last page.</param>
/// <param name="Total">All hits of the query; see <paramref name="TotalIsAtLeast"/>.</param>
/// <param name="TotalIsAtLeast">Whether counting stopped at 10,000 hits, so that the total and the facets are lower bounds.</param>
public sealed record MediaPage(IReadOnlyList<MediaSummary> Items, string? NextCursor, long Total, bool TotalIsAtLeast, MediaFacets Facets)
{
    /// <summary>Milliseconds that the answer took; null where nobody asked.</summary>
    public double? TookMs { get; init; }
}

/// <summary>A work that a reader looks at, by which a list is held in place.</summary>
/// <param name="Row">Where the reader sees it, counted from 0.</param>
/// <param name="Shift">How many works the list left out before its first row when that was so.</param>
public sealed record WindowAnchor(long Id, int Row, int Shift);

/// <summary>A stretch of a list that is held in place.</summary>
/// <param name="Shift">How many works now come before what the reader has as the first row.</param>
public sealed record MediaWindow(IReadOnlyList<MediaSummary> Items, int Shift);

/// <summary>An item as lists show it.</summary>
/// <param name="Title">Never empty; "Season 2" or "Episode 5" for parts without a name of their own.</param>
/// <param name="VersionCount">Copies of the item itself.</param>
/// <param name="PartCount">Episodes, tracks or albums below it.</param>
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
    /// <summary>Why it cannot be had now; null unless its presence is unknown.</summary>
    public Absence? Absence { get; init; }
}

/// <summary>Why a copy cannot be had now.</summary>
/// <param name="Source">The source that was connected last, of those that hold it.</param>
/// <param name="More">How many more of its sources are offline.</param>
/// <param name="Since">Since when the source is offline; null while it answers and only the folder could not be read.</param>
/// <param name="LastSeenAt">When the source last answered.</param>
/// <param name="Reason">What went wrong, as everybody may read it unless <see cref="LocationRedaction"/> has let the reader see more.</param>
/// <param name="IsElsewhere">Whether another copy can be had now.</param>
public sealed record Absence(long SourceId, string Source, int More, DateTimeOffset? Since, DateTimeOffset? LastSeenAt, string Reason, bool IsElsewhere)
{
    /// <summary>What went wrong, in a sentence that may name places.</summary>
    internal string? Sentence { get; init; }
}

/// <summary>What the best of the available copies offers, or of those that a list was narrowed to; nulls where nothing is known.</summary>
public sealed record BestVersion(string? Resolution, string? Codec, double Score);

/// <summary>How many hits there are of each value. Keys are the API's words; sources are keyed by id.</summary>
public sealed record MediaFacets(
    IReadOnlyDictionary<string, long> Type,
    IReadOnlyDictionary<string, long> Year,
    IReadOnlyDictionary<string, long> Resolution,
    IReadOnlyDictionary<string, long> Codec,
    IReadOnlyDictionary<string, long> Source,
    IReadOnlyDictionary<string, long> Presence);

/// <summary>Everything an item's page shows about the item itself.</summary>
/// <param name="Ancestors">From the nearest up: season and series of an episode, artist of an album.</param>
/// <param name="Edits">Names of the fields that a person set.</param>
public sealed record MediaDetail(MediaSummary Item, IReadOnlyList<MediaLink> Ancestors, IReadOnlyList<string> Edits);

public sealed record MediaLink(long Id, MediaKind Kind, string Title);

/// <summary>A copy of an item.</summary>
/// <param name="Path">Of its first file, relative to its source, with '/'.</param>
/// <param name="Size">Bytes of all its files.</param>
/// <param name="QualityFrom">"name" or "probe".</param>
/// <param name="Fingerprint">Lower-case hex; null until read.</param>
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
    /// <summary>Whether the bit rate is reckoned from size and length, as the file's streams do not tell theirs.</summary>
    public bool BitrateIsEstimate { get; init; }

    /// <summary>Why it cannot be had now; null unless its presence is unknown.</summary>
    public Absence? Absence { get; init; }
}

/// <summary>A file of a version, its sidecars included.</summary>
public sealed record MediaFile(long Id, string Path, long Size, DateTimeOffset ModifiedAt, DateTimeOffset FirstSeenAt, Presence Presence, bool Sidecar);

/// <summary>One line of an item's history.</summary>
public sealed record MediaEvent(DateTimeOffset At, string Kind, string Path, long SourceId, string? Detail);

/// <summary>The whole catalogue in numbers.</summary>
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

/// <summary>What a person may set on an item; null in <see cref="Optional{T}.Value"/> takes an edit back.</summary>
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
