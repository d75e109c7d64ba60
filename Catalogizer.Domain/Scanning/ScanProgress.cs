using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>Live counts of a scan; only the scan writes them, anyone may read them.</summary>
internal sealed class ScanProgress(Scan scan)
{
    private readonly Lock _lock = new();
    private string? _currentFolder;
    private string? _addedFile;

    /// <summary>Changes the scan's row and returns its current view.</summary>
    public ScanView Update(Action<Scan>? change = null, string? folder = null)
    {
        lock (_lock)
        {
            change?.Invoke(scan);
            _currentFolder = folder ?? _currentFolder;
            return ToView(scan, scan.State == ScanState.Running ? _currentFolder : null, []) with { AddedFile = scan.Added == 1 ? _addedFile : null };
        }
    }

    /// <param name="path">The file that was added; null when it is unknown which one of several.</param>
    public void SetAddedFile(string? path)
    {
        lock (_lock)
        {
            _addedFile = path;
        }
    }

    /// <summary>A copy of the scan's row as it is now.</summary>
    public Scan Copy()
    {
        lock (_lock)
        {
            return scan.Copy();
        }
    }

    public static ScanView ToView(Scan scan, string? folder, IReadOnlyList<HeldFolder> held) => new(
        scan.Id, scan.SourceId, scan.Kind, scan.State, scan.Listed, scan.Added, scan.Changed, scan.Moved, scan.Missing, scan.Unknown,
        scan.FailedFolders, scan.Skipped, scan.RequestedAt, scan.StartedAt, scan.FinishedAt, scan.Reason, folder, held);
}
