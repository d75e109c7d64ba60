using System.Buffers.Binary;
using System.Text;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Requests to a worker.</summary>
internal enum SmbRequest : byte
{
    /// <summary>The first request on every connection: the share and the login.</summary>
    Connect = 1,
    List,
    Stat,
    Open,
    Read,
    Close,
    Space,
    Shares,

    /// <summary>Occupies the connection for good; closing the socket ends the watch.</summary>
    Watch,
}

/// <summary>Responses of a worker: any number of <see cref="Part"/>, then <see cref="Done"/> or <see cref="Failed"/>.</summary>
internal enum SmbResponse : byte
{
    Part = 1,
    Done,
    Failed,
}

/// <summary>A message between this process and a worker: length of the rest, kind, fields. An instance is reused for many messages.</summary>
internal sealed class SmbFrame
{
    /// <summary>Size of length (4 bytes) and kind (1 byte).</summary>
    public const int HeaderSize = 5;

    private byte[] _bytes = new byte[256];
    private int _length;

    public int Length => _length;

    public SmbFrame Begin(byte kind)
    {
        (_bytes[4], _length) = (kind, HeaderSize);
        return this;
    }

    public SmbFrame Write(byte value)
    {
        Grow(1)[0] = value;
        return this;
    }

    public SmbFrame Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Grow(4), value);
        return this;
    }

    public SmbFrame Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Grow(8), value);
        return this;
    }

    public SmbFrame Write(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        bytes.CopyTo(Grow(bytes.Length));
        return this;
    }

    public SmbFrame Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Write(length);
        Encoding.UTF8.GetBytes(text, Grow(length));
        return this;
    }

    /// <summary>Appends space for the caller to write to; <see cref="Shrink"/> removes what was not used.</summary>
    public Span<byte> Grow(int size)
    {
        if (_length + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        }

        _length += size;
        return _bytes.AsSpan(_length - size, size);
    }

    public void Shrink(int size) => _length -= size;

    public ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _length - 4);
        return _bytes.AsMemory(0, _length);
    }

    /// <summary>Clears the buffer, which may have held a password.</summary>
    public void Wipe() => Array.Clear(_bytes);
}

/// <summary>Reads the fields of a message in the order they were written.</summary>
internal ref struct SmbFrameReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _remaining = bytes;

    public readonly bool IsAtEnd => _remaining.IsEmpty;

    public byte ReadByte() => Consume(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Consume(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Consume(8));

    public ReadOnlySpan<byte> ReadBytes() => Consume(ReadInt32());

    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    private ReadOnlySpan<byte> Consume(int size)
    {
        var taken = _remaining[..size];
        _remaining = _remaining[size..];
        return taken;
    }
}
