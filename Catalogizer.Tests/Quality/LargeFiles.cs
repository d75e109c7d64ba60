using System.Buffers.Binary;

namespace Catalogizer.Tests.Quality;

/// <summary>Makes a media file as large as a real one without using that much disk space: a hole separates its content from the index at its end.</summary>
internal static class LargeFiles
{
    /// <summary>Widens the content of an MP4 file. Returns the length of its index (moov) in bytes.</summary>
    public static long WidenMp4(string path, long to)
    {
        using var file = File.Open(path, FileMode.Open);
        var boxes = new List<(string Name, long From, long Length)>();
        Span<byte> header = stackalloc byte[8];
        for (var at = 0L; at < file.Length; at += boxes[^1].Length)
        {
            file.Position = at;
            file.ReadExactly(header);
            boxes.Add((System.Text.Encoding.ASCII.GetString(header[4..]), at, BinaryPrimitives.ReadUInt32BigEndian(header)));
        }

        var (_, content, _) = boxes.Single(b => b.Name == "mdat");
        var (_, from, length) = boxes.Single(b => b.Name == "moov");
        var wide = boxes.Single(b => b.Name == "free" && b.From == content - 8);
        var index = new byte[length];
        file.Position = from;
        file.ReadExactly(index);
        file.Position = from;
        file.Write(new byte[length]);
        file.Position = to;
        file.Write(index);

        // The space reserved for it takes the long form of the content's size.
        Span<byte> large = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(large, 1);
        "mdat"u8.CopyTo(large[4..]);
        BinaryPrimitives.WriteInt64BigEndian(large[8..], to - wide.From);
        file.Position = wide.From;
        file.Write(large);
        return length;
    }

    /// <summary>Puts a void between the content and the index (Cues) of a Matroska file. Returns the length of the index in bytes.</summary>
    public static long WidenMatroska(string path, long to)
    {
        var bytes = File.ReadAllBytes(path);
        var at = (int)ReadElement(bytes, 0).Next;       // past the EBML header
        var segment = ReadElement(bytes, at);
        var (start, children) = (segment.Content, new List<(uint Id, long From, long Next)>());
        for (var child = start; child < bytes.Length;)
        {
            var element = ReadElement(bytes, (int)child);
            children.Add((element.Id, child, element.Next));
            child = element.Next;
        }

        const uint seekHead = 0x114D9B74, cues = 0x1C53BB6B, info = 0x1549A966, tracks = 0x1654AE6B, empty = 0xEC;
        var end = children.Where(c => c.Id == cues).Select(c => (c.From, c.Next)).Single();
        var head = children.Single(c => c.Id == seekHead);
        var room = children[children.IndexOf(head) + 1];
        Assert.Equal(empty, room.Id);

        // A table of contents of the same length, with the new position of the index.
        var seeks = new List<byte>();
        foreach (var (id, position) in new[] { (info, FindPosition(info)), (tracks, FindPosition(tracks)), (cues, to - start) })
        {
            byte[] name = [0x53, 0xAB, 0x84, .. ToBigEndian(id)], where = [0x53, 0xAC, 0x88, .. ToBigEndian(position)];
            seeks.AddRange([0x4D, 0xBB, (byte)(0x80 | (name.Length + where.Length)), .. name, .. where]);
        }

        byte[] contents = [.. ToBigEndian(seekHead), .. EncodeSize(seeks.Count), .. seeks];
        var left = (int)(room.Next - head.From) - contents.Length - 9;
        Assert.True(left >= 0);
        contents = [.. contents, 0xEC, .. EncodeSize(left), .. new byte[left]];

        using var file = File.Open(path, FileMode.Open);
        file.Position = head.From;
        file.Write(contents);
        file.Position = at + 4;                     // the segment's size, written in eight bytes
        file.Write(EncodeSize(to + (bytes.Length - end.From) - start));
        file.Position = end.From;
        file.Write([0xEC, .. EncodeSize(to - end.From - 9)]);
        file.Write(new byte[Math.Min(bytes.Length - end.From - 9, 4096)]);
        file.Position = to;
        file.Write(bytes.AsSpan((int)end.From));
        return bytes.Length - end.From;

        long FindPosition(uint id) => children.First(c => c.Id == id).From - start;
    }

    private static (uint Id, long Content, long Next) ReadElement(byte[] bytes, int at)
    {
        var idLength = System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[at] << 24) + 1;
        var id = bytes.AsSpan(at, idLength).ToArray().Aggregate(0u, (sum, b) => (sum << 8) | b);
        at += idLength;
        var sizeLength = System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[at] << 24) + 1;
        var size = (long)(bytes[at] & ((1 << (8 - sizeLength)) - 1));
        for (var i = 1; i < sizeLength; i++)
        {
            size = (size << 8) | bytes[at + i];
        }

        return (id, at + sizeLength, at + sizeLength + size);
    }

    private static byte[] ToBigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] ToBigEndian(long value) => [.. ToBigEndian((uint)(value >> 32)), .. ToBigEndian((uint)value)];

    /// <summary>A length in eight bytes.</summary>
    private static byte[] EncodeSize(long value) => ToBigEndian(value | (1L << 56));
}
