using System.Collections.Concurrent;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// Visits the folders of a source, several at a time, and hands on what each holds. Memory stays bounded: no folder is listed
/// while too many files wait to be saved, and open folders are taken depth first.
/// </summary>
internal sealed class FolderWalk(
    ISourceConnector connector,
    CompareFolder compare,
    IScanStore store,
    IReadOnlyDictionary<string, KnownFolder> known,
    string scope,
    TrustedTimes trusted,
    TimeProvider time,
    ChangedFolders? changed = null) : IDisposable
{
    private const int MostWaiting = 2_500;

    private readonly ConcurrentStack<(string Path, long ListedTime)> _open = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Channel<FolderChanges> _found = Channel.CreateUnbounded<FolderChanges>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrencyLimiter _room = new(new ConcurrencyLimiterOptions { PermitLimit = MostWaiting, QueueLimit = int.MaxValue });
    private readonly ChangedFolders? _only = changed is { Only: true } ? changed : null;
    private readonly ConcurrentDictionary<string, bool> _taken = new(StringComparer.Ordinal);
    private int _unfinished;
    private int _unchanged;

    /// <summary>Folders passed over so far because their time has not changed.</summary>
    public int Unchanged => Volatile.Read(ref _unchanged);

    /// <summary>What was found. Whoever reads it disposes its <see cref="FolderChanges.Room"/> when done with it.</summary>
    public ChannelReader<FolderChanges> Found => _found.Reader;

    /// <exception cref="SourceFault">The source as a whole went away.</exception>
    public async Task RunAsync(int threads, CancellationToken cancellation)
    {
        GoOn(_only is null ? [""] : Starts(_only));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var own = new PatientThreads(threads);
        var workers = Enumerable.Range(0, threads).Select(_ => own.RunAsync(() => WorkAsync(stop))).ToArray();
        try
        {
            await Task.WhenAll(workers);
            _found.Writer.Complete();
        }
        catch (Exception exception)
        {
            // The first real fault, not the cancellations it set off in the other workers.
            var fault = workers.Select(w => w.Exception?.InnerException).FirstOrDefault(e => e is not null) ?? exception;
            _found.Writer.Complete(fault);
            throw;
        }
    }

    public void Dispose()
    {
        _work.Dispose();
        _room.Dispose();
    }

    private async Task WorkAsync(CancellationTokenSource stop)
    {
        using var files = store.OpenKnownFiles();
        try
        {
            while (true)
            {
                await _work.WaitAsync(stop.Token);
                if (!_open.TryPop(out var folder))
                {
                    _work.Release();
                    return;     // woken only to see that all is done
                }

                await VisitAsync(folder.Path, folder.ListedTime, files, stop.Token);
                if (Interlocked.Decrement(ref _unfinished) == 0)
                {
                    _work.Release();
                }
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task VisitAsync(string folder, long listedTime, IKnownFiles files, CancellationToken cancellation)
    {
        var was = Known(folder, files);
        List<string> next = [];
        Dictionary<string, long>? times = null;
        try
        {
            if (_only is null && changed?.Lists(folder) is not true && was is not null && trusted.Covers(was) && await IsAsItWasAsync(was, listedTime, cancellation))
            {
                Interlocked.Increment(ref _unchanged);
                next.AddRange(was.Children.Select(c => c.Path));
            }
            else
            {
                var listedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
                var content = await connector.ListAsync(folder, cancellation);
                times = connector.ListsFolderTimes && trusted.Any ? TimesIn(folder, content) : null;
                foreach (var changes in compare.Run(folder, was, was is null ? [] : files.Of(was), content, listedAt, scope))
                {
                    next.AddRange(Below(changes, files));
                    await HandOnAsync(changes, cancellation);
                }
            }
        }
        catch (SourceFault fault) when (folder.Length > 0 && fault.Kind == SourceFaultKind.Forbidden)
        {
            await PassOverAsync(folder, was, files, cancellation);
        }
        catch (SourceFault fault) when (folder.Length > 0)
        {
            await JudgeAsync(folder, was, fault, files, next, cancellation);
        }

        GoOn(next, times);
    }

    /// <summary>
    /// A folder's own time, where the listing above it tells it, costs nothing; one that holds folders is listed all the same,
    /// since that is what tells theirs.
    /// </summary>
    private async ValueTask<bool> IsAsItWasAsync(KnownFolder was, long listedTime, CancellationToken cancellation) =>
        connector.ListsFolderTimes
            ? was.Children.Count == 0 && listedTime == was.ModifiedAt
            : await connector.ModifiedAsync(was.Path, cancellation) == was.ModifiedAt;

    private KnownFolder? Known(string folder, IKnownFiles files) => _only is null ? known.GetValueOrDefault(folder) : files.Folder(_only.SourceId, folder);

    /// <summary>Where a look at changed folders starts: at those the catalogue knows, and for others at the nearest one above, which will list them.</summary>
    private List<string> Starts(ChangedFolders only)
    {
        using var files = store.OpenKnownFiles();
        List<string> starts = [];
        foreach (var folder in only.Tops())
        {
            var start = folder;
            while (start.Length > 0 && files.Folder(only.SourceId, start) is null)
            {
                start = ChangedFolders.Above(start);
            }

            if (_taken.TryAdd(start, true))
            {
                starts.Add(start);
            }
        }

        return starts;
    }

    /// <summary>
    /// Below a folder that changed, only what is new, what came with it or could not be read with it is looked at; of folders that went, all
    /// that is known below them is needed.
    /// </summary>
    private List<string> Below(FolderChanges found, IKnownFiles files)
    {
        if (_only is null)
        {
            return found.Subfolders;
        }

        found.AbsentFolders.ForEach(files.FillIn);
        var stay = _only.ListsAllIn(found.Path) ? [] : found.Known?.Children.Where(c => c.ModifiedAt is not null).Select(c => c.Path).ToHashSet(StringComparer.Ordinal) ?? [];
        return [.. found.Subfolders.Where(f => !stay.Contains(f) && _taken.TryAdd(f, true))];
    }

    /// <summary>A folder that no source may serve counts as left out; what the catalogue knows in it from before is gone for it.</summary>
    private async Task PassOverAsync(string folder, KnownFolder? was, IKnownFiles files, CancellationToken cancellation)
    {
        if (was is null)
        {
            await HandOnAsync(new FolderChanges(folder, null) { IsPassedOver = true, Skipped = 1 }, cancellation);
            return;
        }

        var listedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var changes in compare.Run(folder, was, files.Of(was), new FolderContent(was.ModifiedAt ?? 0, [], 1), listedAt, scope))
        {
            Below(changes, files);
            await HandOnAsync(changes, cancellation);
        }
    }

    /// <summary>One folder that fails is that folder's trouble, unless the source itself no longer answers.</summary>
    private async Task JudgeAsync(string folder, KnownFolder? was, SourceFault fault, IKnownFiles files, List<string> next, CancellationToken cancellation)
    {
        if (fault.IsOfSource || fault.Kind is SourceFaultKind.Unreachable or SourceFaultKind.TimedOut)
        {
            await connector.ModifiedAsync("", cancellation);
        }

        if (_only is not null && fault.Kind == SourceFaultKind.NotFound)
        {
            next.AddRange(new[] { ChangedFolders.Above(folder) }.Where(f => _taken.TryAdd(f, true)));
            return;     // gone, and the listing above it tells
        }

        if (was is not null && trusted.Any && fault.Kind == SourceFaultKind.NotFound)
        {
            return;     // gone since an earlier scan, which saw to its files
        }

        if (_only is not null && was is not null)
        {
            files.FillIn(was);
        }

        await HandOnAsync(new FolderChanges(folder, was) { Fault = fault.Message }, cancellation);
    }

    private async ValueTask HandOnAsync(FolderChanges changes, CancellationToken cancellation)
    {
        changes.Room = await _room.AcquireAsync(Math.Min(changes.Weight, MostWaiting), cancellation);
        await _found.Writer.WriteAsync(changes, cancellation);
    }

    private static Dictionary<string, long> TimesIn(string folder, FolderContent content) => content.Entries
        .Where(e => e.IsFolder)
        .DistinctBy(e => e.Name, StringComparer.Ordinal)
        .ToDictionary(e => folder.Length == 0 ? e.Name : $"{folder}/{e.Name}", e => e.ModifiedAt, StringComparer.Ordinal);

    private void GoOn(List<string> folders, Dictionary<string, long>? times = null)
    {
        if (folders.Count == 0)
        {
            return;
        }

        // Last first, so that the stack gives them back in the order they were listed.
        folders.Reverse();
        Interlocked.Add(ref _unfinished, folders.Count);
        _open.PushRange([.. folders.Select(f => (f, times?.GetValueOrDefault(f) ?? 0))]);
        _work.Release(folders.Count);
    }
}

/// <summary>Which folders need no listing while their time stands: all in a quick scan; when a broken-off scan goes on, those that it had listed.</summary>
/// <param name="Quick">Whether earlier listings count, however old.</param>
/// <param name="Since">When the scan that broke off began, in Unix milliseconds; null when there is none to go on with.</param>
/// <param name="Now">When this scan began to list, in Unix milliseconds: what was listed later, by a clock that was wrong, proves nothing.</param>
internal readonly record struct TrustedTimes(bool Quick, long? Since, long Now)
{
    public static TrustedTimes None => default;

    public bool Any => Quick || Since is not null;

    public bool Covers(KnownFolder folder) =>
        !folder.Failed && folder.ListedAt <= Now && (Quick || folder.ListedAt >= Since) && FolderTimes.IsSettled(folder.ModifiedAt, folder.ListedAt);
}
