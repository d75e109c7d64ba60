using System.Buffers.Binary;
using System.Text;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>
/// Lists the files of a disc image by its ISO 9660 file system (ECMA-119, §8 and §9), with Joliet names where it has them. Film discs
/// usually have one in addition to UDF; for an image with UDF only, nothing is listed.
/// </summary>
internal static class DiscImageReader
{
    private const int SectorSize = 2048;
    private const int FirstDescriptorSector = 16;
    private const int MaxDescriptors = 32;
    private const int MaxFolders = 500;
    private const int MaxFiles = 20_000;
    private const int MaxFolderBytes = 1 << 20;

    /// <exception cref="InvalidDataException">The file is not a disc image.</exception>
    public static async Task<FileContents> ReadAsync(Stream image, CancellationToken cancellation)
    {
        var (primary, joliet, isUdf) = await ReadDescriptorsAsync(image, cancellation);
        if (primary is null)
        {
            return isUdf ? new FileContents(ContentKind.DiscImage) { IsCut = true } : throw new InvalidDataException("No file system of a disc.");
        }

        var listed = await ListFilesAsync(image, joliet ?? primary, joliet is not null, cancellation);
        return listed with
        {
            Title = TextCleaner.CleanLine(joliet is null ? null : Encoding.BigEndianUnicode.GetString(joliet, 40, 32).TrimEnd('\0', ' ')) ?? TextCleaner.CleanLine(Encoding.Latin1.GetString(primary, 40, 32).TrimEnd('\0', ' ')),
            Publisher = TextCleaner.CleanLine(Encoding.Latin1.GetString(primary, 318, 128).TrimEnd('\0', ' ')),
            Published = ParseDate(Encoding.ASCII.GetString(primary, 813, 8)),
        };
    }

    private static async Task<(byte[]? Primary, byte[]? Joliet, bool IsUdf)> ReadDescriptorsAsync(Stream image, CancellationToken cancellation)
    {
        byte[]? primary = null, joliet = null;
        var isUdf = false;
        for (var at = FirstDescriptorSector; at < FirstDescriptorSector + MaxDescriptors; at++)
        {
            var sector = new byte[SectorSize];
            image.Position = (long)at * SectorSize;
            if (await image.ReadAtLeastAsync(sector, SectorSize, throwOnEndOfStream: false, cancellation) < SectorSize)
            {
                break;
            }

            var identifier = Encoding.ASCII.GetString(sector, 1, 5);
            isUdf |= identifier is "BEA01" or "NSR02" or "NSR03";
            primary ??= identifier == "CD001" && sector[0] == 1 ? sector : null;
            joliet ??= identifier == "CD001" && sector[0] == 2 && sector[88] == '%' && sector[89] == '/' && sector[90] is (byte)'@' or (byte)'C' or (byte)'E' ? sector : null;
            if (identifier is not ("CD001" or "BEA01" or "NSR02" or "NSR03" or "TEA01"))
            {
                break;
            }
        }

        return (primary, joliet, isUdf);
    }

    private static async Task<FileContents> ListFilesAsync(Stream image, byte[] descriptor, bool isJoliet, CancellationToken cancellation)
    {
        var root = descriptor.AsSpan(156, 34);
        var pending = new Queue<(string Path, uint Start, uint Length)>([("", BinaryPrimitives.ReadUInt32LittleEndian(root[2..]), BinaryPrimitives.ReadUInt32LittleEndian(root[10..]))]);
        var seen = new HashSet<uint>();
        var (first, count, bytes, isCut) = (new List<ContentEntry>(), 0, 0L, false);
        while (pending.TryDequeue(out var folder))
        {
            if (!seen.Add(folder.Start))
            {
                continue;
            }

            if (seen.Count > MaxFolders || count >= MaxFiles || folder.Length > MaxFolderBytes)
            {
                isCut = true;
                break;
            }

            var records = new byte[folder.Length];
            image.Position = (long)folder.Start * SectorSize;
            var bytesRead = await image.ReadAtLeastAsync(records, records.Length, throwOnEndOfStream: false, cancellation);
            foreach (var (name, start, length, isFolder) in ReadRecords(records.AsMemory(0, bytesRead), isJoliet))
            {
                var path = folder.Path + name;
                if (isFolder)
                {
                    pending.Enqueue((path + "/", start, length));
                    continue;
                }

                (count, bytes) = (count + 1, bytes + length);
                if (first.Count < FileContents.MaxListed)
                {
                    first.Add(new ContentEntry(TextCleaner.CleanLine(path) ?? "", length));
                }
            }
        }

        return new FileContents(ContentKind.DiscImage) { Entries = count, UnpackedBytes = bytes, First = first, IsCut = isCut };
    }

    /// <summary>The entries of a folder, except itself and its parent. No record crosses the end of a sector.</summary>
    private static List<(string Name, uint Start, uint Length, bool IsFolder)> ReadRecords(ReadOnlyMemory<byte> folder, bool isJoliet)
    {
        var found = new List<(string, uint, uint, bool)>();
        var bytes = folder.Span;
        for (var at = 0; at < bytes.Length;)
        {
            int length = bytes[at];
            if (length == 0)
            {
                at = (at / SectorSize + 1) * SectorSize;
                continue;
            }

            if (length < 34 || at + length > bytes.Length || 33 + bytes[at + 32] > length)
            {
                break;      // damaged: keep the entries read so far
            }

            var record = bytes.Slice(at, length);
            var name = record.Slice(33, record[32]);
            if (!(name.Length == 1 && name[0] is 0 or 1))
            {
                var text = isJoliet ? Encoding.BigEndianUnicode.GetString(name) : Encoding.Latin1.GetString(name);
                found.Add((text.Split(';')[0].TrimEnd('.'), BinaryPrimitives.ReadUInt32LittleEndian(record[2..]), BinaryPrimitives.ReadUInt32LittleEndian(record[10..]), (record[25] & 2) != 0));
            }

            at += length;
        }

        return found;
    }

    private static string? ParseDate(string digits) =>
        digits.All(char.IsAsciiDigit) && digits[..4] != "0000" ? $"{digits[..4]}-{digits[4..6]}-{digits[6..]}" : null;
}
