using System.IO.Compression;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Lists what lies in books, comics, archives and disc images from a few short reads; nothing is unpacked but their own descriptions.</summary>
public static class ContentReader
{
    /// <summary>The most that is read of one file.</summary>
    public const long MaxBytes = 8L << 20;

    /// <summary>The most a cover may have, unpacked.</summary>
    public const int MaxCoverBytes = 20 << 20;

    private static readonly Dictionary<string, ContentKind> KindsByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".epub"] = ContentKind.Book,
        [".cbz"] = ContentKind.Comic,
        [".zip"] = ContentKind.Archive,
        [".iso"] = ContentKind.DiscImage,
    };

    /// <summary>The endings of files whose contents can be listed, with their dots.</summary>
    public static IEnumerable<string> Extensions => KindsByExtension.Keys;

    public static bool CanRead(string path) => KindsByExtension.ContainsKey(Path.GetExtension(path));

    /// <summary>Lists what lies in a file.</summary>
    /// <returns>What was found, and the bytes that were read.</returns>
    /// <exception cref="MediaProbeException">It is not what its name says.</exception>
    /// <exception cref="Sources.SourceException">It could not be read.</exception>
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

    /// <summary>The cover's bytes; null when it is not there any more, or is larger than a cover.</summary>
    /// <exception cref="MediaProbeException">The file is damaged.</exception>
    /// <exception cref="Sources.SourceException">It could not be read.</exception>
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

    /// <summary>An entry's bytes; null when there are more than may be. What the file says of its size is not believed.</summary>
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

    /// <summary>An archive that is none, or is cut or changed, makes the framework throw any of these.</summary>
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
