using System.Collections.Concurrent;
using System.Threading.Channels;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// Visits the folders of a source, several at a time, and hands on what each holds. Memory stays bounded: a folder waits in
/// the channel until it is saved, and open folders are taken depth first.
/// </summary>
internal sealed class FolderWalk(
    ISourceConnector connector,
    CompareFolder compare,
    IScanStore store,
    IReadOnlyDictionary<string, KnownFolder> known,
    string scope,
    bool quick,
    TimeProvider time,
    ChangedFolders? changed = null) : IDisposable
{
    private readonly ConcurrentStack<string> _open = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Channel<FolderChanges> _found = Channel.CreateBounded<FolderChanges>(256);
    private readonly ChangedFolders? _only = changed is { Only: true } ? changed : null;
    private readonly ConcurrentDictionary<string, bool> _taken = new(StringComparer.Ordinal);
    private int _unfinished;

    public ChannelReader<FolderChanges> Found => _found.Reader;

    /// <exception cref="SourceFault">The source as a whole went away.</exception>
    public async Task RunAsync(int threads, CancellationToken cancellation)
    {
        GoOn(_only is null ? [""] : Starts(_only));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var workers = Enumerable.Range(0, threads).Select(_ => Task.Run(() => WorkAsync(stop), CancellationToken.None)).ToArray();
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

    public void Dispose() => _work.Dispose();

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

                await VisitAsync(folder, files, stop.Token);
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

    private async Task VisitAsync(string folder, IKnownFiles files, CancellationToken cancellation)
    {
        var was = Known(folder, files);
        List<string> next = [];
        try
        {
            if (quick && _only is null && changed?.Lists(folder) is not true && was is { Failed: false } && FolderTimes.IsSettled(was.ModifiedAt, was.ListedAt)
                && await connector.ModifiedAsync(folder, cancellation) == was.ModifiedAt)
            {
                await _found.Writer.WriteAsync(new FolderChanges(folder, was) { Unchanged = true }, cancellation);
                next.AddRange(was.Children.Select(c => c.Path));
            }
            else
            {
                var listedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
                var content = await connector.ListAsync(folder, cancellation);
                var knownFiles = was is null ? [] : files.Of(was);
                var found = compare.Run(folder, was, knownFiles, content, listedAt, scope, next);
                OnlyWhatChanged(found, next, files);
                await _found.Writer.WriteAsync(found, cancellation);
            }
        }
        catch (SourceFault fault) when (folder.Length > 0)
        {
            await JudgeAsync(folder, was, fault, files, next, cancellation);
        }

        GoOn(next);
    }

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

    /// <summary>Below a folder that changed, only what is new or came with it is looked at; of folders that went, all that is known below them is needed.</summary>
    private void OnlyWhatChanged(FolderChanges found, List<string> next, IKnownFiles files)
    {
        if (_only is not null)
        {
            found.AbsentFolders.ForEach(files.FillIn);
            var stay = _only.ListsAllIn(found.Path) ? [] : found.Known?.Children.Select(c => c.Path).ToHashSet(StringComparer.Ordinal) ?? [];
            next.RemoveAll(f => stay.Contains(f) || !_taken.TryAdd(f, true));
        }
    }

    /// <summary>One folder that fails is that folder's trouble, unless the source itself no longer answers.</summary>
    private async Task JudgeAsync(string folder, KnownFolder? was, SourceFault fault, IKnownFiles files, List<string> next, CancellationToken cancellation)
    {
        if (fault.Kind is SourceFaultKind.Unreachable or SourceFaultKind.TimedOut)
        {
            await connector.ModifiedAsync("", cancellation);
        }

        if (_only is not null && fault.Kind == SourceFaultKind.NotFound)
        {
            next.AddRange(new[] { ChangedFolders.Above(folder) }.Where(f => _taken.TryAdd(f, true)));
            return;     // gone, and the listing above it tells
        }

        if (quick && was is not null && fault.Kind == SourceFaultKind.NotFound)
        {
            return;     // gone since an earlier scan, which saw to its files
        }

        if (_only is not null && was is not null)
        {
            files.FillIn(was);
        }

        await _found.Writer.WriteAsync(new FolderChanges(folder, was) { Fault = fault.Message }, cancellation);
    }

    private void GoOn(List<string> folders)
    {
        if (folders.Count == 0)
        {
            return;
        }

        // Last first, so that the stack gives them back in the order they were listed.
        folders.Reverse();
        Interlocked.Add(ref _unfinished, folders.Count);
        _open.PushRange([.. folders]);
        _work.Release(folders.Count);
    }
}
