namespace Catalogizer.Domain.Duplicates;

/// <summary>What a file with a size like another's was found to hold. Row of <c>file_prints</c>.</summary>
public sealed class FileFingerprint
{
    public long FileId { get; set; }

    /// <summary>The file's size when this row was made; another, or another time, makes what was read void.</summary>
    public long Size { get; set; }

    /// <summary>Its time then, in Unix milliseconds.</summary>
    public long ModifiedAt { get; set; }

    /// <summary>SHA-256 of its size, its first, middle and last blocks; null until read.</summary>
    public byte[]? Sample { get; set; }

    /// <summary>SHA-256 of all of it; null until read.</summary>
    public byte[]? Whole { get; set; }

    /// <summary>Looks that failed, in a row.</summary>
    public int Tries { get; set; }

    public string? Error { get; set; }

    /// <summary>Not before then, in Unix milliseconds; null: any time, unless it failed for good.</summary>
    public long? RetryAt { get; set; }

    /// <summary>Whether its group has been told of what stands here.</summary>
    public bool Grouped { get; set; }

    public long? GroupId { get; set; }

    /// <summary>Whether it could go and nothing would be lost.</summary>
    public bool IsRedundant { get; set; }
}

/// <summary>Copies of which one would do. Row of <c>duplicate_groups</c>.</summary>
public sealed class DuplicateGroup
{
    public long Id { get; set; }

    public DuplicateKind Kind { get; set; }

    public int MediaType { get; set; }

    /// <summary>Size of each file; 0 for lesser copies.</summary>
    public long Size { get; set; }

    /// <summary>The item whose copies they are, for lesser copies.</summary>
    public long? ItemId { get; set; }
}

/// <summary>What of a group lies on a source. Row of <c>duplicate_shares</c>; source 0 is the whole group.</summary>
public sealed class DuplicateSourceTotal
{
    public long GroupId { get; set; }

    public long SourceId { get; set; }

    public DuplicateKind Kind { get; set; }

    public int MediaType { get; set; }

    /// <summary>Bytes that could be won there.</summary>
    public long Bytes { get; set; }

    public int Copies { get; set; }
}

/// <summary>The sums of the shares. Row of <c>duplicate_totals</c>, kept in step with them.</summary>
public sealed class DuplicateTotal
{
    public DuplicateKind Kind { get; set; }

    public long SourceId { get; set; }

    public int MediaType { get; set; }

    public long GroupCount { get; set; }

    public long Bytes { get; set; }
}

/// <summary>What makes copies duplicates.</summary>
public enum DuplicateKind
{
    /// <summary>Files that were read as a whole and are the same byte for byte.</summary>
    Identical = 0,

    /// <summary>Files of one size whose first, middle and last blocks are the same; the rest is still to be read.</summary>
    Likely = 1,

    /// <summary>Copies of a work that are worse than another one.</summary>
    Lesser = 2,
}
