
namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Reads a file in 64 KiB blocks to save round trips to the source.</summary>
/// <param name="maxBytes">Limit after which reading throws: a crafted archive can make a reader loop for ever.</param>
internal sealed class BlockStream(Stream inner, long maxBytes) : Stream
{
    private const int BlockSize = 64 * 1024;

    private readonly byte[] _block = new byte[BlockSize];
    private long _start = -1;
    private int _length;

    /// <summary>Number of bytes read from the underlying file.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get; set; }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    /// <exception cref="MediaProbeException">The limit of bytes is reached.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || Position < 0 || Position >= Length)
        {
            return 0;
        }

        if (_start < 0 || Position < _start || Position >= _start + _length)
        {
            await FillAsync(Position / BlockSize * BlockSize, cancellationToken);
        }

        var from = (int)(Position - _start);
        var read = Math.Clamp(_length - from, 0, buffer.Length);
        _block.AsMemory(from, read).CopyTo(buffer);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Needed because an archive's list of entries can only be read synchronously; blocks one background thread at a time.</summary>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task FillAsync(long start, CancellationToken cancellation)
    {
        if (BytesRead >= maxBytes)
        {
            throw new MediaProbeException("The file has more in it than is looked at.", isTransient: false);
        }

        (_start, _length) = (-1, 0);
        inner.Position = start;
        _length = await inner.ReadAtLeastAsync(_block, (int)Math.Min(BlockSize, Length - start), throwOnEndOfStream: false, cancellation);
        _start = start;
        BytesRead += _length;
    }
}
