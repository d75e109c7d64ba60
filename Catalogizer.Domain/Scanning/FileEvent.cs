
namespace Catalogizer.Domain.Scanning;

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
