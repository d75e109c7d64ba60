using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;

namespace Catalogizer.Domain.Storage;

/// <summary>A folder of a source. Row of <c>folders</c>.</summary>
public sealed class FolderRow
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public long? ParentId { get; set; }

    /// <summary>Relative to the source, separated by '/'; empty for the source's root.</summary>
    public required string Path { get; set; }

    /// <summary>The folder's modification time at the last complete listing, in Unix milliseconds; null when it must be listed again.</summary>
    public long? ModifiedAt { get; set; }

    /// <summary>Time of that listing, in Unix milliseconds.</summary>
    public long? ListedAt { get; set; }

    /// <summary>The scan that last listed it completely.</summary>
    public long? ScanId { get; set; }

    /// <summary>Why the last scan could not list the folder; null when it could.</summary>
    public string? Error { get; set; }
}

/// <summary>A file seen by a scan. Row of <c>files</c>.</summary>
public sealed class FileRow
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public long FolderId { get; set; }

    public required string Name { get; set; }

    public long Size { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public long ModifiedAt { get; set; }

    /// <summary>The file's inode number; null where the file system has none.</summary>
    public long? SystemId { get; set; }

    public FileRole Role { get; set; }

    public MediaType MediaType { get; set; }

    /// <summary>As found by the last complete scan; <see cref="Sources.SourceAvailabilityExtensions"/> derives the current presence from it.</summary>
    public Presence Presence { get; set; }

    public long? VersionId { get; set; }

    /// <summary>Hash of the size and sampled blocks; null until they are read.</summary>
    public byte[]? Fingerprint { get; set; }

    /// <summary>Set when first seen, in Unix milliseconds; survives moves.</summary>
    public long FirstSeenAt { get; set; }
}

/// <summary>A listed item or a part of one. Row of <c>media_items</c>; the values are the effective ones, edits included.</summary>
public sealed class ItemRow
{
    public long Id { get; set; }

    public MediaKind Kind { get; set; }

    public MediaType MediaType { get; set; }

    /// <summary>Whether the library lists the item; see <see cref="MediaKinds.IsListed"/>.</summary>
    public bool IsListed { get; set; }

    public long? ParentId { get; set; }

    /// <summary>Kind and folded names; files with the same identity belong to the same item. Never changed by an edit.</summary>
    public required string Identity { get; set; }

    /// <summary>Hash of <see cref="Identity"/>, indexed in its place at a fifth of the size.</summary>
    public long IdentityHash { get; set; }

    /// <summary>Null for parts that have only a number, such as season 2 or episode 5.</summary>
    public string? Title { get; set; }

    public string? SortTitle { get; set; }

    public int? Year { get; set; }

    /// <summary>Season of an episode, disc of a track.</summary>
    public int? Season { get; set; }

    /// <summary>Episode of a season, track of a disc; the first one when a file contains several.</summary>
    public int? Episode { get; set; }

    /// <summary>The last episode when a file contains several.</summary>
    public int? EpisodeTo { get; set; }

    public string? Description { get; set; }

    /// <summary>0 to 10.</summary>
    public double? Rating { get; set; }

    public string? Poster { get; set; }

    /// <summary>The sources that have versions of it and their presence there: row of <c>holdings</c>.</summary>
    public int PresenceSetId { get; set; }

    /// <summary>Versions of the item itself, without those of its parts.</summary>
    public int VersionCount { get; set; }

    /// <summary>Episodes of a series or season, tracks of an album, albums of an artist.</summary>
    public int PartCount { get; set; }

    public string? BestResolution { get; set; }

    public string? BestCodec { get; set; }

    /// <summary>0 to 100; 0 when nothing is known.</summary>
    public double BestScore { get; set; }

    /// <summary>Set when first seen, in Unix milliseconds; survives moves and better versions.</summary>
    public long FirstSeenAt { get; set; }

    public long UpdatedAt { get; set; }
}

/// <summary>One edition of an item, of one or several files. Row of <c>media_versions</c>.</summary>
public sealed class VersionRow
{
    public long Id { get; set; }

    public long ItemId { get; set; }

    public long SourceId { get; set; }

    public Presence Presence { get; set; }

    /// <summary>Key shared by the files of one version (parts, discs); null for a version of one file.</summary>
    public string? Identity { get; set; }

    public string? Resolution { get; set; }

    public string? VideoCodec { get; set; }

    /// <summary>Bits per second.</summary>
    public long? Bitrate { get; set; }

    /// <summary>Whether the bit rate is that of the file's streams; otherwise it is calculated from size and duration.</summary>
    public bool HasStreamBitrate { get; set; }

    public string? AudioCodec { get; set; }

    public string? AudioChannels { get; set; }

    public string? Hdr { get; set; }

    public double? DurationSeconds { get; set; }

    /// <summary>0 to 100.</summary>
    public double OverallScore { get; set; }

    public QualityOrigin QualityFrom { get; set; }

    /// <summary>Edition, extra, platform or whatever else distinguishes this version from the item's other ones.</summary>
    public string? Label { get; set; }

    /// <summary>Total bytes of all its files.</summary>
    public long Size { get; set; }

    /// <summary>The detector's confidence, 0 to 1.</summary>
    public double Confidence { get; set; }
}

/// <summary>Where a version's quality comes from: the file name or an analysis.</summary>
public enum QualityOrigin
{
    Name = 0,
    Probe = 1,
}

/// <summary>A value that a user set over the detected or fetched one. Row of <c>item_edits</c>.</summary>
public sealed class ItemEdit
{
    public long ItemId { get; set; }

    /// <summary>The field by its API name: title, year, description, rating.</summary>
    public required string Field { get; set; }

    public string? Value { get; set; }

    /// <summary>The value to restore when the edit is reset; a refresh changes this and not <see cref="Value"/>.</summary>
    public string? BaseValue { get; set; }

    public long? EditedBy { get; set; }

    public DateTimeOffset EditedAt { get; set; }
}

/// <summary>The sources that have versions of an item, and their presence as found. Row of <c>holdings</c>; a few hundred at most.</summary>
public sealed class PresenceSetRow
{
    public int Id { get; set; }

    /// <summary>
    /// Comma-separated versions as "source:presence" or, with known quality, "source:presence:resolution:codec", ordered by source and
    /// quality; empty for an item without versions.
    /// </summary>
    public required string Pattern { get; set; }

    /// <summary>The best lifecycle of its sources.</summary>
    public SourceLifecycle Standing { get; set; }
}

/// <summary>An event in a file's history. Row of <c>file_events</c>, append-only.</summary>
public sealed class FileEvent
{
    public long Id { get; set; }

    public long FileId { get; set; }

    public long? ScanId { get; set; }

    public FileEventKind Kind { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; set; }

    /// <summary>What changed, for display; null when the kind is enough.</summary>
    public string? Detail { get; set; }
}

/// <summary>A value that the program stores for its own use. Row of <c>settings</c>.</summary>
public sealed class Setting
{
    public required string Key { get; set; }

    public required string Value { get; set; }
}

/// <summary>A change of a source's connection state. Row of <c>source_states</c>.</summary>
public sealed class SourceStateRow
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public CircuitState State { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>Why the source is unreachable; null when it is not.</summary>
    public string? Why { get; set; }

    /// <summary>Duration of the last probe before the change, in milliseconds.</summary>
    public double? LatencyMs { get; set; }
}
