namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Reads a folder of a share.</summary>
/// <param name="folder">The source's folder inside the share; empty for the whole share.</param>
internal sealed class SmbConnector(ResilientSmbManager manager, SmbLogin login, string folder) : ISourceConnector
{
    public bool ListsFolderTimes => true;

    public async ValueTask<FolderContent> ListAsync(string path, CancellationToken cancellation)
    {
        var inside = Inside(path);
        return await TellAsync(path, () => manager.CallAsync(login, SmbUse.List, c => c.ListAsync(inside), cancellation));
    }

    public async ValueTask<long> ModifiedAsync(string path, CancellationToken cancellation)
    {
        var inside = Inside(path);
        var (isFolder, _, modifiedAt) = await TellAsync(path, () => manager.CallAsync(login, SmbUse.List, c => c.AskAsync(inside), cancellation));
        return isFolder ? modifiedAt : throw SmbFaults.Of(new SmbException(SmbTrouble.NotAFolder), login, folder, path);
    }

    public async ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        var inside = Inside(path);
        Task<SmbFile> Open(CancellationToken c) => TellAsync(path, () => manager.OpenAsync(login, inside, c));
        return new SmbStream(await Open(cancellation), Open, exception => SmbFaults.Of(exception, login, folder, path));
    }

    public async ValueTask<SourceSpace?> SpaceAsync(CancellationToken cancellation) =>
        await TellAsync("", () => manager.CallAsync(login, SmbUse.List, c => c.SpaceAsync(folder), cancellation));

    /// <summary>The connections stay for the next one who comes; they end by themselves.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The path inside the share; refuses to leave the source whatever the name says.</summary>
    private string Inside(string relative)
    {
        if (relative.Length == 0)
        {
            return folder;
        }

        foreach (var part in relative.AsSpan().Split('/'))
        {
            if (relative.AsSpan(part) is "" or "." or ".." || relative.AsSpan(part).ContainsAny('\\', '\0'))
            {
                throw new SourceFault(SourceFaultKind.Denied, "The path leaves its source.");
            }
        }

        return folder.Length == 0 ? relative : $"{folder}/{relative}";
    }

    private async Task<T> TellAsync<T>(string path, Func<Task<T>> call)
    {
        try
        {
            return await CallAsync(path, call);
        }
        catch (SmbException exception)
        {
            throw SmbFaults.Of(exception, login, folder, path);
        }
    }

    /// <summary>Where a disk was mounted or unmounted behind a share, connections made before stand in a folder that is no more.</summary>
    private async Task<T> CallAsync<T>(string path, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (SmbException exception) when (path.Length == 0 && exception.Trouble == SmbTrouble.NotThere)
        {
            manager.EndIdle(login);
            return await call();
        }
    }
}
