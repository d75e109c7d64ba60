using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Domain.Library;

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

    /// <summary>As found by the last complete scan; <see cref="Catalogizer.Domain.Sources.SourceAvailabilityExtensions"/> derives the current presence from it.</summary>
    public Presence Presence { get; set; }

    public long? VersionId { get; set; }

    /// <summary>For a sidecar or extra that belongs to an item and to none of its versions; otherwise null.</summary>
    public long? ItemId { get; set; }

    /// <summary>Hash of the size and sampled blocks; null until they are read.</summary>
    public byte[]? Fingerprint { get; set; }

    /// <summary>Set when first seen, in Unix milliseconds; survives moves.</summary>
    public long FirstSeenAt { get; set; }
}
