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
    TimeProvider time) : IDisposable
{
    private readonly ConcurrentStack<string> _open = new([""]);
    private readonly SemaphoreSlim _work = new(1);
    private readonly Channel<FolderChanges> _found = Channel.CreateBounded<FolderChanges>(256);
    private int _unfinished = 1;

    public ChannelReader<FolderChanges> Found => _found.Reader;

    /// <exception cref="SourceFault">The source as a whole went away.</exception>
    public async Task RunAsync(int threads, CancellationToken cancellation)
    {
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
        var was = known.GetValueOrDefault(folder);
        List<string> next = [];
        try
        {
            if (quick && was is { Failed: false } && FolderTimes.IsSettled(was.ModifiedAt, was.ListedAt)
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
                await _found.Writer.WriteAsync(compare.Run(folder, was, knownFiles, content, listedAt, scope, next), cancellation);
            }
        }
        catch (SourceFault fault) when (folder.Length > 0)
        {
            await JudgeAsync(folder, was, fault, cancellation);
        }

        GoOn(next);
    }

    /// <summary>One folder that fails is that folder's trouble, unless the source itself no longer answers.</summary>
    private async Task JudgeAsync(string folder, KnownFolder? was, SourceFault fault, CancellationToken cancellation)
    {
        if (fault.Kind is SourceFaultKind.Unreachable or SourceFaultKind.TimedOut)
        {
            await connector.ModifiedAsync("", cancellation);
        }

        if (quick && was is not null && fault.Kind == SourceFaultKind.NotFound)
        {
            return;     // gone since an earlier scan, which saw to its files
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
