using System.IO.Compression;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Lists what lies in books, comics, archives and disc images from a few short reads; nothing is unpacked but their own descriptions.</summary>
public static class ContentReader
{
    /// <summary>The most that is read of one file.</summary>
    public const long MostBytes = 8L << 20;

    /// <summary>The most a cover may have, unpacked.</summary>
    public const int LargestCover = 20 << 20;

    private static readonly Dictionary<string, ContentKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [".epub"] = ContentKind.Book,
        [".cbz"] = ContentKind.Comic,
        [".zip"] = ContentKind.Archive,
        [".iso"] = ContentKind.DiscImage,
    };

    /// <summary>The endings of files whose contents can be listed, with their dots.</summary>
    public static IEnumerable<string> Endings => Kinds.Keys;

    public static bool Covers(string path) => Kinds.ContainsKey(Path.GetExtension(path));

    /// <summary>Lists what lies in a file.</summary>
    /// <returns>What was found, and the bytes that were read.</returns>
    /// <exception cref="ProbeFault">It is not what its name says.</exception>
    /// <exception cref="Sources.SourceException">It could not be read.</exception>
    public static async Task<(FileContents Contents, long Bytes)> ReadAsync(string path, Stream content, CancellationToken cancellation)
    {
        await using var file = new BlockStream(content, MostBytes);
        var kind = Kinds[Path.GetExtension(path)];
        try
        {
            return (kind == ContentKind.DiscImage ? await DiscImage.ReadAsync(file, cancellation) : await ReadZipAsync(kind, file, cancellation), file.Bytes);
        }
        catch (Exception fault) when (IsDamage(fault))
        {
            throw new ProbeFault("The file cannot be read as what its name says: it is damaged or of another kind.", mayPass: false, fault);
        }
    }

    /// <summary>The cover's bytes; null when it is not there any more, or is larger than a cover.</summary>
    /// <exception cref="ProbeFault">The file is damaged.</exception>
    /// <exception cref="Sources.SourceException">It could not be read.</exception>
    public static async Task<byte[]?> CoverAsync(string cover, Stream content, CancellationToken cancellation)
    {
        await using var file = new BlockStream(content, MostBytes + LargestCover);
        try
        {
            await using var archive = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
            return archive.GetEntry(cover) is { } entry ? await BytesAsync(entry, LargestCover, cancellation) : null;
        }
        catch (Exception fault) when (IsDamage(fault))
        {
            throw new ProbeFault("The file cannot be read: it is damaged.", mayPass: false, fault);
        }
    }

    /// <summary>An entry's bytes; null when there are more than may be. What the file says of its size is not believed.</summary>
    internal static async Task<byte[]?> BytesAsync(ZipArchiveEntry entry, int most, CancellationToken cancellation)
    {
        await using var opened = await entry.OpenAsync(cancellation);
        using var bytes = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await opened.ReadAsync(block, cancellation)) > 0;)
        {
            if (bytes.Length + read > most)
            {
                return null;
            }

            bytes.Write(block, 0, read);
        }

        return bytes.ToArray();
    }

    /// <summary>An archive that is none, or is cut or changed, makes the framework throw any of these.</summary>
    private static bool IsDamage(Exception fault) =>
        fault is InvalidDataException or ArgumentException or NotSupportedException or OverflowException || (fault is IOException and not (ProbeFault or Sources.SourceException));

    private static async Task<FileContents> ReadZipAsync(ContentKind kind, Stream file, CancellationToken cancellation)
    {
        await using var archive = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
        var files = archive.Entries.Where(e => !e.FullName.EndsWith('/')).ToList();
        var listed = new FileContents(kind)
        {
            Entries = files.Count,
            UnpackedBytes = files.Sum(e => Math.Clamp(e.Length, 0, long.MaxValue / int.MaxValue)),
            First = [.. files.Take(FileContents.MostNamed).Select(e => new ContentEntry(Words.Line(e.FullName) ?? "", Math.Max(0, e.Length)))],
        };
        return kind switch
        {
            ContentKind.Book => await Epub.ReadAsync(archive, listed, cancellation),
            ContentKind.Comic => await Comic.ReadAsync(archive, listed, cancellation),
            _ => listed,
        };
    }
}
