namespace Catalogizer.Domain.Sources.Local;

/// <summary>Reads a folder of this server. Links are not followed, not even when the root has become one.</summary>
internal sealed class LocalConnector(string root, LocalAccess access) : ISourceConnector
{
    public ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        access.RequireRoot(root);
        return ValueTask.FromResult(NativeFiles.List(ResolvePath(folder), access));
    }

    public ValueTask<long> GetModifiedAtAsync(string folder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        access.RequireRoot(root);
        return ValueTask.FromResult(NativeFiles.GetModifiedAt(ResolvePath(folder), access));
    }

    public ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var full = ResolvePath(path);
        access.Refresh();
        access.RequireRoot(root);
        try
        {
            return ValueTask.FromResult<Stream>(new FileStream(NativeFiles.Open(root, path, access), FileAccess.Read, bufferSize: 0));
        }
        catch (Exception exception) when (exception is IOException and not SourceException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceErrorKind.Unreachable, $"The file {full} could not be read: {exception.Message}", exception);
        }
    }

    public ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation)
    {
        try
        {
            var drive = new DriveInfo(root);
            return ValueTask.FromResult<SourceSpace?>(new SourceSpace(drive.AvailableFreeSpace, drive.TotalSize));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceErrorKind.Unreachable, $"The free space of {root} could not be read: {exception.Message}", exception);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The full path. Throws when the relative path would leave the root.</summary>
    private string ResolvePath(string relative)
    {
        if (relative.Length == 0)
        {
            return root;
        }

        foreach (var part in relative.AsSpan().Split('/'))
        {
            // The system reads a name only up to a NUL: "..\0x" would pass a check for ".." and still open "..".
            if (relative.AsSpan(part) is "" or "." or ".." || relative.AsSpan(part).Contains('\0'))
            {
                throw new SourceException(SourceErrorKind.Denied, "The path leaves its source.");
            }
        }

        return root.EndsWith('/') ? root + relative : $"{root}/{relative}";
    }
}
