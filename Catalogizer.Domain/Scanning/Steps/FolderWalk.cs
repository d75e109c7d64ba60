using System.Collections.Concurrent;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>
/// Visits the folders of a source, several at a time, and emits the changes of each. Memory stays bounded: no folder is listed
/// while too many files wait to be saved, and folders are visited depth first.
/// </summary>
internal sealed class FolderWalk(
    ISourceConnector connector,
    FolderComparer comparer,
    IScanStore store,
    IReadOnlyDictionary<string, KnownFolder> known,
    string scope,
    FolderTimeTrust trust,
    TimeProvider time,
    ChangedFolders? changedFolders = null) : IDisposable
{
    private const int MaxPendingWeight = 2_500;

    private readonly ConcurrentStack<(string Path, long ListedTime)> _pending = new();
    private readonly SemaphoreSlim _workAvailable = new(0);
    private readonly Channel<FolderChanges> _changes = Channel.CreateUnbounded<FolderChanges>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = MaxPendingWeight, QueueLimit = int.MaxValue });
    private readonly ChangedFolders? _partialScope = changedFolders is { IsPartialScan: true } ? changedFolders : null;
    private readonly ConcurrentDictionary<string, bool> _enqueued = new(StringComparer.Ordinal);
    private int _unfinishedCount;
    private int _unchangedCount;

    /// <summary>Folders skipped so far because their modification time has not changed.</summary>
    public int UnchangedCount => Volatile.Read(ref _unchangedCount);

    /// <summary>The changes found. The reader disposes of each <see cref="FolderChanges.Lease"/> when done with it.</summary>
    public ChannelReader<FolderChanges> Changes => _changes.Reader;

    /// <exception cref="SourceException">The source as a whole became unreadable.</exception>
    public async Task RunAsync(int threads, CancellationToken cancellation)
    {
        Enqueue(_partialScope is null ? [""] : GetStartFolders(_partialScope));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var scheduler = new LowPriorityTaskScheduler(threads);
        var workers = Enumerable.Range(0, threads).Select(_ => scheduler.RunAsync(() => RunWorkerAsync(stop))).ToArray();
        try
        {
            await Task.WhenAll(workers);
            _changes.Writer.Complete();
        }
        catch (Exception exception)
        {
            // Report the first real exception, not the cancellations it caused in the other workers.
            var firstException = workers.Select(w => w.Exception?.InnerException).FirstOrDefault(e => e is not null) ?? exception;
            _changes.Writer.Complete(firstException);
            throw;
        }
    }

    public void Dispose()
    {
        _workAvailable.Dispose();
        _limiter.Dispose();
    }

    private async Task RunWorkerAsync(CancellationTokenSource stop)
    {
        using var files = store.OpenKnownFileReader();
        try
        {
            while (true)
            {
                await _workAvailable.WaitAsync(stop.Token);
                if (!_pending.TryPop(out var folder))
                {
                    _workAvailable.Release();
                    return;     // released only to signal that no work is left
                }

                await VisitAsync(folder.Path, folder.ListedTime, files, stop.Token);
                if (Interlocked.Decrement(ref _unfinishedCount) == 0)
                {
                    _workAvailable.Release();
                }
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task VisitAsync(string folder, long listedTime, IKnownFileReader files, CancellationToken cancellation)
    {
        var knownFolder = FindKnown(folder, files);
        List<string> next = [];
        Dictionary<string, long>? times = null;
        try
        {
            if (_partialScope is null && changedFolders?.MustList(folder) is not true && knownFolder is not null && trust.IsTrusted(knownFolder) && await IsUnchangedAsync(knownFolder, listedTime, cancellation))
            {
                Interlocked.Increment(ref _unchangedCount);
                next.AddRange(knownFolder.Children.Select(c => c.Path));
            }
            else
            {
                var listedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
                var content = await connector.ListAsync(folder, cancellation);
                times = connector.ListsFolderTimes && trust.IsEnabled ? GetFolderTimes(folder, content) : null;
                foreach (var changes in comparer.Compare(folder, knownFolder, knownFolder is null ? [] : files.GetFiles(knownFolder), content, listedAt, scope))
                {
                    next.AddRange(GetSubfoldersToVisit(changes, files));
                    await EmitAsync(changes, cancellation);
                }
            }
        }
        catch (SourceException exception) when (folder.Length > 0 && exception.Kind == SourceErrorKind.Forbidden)
        {
            await ExcludeAsync(folder, knownFolder, files, cancellation);
        }
        catch (SourceException exception) when (folder.Length > 0)
        {
            await HandleFailureAsync(folder, knownFolder, exception, files, next, cancellation);
        }

        Enqueue(next, times);
    }

    /// <summary>
    /// Where a listing includes the times of its subfolders, comparing them costs nothing. A folder with subfolders is listed
    /// anyway, since only its listing has their times.
    /// </summary>
    private async ValueTask<bool> IsUnchangedAsync(KnownFolder knownFolder, long listedTime, CancellationToken cancellation) =>
        connector.ListsFolderTimes
            ? knownFolder.Children.Count == 0 && listedTime == knownFolder.ModifiedAt
            : await connector.GetModifiedAtAsync(knownFolder.Path, cancellation) == knownFolder.ModifiedAt;

    private KnownFolder? FindKnown(string folder, IKnownFileReader files) => _partialScope is null ? known.GetValueOrDefault(folder) : files.FindFolder(_partialScope.SourceId, folder);

    /// <summary>Where a partial scan starts: at known changed folders, and for new ones at the nearest known ancestor, whose listing contains them.</summary>
    private List<string> GetStartFolders(ChangedFolders partialScope)
    {
        using var files = store.OpenKnownFileReader();
        List<string> starts = [];
        foreach (var folder in partialScope.GetTopmostFolders())
        {
            var start = folder;
            while (start.Length > 0 && files.FindFolder(partialScope.SourceId, start) is null)
            {
                start = ChangedFolders.GetParent(start);
            }

            if (_enqueued.TryAdd(start, true))
            {
                starts.Add(start);
            }
        }

        return starts;
    }

    /// <summary>
    /// A partial scan visits only subfolders that are new or have no settled listing on record, and all of them in a tree reported as changed. Of
    /// absent folders, all known descendants are loaded.
    /// </summary>
    private List<string> GetSubfoldersToVisit(FolderChanges changes, IKnownFileReader files)
    {
        if (_partialScope is null)
        {
            return changes.Subfolders;
        }

        changes.AbsentFolders.ForEach(files.LoadSubfolders);
        var knownSubfolders = _partialScope.MustListTree(changes.Path) ? [] : changes.Known?.Children.Where(c => c.ModifiedAt is not null).Select(c => c.Path).ToHashSet(StringComparer.Ordinal) ?? [];
        return [.. changes.Subfolders.Where(f => !knownSubfolders.Contains(f) && _enqueued.TryAdd(f, true))];
    }

    /// <summary>A folder that no source may serve counts as skipped, and what the catalogue knows in it as absent.</summary>
    private async Task ExcludeAsync(string folder, KnownFolder? knownFolder, IKnownFileReader files, CancellationToken cancellation)
    {
        if (knownFolder is null)
        {
            await EmitAsync(new FolderChanges(folder, null) { IsExcluded = true, Skipped = 1 }, cancellation);
            return;
        }

        var listedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var changes in comparer.Compare(folder, knownFolder, files.GetFiles(knownFolder), new FolderContent(knownFolder.ModifiedAt ?? 0, [], 1), listedAt, scope))
        {
            GetSubfoldersToVisit(changes, files);
            await EmitAsync(changes, cancellation);
        }
    }

    /// <summary>A failure affects only its folder, unless the source itself no longer answers: then reading the root throws.</summary>
    private async Task HandleFailureAsync(string folder, KnownFolder? knownFolder, SourceException exception, IKnownFileReader files, List<string> next, CancellationToken cancellation)
    {
        if (exception.IsSourceWide || exception.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut)
        {
            await connector.GetModifiedAtAsync("", cancellation);
        }

        if (_partialScope is not null && exception.Kind == SourceErrorKind.NotFound)
        {
            next.AddRange(new[] { ChangedFolders.GetParent(folder) }.Where(f => _enqueued.TryAdd(f, true)));
            return;     // gone; the listing of its parent will show that
        }

        if (knownFolder is not null && trust.IsEnabled && exception.Kind == SourceErrorKind.NotFound)
        {
            return;     // gone since an earlier scan, which handled its files
        }

        if (_partialScope is not null && knownFolder is not null)
        {
            files.LoadSubfolders(knownFolder);
        }

        await EmitAsync(new FolderChanges(folder, knownFolder) { Error = exception.Message }, cancellation);
    }

    private async ValueTask EmitAsync(FolderChanges changes, CancellationToken cancellation)
    {
        changes.Lease = await _limiter.AcquireAsync(Math.Min(changes.Weight, MaxPendingWeight), cancellation);
        await _changes.Writer.WriteAsync(changes, cancellation);
    }

    private static Dictionary<string, long> GetFolderTimes(string folder, FolderContent content) => content.Entries
        .Where(e => e.IsFolder)
        .DistinctBy(e => e.Name, StringComparer.Ordinal)
        .ToDictionary(e => folder.Length == 0 ? e.Name : $"{folder}/{e.Name}", e => e.ModifiedAt, StringComparer.Ordinal);

    private void Enqueue(List<string> folders, Dictionary<string, long>? times = null)
    {
        if (folders.Count == 0)
        {
            return;
        }

        // Reversed, so that the stack returns the folders in listing order.
        folders.Reverse();
        Interlocked.Add(ref _unfinishedCount, folders.Count);
        _pending.PushRange([.. folders.Select(f => (f, times?.GetValueOrDefault(f) ?? 0))]);
        _workAvailable.Release(folders.Count);
    }
}

/// <summary>Which folders need no listing while their modification time is unchanged: in a quick scan all; when a scan resumes, those listed before.</summary>
/// <param name="IsQuick">Whether earlier listings count, however old.</param>
/// <param name="Since">Listings since then count, in Unix milliseconds: usually the start of the interrupted scan. Null when no scan resumes.</param>
/// <param name="StartedAt">When this scan started listing, in Unix milliseconds. A later listing was dated by a wrong clock and proves nothing.</param>
internal readonly record struct FolderTimeTrust(bool IsQuick, long? Since, long StartedAt)
{
    public static FolderTimeTrust None => default;

    public bool IsEnabled => IsQuick || Since is not null;

    public bool IsTrusted(KnownFolder folder) =>
        !folder.HasFailed && folder.ListedAt <= StartedAt && (IsQuick || folder.ListedAt >= Since) && FolderTimes.IsSettled(folder.ModifiedAt, folder.ListedAt);
}
