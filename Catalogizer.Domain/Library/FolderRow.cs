
namespace Catalogizer.Domain.Library;

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
