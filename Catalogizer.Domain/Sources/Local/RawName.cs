using System.Text;
using System.Text.Unicode;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// File names on Linux are bytes. Names that are not UTF-8 are represented in strings by mapping each invalid byte to
/// U+EF00 + byte, in the private use area (the scheme of MirBSD's OPTU-8), so that every file can be named and opened again.
/// A name that contains one of these characters itself has it mapped byte by byte as well, so that no two names give the same text.
/// </summary>
internal static class RawName
{
    private const char FirstEscape = '\uEF80';
    private const char LastEscape = '\uEFFF';
    private const byte EscapeLeadByte = 0xEE;

    public static string Decode(ReadOnlySpan<byte> name)
    {
        if (!name.Contains(EscapeLeadByte) && Utf8.IsValid(name))
        {
            return Encoding.UTF8.GetString(name);
        }

        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out var rune, out var used) == System.Buffers.OperationStatus.Done && rune.Value is not (>= FirstEscape and <= LastEscape))
            {
                text.Append(rune.ToString());
            }
            else
            {
                used = 1;
                text.Append((char)(0xEF00 + name[0]));
            }

            name = name[used..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a path, terminated by a zero byte as system calls require.</summary>
    public static byte[] Encode(string path)
    {
        if (!path.AsSpan().ContainsAnyInRange(FirstEscape, LastEscape))
        {
            var plain = new byte[Encoding.UTF8.GetByteCount(path) + 1];
            Encoding.UTF8.GetBytes(path, plain);
            return plain;
        }

        var bytes = new List<byte>(path.Length * 3);
        var utf8 = new byte[4];
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.Value is >= FirstEscape and <= LastEscape)
            {
                bytes.Add((byte)(rune.Value - 0xEF00));
            }
            else
            {
                bytes.AddRange(utf8.AsSpan(0, rune.EncodeToUtf8(utf8)));
            }
        }

        bytes.Add(0);
        return [.. bytes];
    }
}
