using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Catalogizer.Bench.Rig;

/// <summary>The part of MessagePack that the circuit protocol uses: null, booleans, integers, strings, bytes, lists and maps.</summary>
internal static class BlazorPackSerializer
{
    public static byte[] Write(object? value)
    {
        using var bytes = new MemoryStream();
        Write(bytes, value);
        return bytes.ToArray();
    }

    public static object? Read(ReadOnlySpan<byte> bytes) => Read(ref bytes);

    private static void Write(MemoryStream to, object? value)
    {
        Span<byte> buffer = stackalloc byte[9];
        switch (value)
        {
            case null:
                to.WriteByte(0xc0);
                break;
            case bool yes:
                to.WriteByte(yes ? (byte)0xc3 : (byte)0xc2);
                break;
            case int or long:
                buffer[0] = 0xd3;
                BinaryPrimitives.WriteInt64BigEndian(buffer[1..], Convert.ToInt64(value, CultureInfo.InvariantCulture));
                to.Write(buffer);
                break;
            case string text:
                var encoded = Encoding.UTF8.GetBytes(text);
                buffer[0] = 0xdb;
                BinaryPrimitives.WriteInt32BigEndian(buffer[1..], encoded.Length);
                to.Write(buffer[..5]);
                to.Write(encoded);
                break;
            case IReadOnlyCollection<object?> list:
                to.WriteByte((byte)(0x90 | list.Count));
                foreach (var one in list)
                {
                    Write(to, one);
                }

                break;
            case IDictionary<string, string>:
                to.WriteByte(0x80);
                break;
            default:
                throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static object? Read(ref ReadOnlySpan<byte> from)
    {
        var sign = Consume(ref from, 1)[0];
        return sign switch
        {
            <= 0x7f => (long)sign,
            >= 0xe0 => (long)(sbyte)sign,
            <= 0x8f => ReadMap(ref from, sign & 0x0f),
            <= 0x9f => ReadList(ref from, sign & 0x0f),
            <= 0xbf => ReadText(ref from, sign & 0x1f),
            0xc0 => null,
            0xc2 => false,
            0xc3 => true,
            0xc4 or 0xc5 or 0xc6 => Consume(ref from, ReadNumber(ref from, 1 << (sign - 0xc4))).ToArray(),
            0xcc or 0xcd or 0xce or 0xcf => ReadNumber(ref from, 1 << (sign - 0xcc)),
            0xd0 => (long)(sbyte)Consume(ref from, 1)[0],
            0xd1 => (long)BinaryPrimitives.ReadInt16BigEndian(Consume(ref from, 2)),
            0xd2 => (long)BinaryPrimitives.ReadInt32BigEndian(Consume(ref from, 4)),
            0xd3 => BinaryPrimitives.ReadInt64BigEndian(Consume(ref from, 8)),
            0xd9 or 0xda or 0xdb => ReadText(ref from, ReadNumber(ref from, 1 << (sign - 0xd9))),
            0xdc or 0xdd => ReadList(ref from, ReadNumber(ref from, 2 << (sign - 0xdc))),
            0xde or 0xdf => ReadMap(ref from, ReadNumber(ref from, 2 << (sign - 0xde))),
            _ => throw new InvalidDataException($"0x{sign:x2}"),
        };
    }

    private static string ReadText(ref ReadOnlySpan<byte> from, long length) => Encoding.UTF8.GetString(Consume(ref from, length));

    private static List<object?> ReadList(ref ReadOnlySpan<byte> from, long count)
    {
        var list = new List<object?>();
        for (; count > 0; count--)
        {
            list.Add(Read(ref from));
        }

        return list;
    }

    private static Dictionary<string, object?> ReadMap(ref ReadOnlySpan<byte> from, long count)
    {
        var map = new Dictionary<string, object?>();
        for (; count > 0; count--)
        {
            map[(string)Read(ref from)!] = Read(ref from);
        }

        return map;
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> from, int bytes)
    {
        long number = 0;
        foreach (var one in Consume(ref from, bytes))
        {
            number = (number << 8) | one;
        }

        return number;
    }

    private static ReadOnlySpan<byte> Consume(ref ReadOnlySpan<byte> from, long count)
    {
        var taken = from[..(int)count];
        from = from[(int)count..];
        return taken;
    }
}
