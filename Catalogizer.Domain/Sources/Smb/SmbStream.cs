namespace Catalogizer.Domain.Sources.Smb;

/// <summary>
/// A file on a share. Small reads are answered from a piece that was read before; whoever reads on and on gets large pieces,
/// the next of which is already on its way.
/// </summary>
internal sealed class SmbStream(SmbFile file, Func<CancellationToken, Task<SmbFile>> open, Func<SmbException, SourceFault> tell) : Stream
{
    private const int SmallPiece = 64 * 1024;
    private const int LargePiece = 1024 * 1024;
    private const int Ahead = 2;

    private readonly long _length = file.Size;
    private SmbFile _file = file;
    private Piece _piece = new(0, 0, [], Task.FromResult(0));
    private readonly Queue<Piece> _next = new();
    private readonly Stack<byte[]> _spare = new();
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

    /// <exception cref="SourceFault">The file or the file server could not be read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position >= _length || buffer.IsEmpty)
        {
            return 0;
        }

        if (!_piece.Holds(_position))
        {
            await FetchAsync(buffer.Length, cancellationToken);
        }

        var read = _piece.CopyTo(_position, buffer.Span);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For those that know no other way; waits on the thread it is called on.</summary>
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
            _ = _file.DisposeAsync().AsTask();     // the file server is told when it has time
        }

        base.Dispose(disposing);
    }

    private async Task FetchAsync(int wanted, CancellationToken cancellation)
    {
        var goesOn = _position > 0 && _position == _piece.End;
        if (!_next.TryDequeue(out var next) || next.At != _position)
        {
            _next.Clear();      // what is on its way to them is thrown away when it comes
            next = Begin(_position, goesOn || wanted >= LargePiece ? LargePiece : SmallPiece);
        }

        Spare(_piece);
        _piece = next;
        for (var at = next.WantedEnd; goesOn && _next.Count < Ahead && (at = _next.LastOrDefault()?.WantedEnd ?? at) < _length;)
        {
            _next.Enqueue(Begin(at, LargePiece));
        }

        try
        {
            await next.Coming.WaitAsync(cancellation);
        }
        catch (SmbException exception) when (exception.Trouble == SmbTrouble.Dropped)
        {
            _next.Clear();
            _piece = await AgainAsync(next, cancellation);
        }
        catch (SmbException exception)
        {
            throw tell(exception);
        }
    }

    private Piece Begin(long at, int size)
    {
        var wanted = (int)Math.Min(size, _length - at);
        var bytes = _spare.TryPeek(out var spare) && spare.Length >= wanted ? _spare.Pop() : GC.AllocateUninitializedArray<byte>(wanted);
        return new Piece(at, wanted, bytes, _file.ReadAsync(at, bytes.AsMemory(0, wanted)));
    }

    /// <summary>Keeps a large piece's place for the next; one that something may still come into is not touched.</summary>
    private void Spare(Piece used)
    {
        if (used.Bytes.Length >= LargePiece && used.Coming.IsCompletedSuccessfully)
        {
            _spare.Push(used.Bytes);
        }
    }

    /// <summary>An open file ends with its connection; the same file is opened anew, once for each break.</summary>
    private async Task<Piece> AgainAsync(Piece broken, CancellationToken cancellation)
    {
        var again = await open(cancellation);
        var (old, changed) = (_file, again.Size != _file.Size || again.ModifiedAt != _file.ModifiedAt);
        _file = again;
        await old.DisposeAsync();
        if (changed)
        {
            throw new SourceFault(SourceFaultKind.NotFound, "The file was changed while it was read.");
        }

        try
        {
            var piece = Begin(broken.At, SmallPiece);
            await piece.Coming.WaitAsync(cancellation);
            return piece;
        }
        catch (SmbException exception)
        {
            throw tell(exception);
        }
    }

    /// <summary>A piece of the file, here or on its way.</summary>
    private sealed record Piece(long At, int Wanted, byte[] Bytes, Task<int> Coming)
    {
        public long WantedEnd => At + Wanted;

        public long End => At + (Coming.IsCompletedSuccessfully ? Coming.Result : 0);

        public bool Holds(long position) => position >= At && position < End;

        public int CopyTo(long position, Span<byte> to)
        {
            if (!Holds(position))
            {
                return 0;
            }

            var left = Bytes.AsSpan((int)(position - At), (int)(End - position));
            left = left[..Math.Min(left.Length, to.Length)];
            left.CopyTo(to);
            return left.Length;
        }
    }
}
