using System.IO.Compression;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Lists the contents of books, comics, archives and disc images with a few short reads; only their own descriptions are unpacked.</summary>
public static class ContentReader
{
    /// <summary>Maximum number of bytes read from one file to list its contents.</summary>
    public const long MaxBytes = 8L << 20;

    /// <summary>Maximum size of an unpacked cover in bytes.</summary>
    public const int MaxCoverBytes = 20 << 20;

    private static readonly Dictionary<string, ContentKind> KindsByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".epub"] = ContentKind.Book,
        [".cbz"] = ContentKind.Comic,
        [".zip"] = ContentKind.Archive,
        [".iso"] = ContentKind.DiscImage,
    };

    /// <summary>Extensions, with their dots, of the files whose contents can be listed.</summary>
    public static IEnumerable<string> Extensions => KindsByExtension.Keys;

    public static bool CanRead(string path) => KindsByExtension.ContainsKey(Path.GetExtension(path));

    /// <returns>The contents, and the number of bytes that were read.</returns>
    /// <exception cref="MediaProbeException">The file is damaged or not of the type that its name indicates.</exception>
    /// <exception cref="Sources.SourceException">The file could not be read.</exception>
    public static async Task<(FileContents Contents, long Bytes)> ReadAsync(string path, Stream content, CancellationToken cancellation)
    {
        await using var file = new BlockStream(content, MaxBytes);
        var kind = KindsByExtension[Path.GetExtension(path)];
        try
        {
            return (kind == ContentKind.DiscImage ? await DiscImageReader.ReadAsync(file, cancellation) : await ReadZipAsync(kind, file, cancellation), file.BytesRead);
        }
        catch (Exception exception) when (IsCorruption(exception))
        {
            throw new MediaProbeException("The file cannot be read as what its name says: it is damaged or of another kind.", isTransient: false, exception);
        }
    }

    /// <summary>The cover's bytes; null when the entry no longer exists or is larger than <see cref="MaxCoverBytes"/>.</summary>
    /// <exception cref="MediaProbeException">The file is damaged.</exception>
    /// <exception cref="Sources.SourceException">The file could not be read.</exception>
    public static async Task<byte[]?> ReadCoverAsync(string cover, Stream content, CancellationToken cancellation)
    {
        await using var file = new BlockStream(content, MaxBytes + MaxCoverBytes);
        try
        {
            await using var archive = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
            return archive.GetEntry(cover) is { } entry ? await ReadBytesAsync(entry, MaxCoverBytes, cancellation) : null;
        }
        catch (Exception exception) when (IsCorruption(exception))
        {
            throw new MediaProbeException("The file cannot be read: it is damaged.", isTransient: false, exception);
        }
    }

    /// <summary>An entry's bytes; null when there are more than <paramref name="max"/>. The size that the archive declares is not trusted.</summary>
    internal static async Task<byte[]?> ReadBytesAsync(ZipArchiveEntry entry, int max, CancellationToken cancellation)
    {
        await using var opened = await entry.OpenAsync(cancellation);
        using var bytes = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await opened.ReadAsync(block, cancellation)) > 0;)
        {
            if (bytes.Length + read > max)
            {
                return null;
            }

            bytes.Write(block, 0, read);
        }

        return bytes.ToArray();
    }

    /// <summary>Whether it is one of the exceptions that the framework throws for damaged, crafted or wrong archives.</summary>
    private static bool IsCorruption(Exception exception) =>
        exception is InvalidDataException or ArgumentException or NotSupportedException or OverflowException || (exception is IOException and not (MediaProbeException or Sources.SourceException));

    private static async Task<FileContents> ReadZipAsync(ContentKind kind, Stream file, CancellationToken cancellation)
    {
        await using var archive = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
        var files = archive.Entries.Where(e => !e.FullName.EndsWith('/')).ToList();
        var listed = new FileContents(kind)
        {
            Entries = files.Count,
            UnpackedBytes = files.Sum(e => Math.Clamp(e.Length, 0, long.MaxValue / int.MaxValue)),
            First = [.. files.Take(FileContents.MaxListed).Select(e => new ContentEntry(TextCleaner.CleanLine(e.FullName) ?? "", Math.Max(0, e.Length)))],
        };
        return kind switch
        {
            ContentKind.Book => await EpubReader.ReadAsync(archive, listed, cancellation),
            ContentKind.Comic => await ComicReader.ReadAsync(archive, listed, cancellation),
            _ => listed,
        };
    }
}
