namespace Catalogizer.Domain.Sources.Smb;

/// <summary>
/// Reads a file on a share. Small reads are served from a block that was read ahead; sequential reads use large blocks and request the
/// next ones in advance.
/// </summary>
internal sealed class SmbStream(SmbFile file, Func<CancellationToken, Task<SmbFile>> open, Func<SmbException, SourceException> mapError) : Stream
{
    private const int SmallBlockSize = 64 * 1024;
    private const int LargeBlockSize = 1024 * 1024;
    private const int MaxBlocksAhead = 2;

    private readonly long _length = file.Size;
    private SmbFile _file = file;
    private ReadAheadBlock _block = new(0, 0, [], Task.FromResult(0));
    private readonly Queue<ReadAheadBlock> _blocksAhead = new();
    private readonly Stack<byte[]> _spareBuffers = new();
    private long _position;
    private bool _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _length + offset,
    };

    /// <exception cref="SourceException">The file or the file server could not be read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position >= _length || buffer.IsEmpty)
        {
            return 0;
        }

        if (!_block.Contains(_position))
        {
            await FetchAsync(buffer.Length, cancellationToken);
        }

        var read = _block.CopyTo(_position, buffer.Span);
        _position += read;
        return read;
    }

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
        if (!_disposed)
        {
            _disposed = true;
            await _file.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _ = _file.DisposeAsync().AsTask();     // do not wait for the file server to close the file
        }

        base.Dispose(disposing);
    }

    private async Task FetchAsync(int requestedLength, CancellationToken cancellation)
    {
        var isSequential = _position > 0 && _position == _block.End;
        if (!_blocksAhead.TryDequeue(out var next) || next.Offset != _position)
        {
            _blocksAhead.Clear();      // their pending reads complete into buffers that are dropped
            next = StartBlock(_position, isSequential || requestedLength >= LargeBlockSize ? LargeBlockSize : SmallBlockSize);
        }

        RecycleBuffer(_block);
        _block = next;
        for (var offset = next.RequestedEnd; isSequential && _blocksAhead.Count < MaxBlocksAhead && (offset = _blocksAhead.LastOrDefault()?.RequestedEnd ?? offset) < _length;)
        {
            _blocksAhead.Enqueue(StartBlock(offset, LargeBlockSize));
        }

        try
        {
            await next.ReadTask.WaitAsync(cancellation);
        }
        catch (SmbException exception) when (exception.Kind == SmbError.Dropped)
        {
            _blocksAhead.Clear();
            _block = await ReopenAndReadAsync(next, cancellation);
        }
        catch (SmbException exception)
        {
            throw mapError(exception);
        }
    }

    private ReadAheadBlock StartBlock(long offset, int size)
    {
        var requestedLength = (int)Math.Min(size, _length - offset);
        var bytes = _spareBuffers.TryPeek(out var spare) && spare.Length >= requestedLength ? _spareBuffers.Pop() : GC.AllocateUninitializedArray<byte>(requestedLength);
        return new ReadAheadBlock(offset, requestedLength, bytes, _file.ReadAsync(offset, bytes.AsMemory(0, requestedLength)));
    }

    /// <summary>Keeps a large block's buffer for reuse, unless its read has not completed and may still write into it.</summary>
    private void RecycleBuffer(ReadAheadBlock used)
    {
        if (used.Buffer.Length >= LargeBlockSize && used.ReadTask.IsCompletedSuccessfully)
        {
            _spareBuffers.Push(used.Buffer);
        }
    }

    /// <summary>Opens the file again, because it was closed with its connection, and repeats the read once. Throws when the file has changed.</summary>
    private async Task<ReadAheadBlock> ReopenAndReadAsync(ReadAheadBlock broken, CancellationToken cancellation)
    {
        var reopened = await open(cancellation);
        var (old, changed) = (_file, reopened.Size != _file.Size || reopened.ModifiedAt != _file.ModifiedAt);
        _file = reopened;
        await old.DisposeAsync();
        if (changed)
        {
            throw new SourceException(SourceErrorKind.NotFound, "The file was changed while it was read.");
        }

        try
        {
            var block = StartBlock(broken.Offset, SmallBlockSize);
            await block.ReadTask.WaitAsync(cancellation);
            return block;
        }
        catch (SmbException exception)
        {
            throw mapError(exception);
        }
    }

    /// <summary>A block of the file, read or being read.</summary>
    private sealed record ReadAheadBlock(long Offset, int RequestedLength, byte[] Buffer, Task<int> ReadTask)
    {
        public long RequestedEnd => Offset + RequestedLength;

        public long End => Offset + (ReadTask.IsCompletedSuccessfully ? ReadTask.Result : 0);

        public bool Contains(long position) => position >= Offset && position < End;

        public int CopyTo(long position, Span<byte> to)
        {
            if (!Contains(position))
            {
                return 0;
            }

            var left = Buffer.AsSpan((int)(position - Offset), (int)(End - position));
            left = left[..Math.Min(left.Length, to.Length)];
            left.CopyTo(to);
            return left.Length;
        }
    }
}
