using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>A queued or running scan of this process.</summary>
internal sealed class ScanHandle(long sourceId, long scanId, ScanProgress progress, CancellationTokenSource cancellation, bool isPartial)
{
    public long SourceId => sourceId;

    public long ScanId => scanId;

    public ScanProgress Progress => progress;

    public CancellationTokenSource Cancellation => cancellation;

    /// <summary>Whether it scans only changed folders, not the whole source.</summary>
    public bool IsPartial => isPartial;

    public Task Completion { get; set; } = Task.CompletedTask;

    /// <summary>Asks the scan to stop; nothing happens when it has ended.</summary>
    public async Task CancelAsync()
    {
        try
        {
            await Cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The scan has ended meanwhile.
        }
    }

    /// <summary>
    /// Returns the live view of the running scan, or null once it has ended. Waits until the final state is saved, so that the next
    /// read does not return the old row.
    /// </summary>
    public async Task<ScanView?> GetActiveViewAsync(CancellationToken cancellation)
    {
        var view = Progress.Update();
        if (view.State is ScanState.Queued or ScanState.Running)
        {
            return view;
        }

        await Completion.WaitAsync(cancellation);
        return null;
    }
}
