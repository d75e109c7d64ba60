namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Reads a folder of a share.</summary>
/// <param name="folder">The source's folder inside the share; empty for the whole share.</param>
internal sealed class SmbConnector(ResilientSmbManager manager, SmbLogin login, string folder) : ISourceConnector
{
    public bool ListsFolderTimes => true;

    public async ValueTask<FolderContent> ListAsync(string path, CancellationToken cancellation)
    {
        var sharePath = ResolvePath(path);
        return await WithMappedErrorsAsync(path, () => manager.CallAsync(login, SmbConnectionPurpose.List, c => c.ListAsync(sharePath), cancellation));
    }

    public async ValueTask<long> GetModifiedAtAsync(string path, CancellationToken cancellation)
    {
        var sharePath = ResolvePath(path);
        var (isFolder, _, modifiedAt) = await WithMappedErrorsAsync(path, () => manager.CallAsync(login, SmbConnectionPurpose.List, c => c.StatAsync(sharePath), cancellation));
        return isFolder ? modifiedAt : throw SmbErrorMapper.Map(new SmbException(SmbError.NotAFolder), login, folder, path);
    }

    public async ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        var sharePath = ResolvePath(path);
        Task<SmbFile> OpenFileAsync(CancellationToken c) => WithMappedErrorsAsync(path, () => manager.OpenAsync(login, sharePath, c));
        return new SmbStream(await OpenFileAsync(cancellation), OpenFileAsync, exception => SmbErrorMapper.Map(exception, login, folder, path));
    }

    public async ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation) =>
        await WithMappedErrorsAsync("", () => manager.CallAsync(login, SmbConnectionPurpose.List, c => c.GetSpaceAsync(folder), cancellation));

    /// <summary>Connections stay open for reuse; the manager ends them when they are idle.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The path inside the share. Throws when the relative path would leave the source.</summary>
    private string ResolvePath(string relative)
    {
        if (relative.Length == 0)
        {
            return folder;
        }

        foreach (var part in relative.AsSpan().Split('/'))
        {
            if (relative.AsSpan(part) is "" or "." or ".." || relative.AsSpan(part).ContainsAny('\\', '\0'))
            {
                throw new SourceException(SourceErrorKind.Denied, "The path leaves its source.");
            }
        }

        return folder.Length == 0 ? relative : $"{folder}/{relative}";
    }

    private async Task<T> WithMappedErrorsAsync<T>(string path, Func<Task<T>> call)
    {
        try
        {
            return await CallWithRetryAsync(path, call);
        }
        catch (SmbException exception)
        {
            throw SmbErrorMapper.Map(exception, login, folder, path);
        }
    }

    /// <summary>After a disk behind a share is mounted or unmounted, existing connections still refer to the old folder; new ones see the right one.</summary>
    private async Task<T> CallWithRetryAsync<T>(string path, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (SmbException exception) when (path.Length == 0 && exception.Kind == SmbError.NotFound)
        {
            manager.EndIdle(login);
            return await call();
        }
    }
}
