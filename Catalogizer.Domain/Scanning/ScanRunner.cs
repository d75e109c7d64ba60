using System.Collections.Concurrent;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>What the queue gives to the runner.</summary>
/// <param name="Interrupted">The unfinished scan that this one resumes; null when the last one finished.</param>
/// <param name="ChangedFolders">The folders that a watch reported; null for the whole source.</param>
/// <param name="Previous">A scan of the same source to wait for; null when none runs.</param>
internal sealed record ScanRequest(Source Source, Scan Scan, InterruptedScan? Interrupted, ChangedFolders? ChangedFolders, ScanHandle Handle, ScanHandle? Previous);

/// <summary>Runs scans, a limited number at a time, and saves how each ended.</summary>
internal sealed class ScanRunner : IDisposable
{
    private readonly SourceConnectors _connectors;
    private readonly ScanServices _services;
    private readonly ScanHistory _history;
    private readonly CancellationToken _stopping;
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentDictionary<long, DateTimeOffset> _lastScannedAt = new();

    /// <param name="stopping">Cancelled when the program stops; scans are then resumed at its next start.</param>
    public ScanRunner(SourceConnectors connectors, ScanServices services, ScanHistory history, CancellationToken stopping)
    {
        (_connectors, _services, _history, _stopping) = (connectors, services, history, stopping);
        _slots = new SemaphoreSlim(services.Options.ScansAtATime);
    }

