using System.Buffers.Text;
using System.Text;

namespace Catalogizer.Domain.Metadata.Imdb;

/// <summary>Reads lines of tab-separated UTF-8 one by one, using a single buffer.</summary>
internal sealed class TsvReader(Stream stream)
{
    private const int MaxLineBytes = 256 * 1024;

    private readonly byte[] _buffer = new byte[MaxLineBytes];
    private readonly int[] _tabs = new int[16];
    private int _next;
    private int _filled;
    private int _start;
    private int _end;
    private int _fieldCount;
    private bool _isAtEnd;

    /// <summary>Number of fields in the line; 16 at most.</summary>
    public int FieldCount => _fieldCount;

    /// <summary>Reads more of the stream; false at the end. <see cref="ReadLine"/> then returns the lines that are complete.</summary>
    /// <exception cref="InvalidDataException">A line is longer than any in these files.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_isAtEnd)
        {
            return false;
        }

        _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
        (_filled, _next) = (_filled - _next, 0);
        if (_filled == _buffer.Length)
        {
            throw new InvalidDataException("A line is too long for a data file of IMDb.");
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellation);
        _isAtEnd = read == 0;
        _filled += read;
        return _filled > 0;
    }

    public bool ReadLine()
    {
        var rest = _buffer.AsSpan(_next, _filled - _next);
        var length = rest.IndexOf((byte)'\n');
        if (length < 0 && (!_isAtEnd || rest.IsEmpty))
        {
            return false;
        }

        (_start, _end) = (_next, _next + (length < 0 ? rest.Length : length));
        _next = length < 0 ? _filled : _end + 1;
        _end -= _end > _start && _buffer[_end - 1] == '\r' ? 1 : 0;
        SplitFields();
        return true;
    }

    public ReadOnlySpan<byte> GetBytes(int field)
    {
        var from = field == 0 ? _start : _tabs[field - 1] + 1;
        return field >= _fieldCount ? default : _buffer.AsSpan(from, (field == _fieldCount - 1 && _fieldCount <= _tabs.Length ? _end : _tabs[field]) - from);
    }

    /// <summary>Null for an empty field and for \N.</summary>
    public string? GetText(int field, int maxBytes)
    {
        var bytes = GetBytes(field);
        return bytes.IsEmpty || bytes.SequenceEqual("\\N"u8) ? null : Encoding.UTF8.GetString(bytes.Length > maxBytes ? bytes[..maxBytes] : bytes);
    }

    public long? GetWholeNumber(int field) => GetWholeNumber(GetBytes(field));

    /// <summary>The number after "tt".</summary>
    public long? GetTitleId(int field) => GetBytes(field) is var bytes && bytes.StartsWith("tt"u8) ? GetWholeNumber(bytes[2..]) : null;

    public double? GetNumber(int field) => GetBytes(field) is var bytes && Utf8Parser.TryParse(bytes, out double number, out var read) && read == bytes.Length && double.IsFinite(number) ? number : null;

    private static long? GetWholeNumber(ReadOnlySpan<byte> bytes) => bytes.Length is > 0 and < 16 && Utf8Parser.TryParse(bytes, out long number, out var read) && read == bytes.Length ? number : null;

    private void SplitFields()
    {
        _fieldCount = 1;
        for (var at = _start; at < _end && _fieldCount <= _tabs.Length; at++)
        {
            if (_buffer[at] == '\t')
            {
                _tabs[_fieldCount - 1] = at;
                _fieldCount++;
            }
        }

        _fieldCount = Math.Min(_fieldCount, _tabs.Length);
        if (_fieldCount < _tabs.Length)
        {
            _tabs[_fieldCount - 1] = _end;
        }
    }
}
