using System.Globalization;

namespace Catalogizer.Domain.Sources.Caching;

/// <summary>The cached beginning of a file: its size limit and cache key.</summary>
public static class FileHead
{
    /// <summary>Maximum number of bytes cached per file.</summary>
    public const int MaxBytes = 512 * 1024;

    /// <summary>The cache key. It contains size and modification time, so that a changed file does not get the head of its old content.</summary>
    public static string CreateKey(long fileId, long size, long modifiedAt) => string.Create(CultureInfo.InvariantCulture, $"head:{fileId}:{size}:{modifiedAt}");
}

/// <summary>Reads a file from its source, and caches the file's head on disposal if the reads covered all of it in sequence.</summary>
internal sealed class HeadCachingStream(Stream inner, Func<ReadOnlyMemory<byte>, Task> save) : Stream
{
    private readonly byte[] _head = new byte[Math.Min(FileHead.MaxBytes, inner.Length)];
    private int _headLength;
    private bool _isSaved;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var at = inner.Position;
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (at <= _headLength && at + read > _headLength)
        {
            var fresh = buffer.Span[(int)(_headLength - at)..read];
            fresh = fresh[..Math.Min(fresh.Length, _head.Length - _headLength)];
            fresh.CopyTo(_head.AsSpan(_headLength));
            _headLength += fresh.Length;
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        if (!_isSaved && _headLength == _head.Length)
        {
            _isSaved = true;
            await save(_head);
        }

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

/// <summary>The cached head of a file whose source is offline.</summary>
/// <param name="exception">Why the source cannot be read; repeated by reads beyond the head.</param>
internal sealed class CachedHeadStream(ReadOnlyMemory<byte> head, long length, SourceException exception) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    /// <exception cref="SourceException">The position is behind the cached head.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (Position >= length)
        {
            return 0;
        }

        if (Position >= head.Length)
        {
            throw new SourceException(exception.Kind, exception.Message, exception) { Code = exception.Code };
        }

        var read = Math.Min(buffer.Length, head.Length - (int)Position);
        head.Span.Slice((int)Position, read).CopyTo(buffer);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
