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

    /// <summary>Relative to the source, with '/'; empty for its root.</summary>
    public required string Path { get; set; }

    /// <summary>The folder's own time at the last complete listing, in Unix milliseconds; null when never listed completely.</summary>
    public long? ModifiedAt { get; set; }

    /// <summary>When that listing was made, in Unix milliseconds.</summary>
    public long? ListedAt { get; set; }

    /// <summary>The scan that last listed it completely.</summary>
    public long? ScanId { get; set; }

    /// <summary>Why it could not be listed at the last look; null when it could.</summary>
    public string? Error { get; set; }
}

/// <summary>Every file seen. Row of <c>files</c>.</summary>
public sealed class FileRow
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public long FolderId { get; set; }

    public required string Name { get; set; }

    public long Size { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public long ModifiedAt { get; set; }

    /// <summary>The file's number on its system (inode) where it has one.</summary>
    public long? SystemId { get; set; }

    public FileRole Role { get; set; }

    public MediaType MediaType { get; set; }

    /// <summary>What was found at the last complete look; see <see cref="Sources.SourceAvailabilityExtensions"/> for what that is worth now.</summary>
    public Presence Presence { get; set; }

    public long? VersionId { get; set; }

    /// <summary>Size and sampled blocks, hashed; null until read.</summary>
    public byte[]? Fingerprint { get; set; }

    /// <summary>Set once, in Unix milliseconds; survives moves.</summary>
    public long FirstSeenAt { get; set; }
}

/// <summary>A work or a part of one. Row of <c>media_items</c>; values are the effective ones, edits included.</summary>
public sealed class ItemRow
{
    public long Id { get; set; }

    public MediaKind Kind { get; set; }

    public MediaType MediaType { get; set; }

    /// <summary>1 for what the library lists; see <see cref="MediaKinds.IsListed"/>.</summary>
    public bool IsListed { get; set; }

    public long? ParentId { get; set; }

    /// <summary>What makes two files the same work: kind and folded names. Never changed by an edit.</summary>
    public required string Identity { get; set; }

    /// <summary>Hash of <see cref="Identity"/>; it is what is indexed, at a fifth of the size.</summary>
    public long IdentityHash { get; set; }

    /// <summary>Null for parts without a name of their own (season 2, episode 5).</summary>
    public string? Title { get; set; }

    public string? SortTitle { get; set; }

    public int? Year { get; set; }

    /// <summary>Season of an episode, disc of a track.</summary>
    public int? Season { get; set; }

    /// <summary>Episode of a season, track of a disc; the first when a file holds several.</summary>
    public int? Episode { get; set; }

    /// <summary>The last episode when a file holds several.</summary>
    public int? EpisodeTo { get; set; }

    public string? Description { get; set; }

    /// <summary>0 to 10.</summary>
    public double? Rating { get; set; }

    public string? Poster { get; set; }

    /// <summary>On which sources it lies and how present it is there: row of <c>holdings</c>.</summary>
    public int PresenceSetId { get; set; }

    /// <summary>Copies of this item itself.</summary>
    public int VersionCount { get; set; }

    /// <summary>Episodes of a series or season, tracks of an album, albums of an artist.</summary>
    public int PartCount { get; set; }

    public string? BestResolution { get; set; }

    public string? BestCodec { get; set; }

    /// <summary>0 to 100; 0 when nothing is known.</summary>
    public double BestScore { get; set; }

    /// <summary>Set once, in Unix milliseconds; survives moves and better copies.</summary>
    public long FirstSeenAt { get; set; }

    public long UpdatedAt { get; set; }
}

/// <summary>A copy of an item, of one file or several. Row of <c>media_versions</c>.</summary>
public sealed class VersionRow
{
    public long Id { get; set; }

    public long ItemId { get; set; }

    public long SourceId { get; set; }

    public Presence Presence { get; set; }

    /// <summary>What makes several files one copy (parts, discs); null for a copy of one file.</summary>
    public string? Identity { get; set; }

    public string? Resolution { get; set; }

    public string? VideoCodec { get; set; }

    /// <summary>Bits per second.</summary>
    public long? Bitrate { get; set; }

    /// <summary>Whether the bit rate is what the file's streams tell, and not reckoned from its size and length.</summary>
    public bool HasStreamBitrate { get; set; }

    public string? AudioCodec { get; set; }

    public string? AudioChannels { get; set; }

    public string? Hdr { get; set; }

    public double? DurationSeconds { get; set; }

    /// <summary>0 to 100.</summary>
    public double OverallScore { get; set; }

    public QualityOrigin QualityFrom { get; set; }

    /// <summary>Edition, extra, platform or whatever else tells this copy from its sisters.</summary>
    public string? Label { get; set; }

    /// <summary>Bytes of all its files.</summary>
    public long Size { get; set; }

    /// <summary>How sure the detector was, 0 to 1.</summary>
    public double Confidence { get; set; }
}

/// <summary>Where a version's quality was read.</summary>
public enum QualityOrigin
{
    Name = 0,
    Probe = 1,
}

/// <summary>A value that a person set over what was detected or fetched. Row of <c>item_edits</c>.</summary>
public sealed class ItemEdit
{
    public long ItemId { get; set; }

    /// <summary>The field by its API name: title, year, description, rating.</summary>
    public required string Field { get; set; }

    public string? Value { get; set; }

    /// <summary>What stands when the edit is taken back; a refresh changes this and not <see cref="Value"/>.</summary>
    public string? BaseValue { get; set; }

    public long? EditedBy { get; set; }

    public DateTimeOffset EditedAt { get; set; }
}

/// <summary>On which sources an item lies and how present it was found there. Row of <c>holdings</c>; a few hundred at most.</summary>
public sealed class PresenceSetRow
{
    public int Id { get; set; }

    /// <summary>"source:presence" pairs in order of source, joined by commas; empty for an item without copies.</summary>
    public required string Pattern { get; set; }

    /// <summary>The best standing of its sources.</summary>
    public SourceLifecycle Standing { get; set; }
}

/// <summary>One line of a file's life story. Row of <c>file_events</c>, append-only.</summary>
public sealed class FileEvent
{
    public long Id { get; set; }

    public long FileId { get; set; }

    public long? ScanId { get; set; }

    public FileEventKind Kind { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; set; }

    /// <summary>What changed, for people; null when the kind says it all.</summary>
    public string? Detail { get; set; }
}

/// <summary>A value the product keeps for itself. Row of <c>settings</c>.</summary>
public sealed class Setting
{
    public required string Key { get; set; }

    public required string Value { get; set; }
}

/// <summary>A turn in a source's life: from then on it was connected or away. Row of <c>source_states</c>.</summary>
public sealed class SourceStateRow
{
    public long Id { get; set; }

    public long SourceId { get; set; }

    public CircuitState State { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>Why it is away; null when it is not.</summary>
    public string? Why { get; set; }

    /// <summary>How long the last cheap check before took.</summary>
    public double? LatencyMs { get; set; }
}
