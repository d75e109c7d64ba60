namespace Catalogizer.Domain.Duplicates;

/// <summary>Fingerprint of a file that shares its size with another file. Row of <c>file_prints</c>.</summary>
public sealed class FileFingerprint
{
    public long FileId { get; set; }

    /// <summary>The file's size in bytes when this row was made; a different size or modification time makes the fingerprint invalid.</summary>
    public long Size { get; set; }

    /// <summary>The file's modification time when this row was made, in Unix milliseconds.</summary>
    public long ModifiedAt { get; set; }

    /// <summary>SHA-256 of the size and the first, middle and last blocks; null until read.</summary>
    public byte[]? Sample { get; set; }

    /// <summary>SHA-256 of the complete file; null until read.</summary>
    public byte[]? Whole { get; set; }

    /// <summary>Number of consecutive failed attempts.</summary>
    public int Tries { get; set; }

    public string? Error { get; set; }

    /// <summary>Time of the next attempt, in Unix milliseconds; null: any time, or never if <see cref="Error"/> is set.</summary>
    public long? RetryAt { get; set; }

    /// <summary>Whether the groups reflect this row.</summary>
    public bool Grouped { get; set; }

    public long? GroupId { get; set; }

    /// <summary>Whether the file can be deleted without losing data.</summary>
    public bool IsRedundant { get; set; }
}

/// <summary>Files or versions of which only one is needed. Row of <c>duplicate_groups</c>.</summary>
public sealed class DuplicateGroup
{
    public long Id { get; set; }

    public DuplicateKind Kind { get; set; }

    public int MediaType { get; set; }

    /// <summary>Size of each file in bytes; 0 for lower-quality versions.</summary>
    public long Size { get; set; }

    /// <summary>The item of lower-quality versions; null for files.</summary>
    public long? ItemId { get; set; }
}

/// <summary>Totals of a group on one source. Row of <c>duplicate_shares</c>; source 0 is the whole group.</summary>
public sealed class DuplicateSourceTotal
{
    public long GroupId { get; set; }

    public long SourceId { get; set; }

    public DuplicateKind Kind { get; set; }

    public int MediaType { get; set; }

    /// <summary>Number of bytes that can be freed on the source.</summary>
    public long Bytes { get; set; }

    public int Copies { get; set; }
}

/// <summary>Sums of the <see cref="DuplicateSourceTotal"/> rows, updated together with them. Row of <c>duplicate_totals</c>.</summary>
public sealed class DuplicateTotal
{
    public DuplicateKind Kind { get; set; }

    public long SourceId { get; set; }

    public int MediaType { get; set; }

    public long GroupCount { get; set; }

    public long Bytes { get; set; }
}

/// <summary>Why files or versions are duplicates.</summary>
public enum DuplicateKind
{
    /// <summary>Files that were read completely and are identical byte for byte.</summary>
    Identical = 0,

    /// <summary>Files of the same size whose first, middle and last blocks are identical; the rest has not been read yet.</summary>
    Likely = 1,

    /// <summary>Versions of an item that have a lower quality than another one.</summary>
    Lesser = 2,
}
