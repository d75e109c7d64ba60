using System.Runtime.CompilerServices;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Hears from a file server what changes in a folder of a share, on a connection of its own.</summary>
internal sealed class SmbWatch(ResilientSmbManager manager, SmbLogin login, string folder, Func<string, bool> passesOver, TimeProvider time)
{
    private const byte Added = 1;
    private const byte NewName = 5;

    /// <summary>A server that hangs keeps a watch open and says nothing; asking it something else shows.</summary>
    private static readonly TimeSpan Ping = TimeSpan.FromMinutes(1);

    /// <exception cref="SourceFault">The folder cannot be watched, or the file server went away.</exception>
    public async IAsyncEnumerable<SourceNews> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var hung = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var watch = manager.WatchAsync(login, folder, hung.Token).GetAsyncEnumerator(hung.Token);
        using var timer = time.CreateTimer(_ => _ = PingAsync(hung), null, Ping, Ping);
        while (await NextAsync(watch, cancellation))
        {
            yield return new SourceNews(Folders(watch.Current), false, null);
        }

        yield return new SourceNews([], true, null);
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<IReadOnlyList<(byte Action, string Path)>> watch, CancellationToken cancellation)
    {
        try
        {
            return await watch.MoveNextAsync();
        }
        catch (SmbException exception)
        {
            throw SmbFaults.Of(exception, login, folder, "");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw SmbFaults.Of(new SmbException(SmbTrouble.TimedOut), login, folder, "");
        }
    }

    private async Task PingAsync(CancellationTokenSource hung)
    {
        try
        {
            await manager.CallAsync(login, SmbUse.List, c => c.AskAsync(folder), hung.Token);
        }
        catch (Exception exception) when (exception is SmbException or SourceFault or OperationCanceledException or ObjectDisposedException)
        {
            await EndAsync(hung);
        }
    }

    private static async Task EndAsync(CancellationTokenSource hung)
    {
        try
        {
            await hung.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The watch ended meanwhile.
        }
    }

    private List<ChangedFolder> Folders(IReadOnlyList<(byte Action, string Path)> changes)
    {
        var folders = new List<ChangedFolder>();
        foreach (var (action, changed) in changes)
        {
            var path = changed.Replace('\\', '/');
            if (path.Split('/').Any(passesOver))
            {
                continue;
            }

            folders.Add(new ChangedFolder(path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "", false));
            if (action is Added or NewName)
            {
                folders.Add(new ChangedFolder(path, true));     // it may be a folder that came with all that is in it
            }
        }

        return folders;
    }
}
