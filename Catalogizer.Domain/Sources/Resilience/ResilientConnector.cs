namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Runs every call to a source through the source's pipeline.</summary>
internal sealed class ResilientConnector(ISourceConnector inner, SourcePipeline pipeline) : ISourceConnector
{
    public bool ListsFolderTimes => inner.ListsFolderTimes;

    public ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation) =>
        pipeline.RunAsync(static (call, c) => ListOnceAsync(call.Inner, call.Path, c), (Inner: inner, Path: folder), cancellation);

    public ValueTask<long> GetModifiedAtAsync(string folder, CancellationToken cancellation) =>
        pipeline.RunAsync(static (call, c) => GetModifiedAtOnceAsync(call.Inner, call.Path, c), (Inner: inner, Path: folder), cancellation);

    public async ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation) => new ResilientStream(
        await pipeline.RunAsync(static (call, c) => call.Inner.OpenAsync(call.Path, c), (Inner: inner, Path: path), cancellation), pipeline);

    public ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation) =>
        pipeline.RunAsync(static (inner, c) => inner.GetSpaceAsync(c), inner, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static async ValueTask<FolderContent> ListOnceAsync(ISourceConnector inner, string path, CancellationToken cancellation)
    {
        try
        {
            return await inner.ListAsync(path, cancellation);
        }
        catch (SourceException exception) when (path.Length == 0)
        {
            exception.IsSourceWide = true;
            throw;
        }
    }

    private static async ValueTask<long> GetModifiedAtOnceAsync(ISourceConnector inner, string path, CancellationToken cancellation)
    {
        try
        {
            return await inner.GetModifiedAtAsync(path, cancellation);
        }
        catch (SourceException exception) when (path.Length == 0)
        {
            exception.IsSourceWide = true;
            throw;
        }
    }
}

/// <summary>Reads a file of a source; runs each read through the source's pipeline.</summary>
internal sealed class ResilientStream(Stream inner, SourcePipeline pipeline) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    /// <exception cref="SourceException">The file or the source could not be read.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        pipeline.RunAsync(static (read, c) => read.Inner.ReadAsync(read.Buffer, c), (Inner: inner, Buffer: buffer), cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For callers that only read synchronously; blocks the calling thread.</summary>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
