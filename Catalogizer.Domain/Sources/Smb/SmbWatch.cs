using System.Runtime.CompilerServices;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Watches a folder of a share for changes, on a dedicated connection.</summary>
internal sealed class SmbWatch(ResilientSmbManager manager, SmbLogin login, string folder, Func<string, bool> isIgnored, TimeProvider time)
{
    private const byte Added = 1;
    private const byte RenamedTo = 5;

    /// <summary>A server that hangs keeps the watch open and reports nothing, so another call checks regularly whether it responds.</summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromMinutes(1);

    /// <exception cref="SourceException">The folder cannot be watched, or the file server stopped responding.</exception>
    public async IAsyncEnumerable<WatchUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var hung = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var watch = manager.WatchAsync(login, folder, hung.Token).GetAsyncEnumerator(hung.Token);
        using var timer = time.CreateTimer(_ => _ = PingAsync(hung), null, PingInterval, PingInterval);
        while (await MoveNextAsync(watch, cancellation))
        {
            yield return new WatchUpdate(ToChangedFolders(watch.Current), false, null);
        }

        yield return new WatchUpdate([], true, null);
    }

    private async Task<bool> MoveNextAsync(IAsyncEnumerator<IReadOnlyList<(byte Action, string Path)>> watch, CancellationToken cancellation)
    {
        try
        {
            return await watch.MoveNextAsync();
        }
        catch (SmbException exception)
        {
            throw SmbErrorMapper.Map(exception, login, folder, "");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw SmbErrorMapper.Map(new SmbException(SmbError.TimedOut), login, folder, "");
        }
    }

    private async Task PingAsync(CancellationTokenSource hung)
    {
        try
        {
            await manager.CallAsync(login, SmbConnectionPurpose.List, c => c.StatAsync(folder), hung.Token);
        }
        catch (Exception exception) when (exception is SmbException or SourceException or OperationCanceledException or ObjectDisposedException)
        {
            await CancelAsync(hung);
        }
    }

    private static async Task CancelAsync(CancellationTokenSource hung)
    {
        try
        {
            await hung.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The watch has ended already.
        }
    }

    private List<ChangedFolder> ToChangedFolders(IReadOnlyList<(byte Action, string Path)> changes)
    {
        var folders = new List<ChangedFolder>();
        foreach (var (action, changed) in changes)
        {
            var path = changed.Replace('\\', '/');
            if (path.Split('/').Any(isIgnored))
            {
                continue;
            }

            folders.Add(new ChangedFolder(path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "", false));
            if (action is Added or RenamedTo)
            {
                folders.Add(new ChangedFolder(path, true));     // it may be a folder that was moved here with its contents
            }
        }

        return folders;
    }
}
