namespace Catalogizer.Web.Api;

/// <summary>
/// A file with the length that the response promised. Bytes added while it is sent are left out; if the file turns out to be shorter,
/// the response is aborted, because a client must not take half a file for a whole one.
/// </summary>
/// <param name="abort">Called when the file ends too early.</param>
internal sealed class FixedLengthStream(Stream file, Action abort) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, Length - _position);
        if (count <= 0)
        {
            return 0;
        }

        var read = await file.ReadAsync(buffer[..count], cancellationToken);
        _position += read;
        if (read == 0)
        {
            abort();
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => _position = file.Seek(origin == SeekOrigin.End ? Length + offset : offset, origin == SeekOrigin.End ? SeekOrigin.Begin : origin);

    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