    /// <summary>Delay before the next attempt when the disk could not be written.</summary>
    public static TimeSpan RetryDelay { get; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a server keeps scans running. A command does not wait for retries: it reports the problem, and its next run resumes.
    /// </summary>
    public bool IsHosted { get; set; }

    /// <summary>When a scan of the whole source last finished in this process; null when none has.</summary>
    public DateTimeOffset? LastScannedAt(long sourceId) => _lastScannedAt.TryGetValue(sourceId, out var finishedAt) ? finishedAt : null;

    /// <summary>Runs a scan until its end is saved; while the disk cannot be written, it waits and resumes where it was.</summary>
    public async Task RunAsync(ScanRequest request)
    {
        var (scan, pause) = (request.Scan, TimeSpan.Zero);
        while (!await TryRunAsync(request, pause))
        {
            request = request with { Interrupted = request.Interrupted ?? new InterruptedScan(scan.StartedAt ?? scan.RequestedAt, scan.StartedAt ?? scan.RequestedAt) };
            pause = RetryDelay;
        }
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>Returns false when the disk could not be written and the scan is to be retried.</summary>
    private async Task<bool> TryRunAsync(ScanRequest request, TimeSpan pause)
    {
        var (source, scan, handle) = (request.Source, request.Scan, request.Handle);
        try
        {
            await FinishAsync(request, await ScanAsync(request, pause));
            return true;
        }
        catch (Exception exception) when (IsTransient(exception) && !handle.Cancellation.IsCancellationRequested)
        {
            if (pause == TimeSpan.Zero)
            {
                _services.Logger.LogError(exception, "The scan {ScanId} of source {Source} cannot write; it tries again every {Pace} seconds", scan.Id, source.Name, RetryDelay.TotalSeconds);
            }

            _services.Events.Publish(new ScanProgressed(handle.Progress.Update(
                s => (s.State, s.Reason, s.FinishedAt) = (ScanState.Queued, $"{StorageErrors.Describe(exception)} This scan goes on by itself then.", null))));
            return false;
        }
        catch (Exception exception)
        {
            _services.Logger.LogError(exception, "The end of scan {ScanId} could not be written; it will be taken up again at the next start", scan.Id);
            if (!IsHosted)
            {
                throw;
            }

            return true;
        }
    }

    /// <summary>One attempt. What ends a scan is recorded in its progress; what only prevents it from saving is thrown.</summary>
    /// <returns>Why the source could not be read; null when it could be.</returns>
    private async Task<SourceException?> ScanAsync(ScanRequest request, TimeSpan pause)
    {
        var (source, scan, handle) = (request.Source, request.Scan, request.Handle);
        try
        {
            await WaitForPreviousAsync(request.Previous, handle);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, _services.Time, handle.Cancellation.Token);
                await ReloadCountsAsync(handle);
            }

            await _connectors.ProbeIfUnreachableAsync(source, handle.Cancellation.Token);
            await using var connector = _connectors.Connect(source);
            await _slots.WaitAsync(handle.Cancellation.Token);
            try
            {
                await new ScanRun(_services, source, handle.Progress, scan, request.Interrupted, connector, _history, request.ChangedFolders).RunAsync(handle.Cancellation.Token);
                if (handle.Progress.Copy().FailedFolders is > 0 and var folders)
                {
                    _services.Logger.LogError("{Count} folders of {Source} could not be read; what is in them is unknown until they can be", folders, source.Name);
                }

                await _connectors.RecordSuccessAsync(source.Id, connector, hasChanges: !_history.IsUnsaved(scan.Id), handle.Cancellation.Token);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Queued, "The program stopped; this scan goes on at the next start."));
        }
        catch (OperationCanceledException)
        {
            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Cancelled, "Cancelled; what it had found is saved, the rest is as it was."));
        }
        catch (SourceException exception)
        {
            if (source.Mode == SourceMode.AlwaysOn)
            {
                _services.Logger.LogError("The scan of {Source} failed: {Why}", source.Name, exception.Message);
            }

            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Failed, exception.Message));
            return exception;
        }
        catch (Exception exception) when (!IsTransient(exception))
        {
            // A unit of work ends here: the scan's row gives the reason to the page and to scripts.
            _services.Logger.LogError(exception, "The scan {ScanId} of source {Source} failed", scan.Id, source.Name);
            handle.Progress.Update(s => (s.State, s.Reason) = (ScanState.Failed, StorageErrors.Describe(exception)));
        }

        return null;
    }

    /// <summary>Waits for the previous scan of the source; if that did not finish, this one becomes a full scan.</summary>
    private static async Task WaitForPreviousAsync(ScanHandle? previous, ScanHandle handle)
    {
        if (previous is not null)
        {
            await previous.Completion.WaitAsync(handle.Cancellation.Token);
            if (previous.Progress.Update().State is not (ScanState.Completed or ScanState.Held))
            {
                handle.Progress.Update(s => s.Kind = ScanKind.Full);
            }
        }
    }

    private bool IsTransient(Exception exception) => IsHosted && StorageErrors.IsDiskFailure(exception);

    /// <summary>Resets the progress to the counts in the scan's row.</summary>
    private async Task ReloadCountsAsync(ScanHandle handle)
    {
        var row = _history.IsUnsaved(handle.ScanId) ? new Scan() : await _history.FindAsync(handle.ScanId, handle.Cancellation.Token);
        if (row is not null)
        {
            handle.Progress.Update(s => (s.Listed, s.Skipped, s.UnchangedFolders, s.FailedFolders) = (row.Listed, row.Skipped, row.UnchangedFolders, row.FailedFolders));
        }
    }

    private async Task FinishAsync(ScanRequest request, SourceException? exception)
    {
        var (source, scan, handle) = (request.Source, request.Scan, request.Handle);
        if (exception is not null)
        {
            await _connectors.RecordFailureAsync(source, exception, CancellationToken.None);
        }

        handle.Progress.Update(s => s.FinishedAt = s.State == ScanState.Queued ? null : s.GetEndTime(_services.Time.GetUtcNow()));
        if (await _history.EndAsync(scan))
        {
            await _services.Store.EndScanAsync(scan.Id, scan.SourceId, CancellationToken.None);
        }

        if (!handle.IsPartial && scan is { State: ScanState.Completed or ScanState.Held, FinishedAt: { } finishedAt })
        {
            _lastScannedAt[source.Id] = finishedAt;
        }
    }
}
