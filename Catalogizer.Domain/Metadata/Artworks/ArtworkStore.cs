using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata.Artworks;

/// <summary>Posters and covers in the data folder, each named by the hash of its content.</summary>
public sealed class ArtworkStore(DataDirectory data, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time, ILogger<ArtworkStore> logger) : IDisposable
{
    /// <summary>Maximum size in bytes; larger images are not accepted as artwork.</summary>
    public const int MaxBytes = 20 << 20;

    /// <summary>Number of leading bytes that are enough to detect the format of an image.</summary>
    internal const int HeaderBytes = 64;

    internal const string UrlPrefix = "/api/v1/artwork/";
    private readonly SemaphoreSlim _resizeLock = new(1);

    private string Folder => Path.Combine(data.Path, "artwork");

    /// <summary>Downloads and stores an image, unless it is already stored.</summary>
    /// <returns>The address for pages; null when there is no usable image.</returns>
    /// <exception cref="ProviderException">The image could not be downloaded.</exception>
    public async Task<string?> SaveAsync(ProviderChannel channel, string url, CancellationToken cancellation)
    {
        if (await FindByOriginAsync(url, cancellation) is { } known)
        {
            return known;
        }

        return await channel.GetImageAsync(url, cancellation) is { } bytes ? await SaveAsync(bytes, url, cancellation) : null;
    }

    /// <summary>The address of an image stored from this origin; null when there is none or its file is missing.</summary>
    public async Task<string?> FindByOriginAsync(string origin, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Artworks.AsNoTracking().FirstOrDefaultAsync(a => a.SourceUrl == origin, cancellation) is { } known && File.Exists(GetFilePath(known.Hash)) ? UrlPrefix + known.Hash : null;
    }

    /// <summary>Stores an image, scaled down.</summary>
    /// <param name="origin">Where the image comes from, to find it again; null where that is not worthwhile.</param>
    /// <returns>The address for pages; null when it is not a usable image.</returns>
    public async Task<string?> SaveAsync(byte[] bytes, string? origin, CancellationToken cancellation)
    {
        if (bytes.Length > MaxBytes || DetectContentType(bytes) is not { } type)
        {
            return null;
        }

        (bytes, type) = await ResizeAsync(bytes, type, cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Directory.CreateDirectory(Folder);
        var tempPath = GetFilePath(hash) + "." + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        await File.WriteAllBytesAsync(tempPath, bytes, cancellation);
        File.Move(tempPath, GetFilePath(hash), overwrite: true);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!await db.Artworks.AnyAsync(a => a.Hash == hash, cancellation))
        {
            db.Artworks.Add(new Artwork { Hash = hash, SourceUrl = origin ?? "", ContentType = type, Size = bytes.Length, FetchedAt = time.GetUtcNow() });
            await db.SaveChangesAsync(cancellation);
        }

        return UrlPrefix + hash;
    }

    /// <summary>Whether the text has the form of an image's hash.</summary>
    public static bool IsValidHash(string hash) => hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// The file and content type of an image; null when there is none with that hash. Every card shows an image, so this does not query
    /// the database: the folder contains only images named by their hashes, and the first bytes show the type.
    /// </summary>
    public (string Path, string ContentType)? Find(string hash)
    {
        if (!IsValidHash(hash))
        {
            return null;
        }

        var file = GetFilePath(hash);
        try
        {
            using var opened = File.OpenHandle(file);
            Span<byte> head = stackalloc byte[HeaderBytes];
            return DetectContentType(head[..RandomAccess.Read(opened, head, 0)]) is { } type ? (file, type) : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes images whose files are missing, as they are after a restore, because backups do not include them.</summary>
    /// <returns>The addresses of the removed images.</returns>
    internal async Task<IReadOnlyCollection<string>> RemoveMissingAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var existing = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal) : [];
        var missing = (await db.Artworks.AsNoTracking().Select(a => a.Hash).ToListAsync(cancellation)).Where(hash => !existing.Contains(hash)).ToList();
        foreach (var chunk in missing.Chunk(500))
        {
            await db.Artworks.Where(a => chunk.Contains(a.Hash)).ExecuteDeleteAsync(cancellation);
        }

        return [.. missing.Select(hash => UrlPrefix + hash)];
    }

    /// <summary>Deletes the files of images that were removed from the database.</summary>
    internal void DeleteFiles(IEnumerable<string> hashes)
    {
        foreach (var hash in hashes)
        {
            File.Delete(GetFilePath(hash));
        }
    }

    public void Dispose() => _resizeLock.Dispose();

    /// <summary>Content type by the first bytes; null unless it is a format that browsers display safely.</summary>
    internal static string? DetectContentType(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;

    private string GetFilePath(string hash) => Path.Combine(Folder, hash);

    /// <summary>Scales to at most 500 pixels wide, as JPEG, if ffmpeg is installed; an image that it cannot read stays unchanged.</summary>
    private async Task<(byte[] Bytes, string Type)> ResizeAsync(byte[] bytes, string type, CancellationToken cancellation)
    {
        if (bytes.Length < 60_000)
        {
            return (bytes, type);
        }

        await _resizeLock.WaitAsync(cancellation);
        var tempPath = Path.Combine(Path.GetTempPath(), $"catalogizer-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(tempPath, bytes, cancellation);
            return await ImageExtractor.ResizeAsync(tempPath, cancellation) is { } resized && resized.Length < bytes.Length && DetectContentType(resized) == "image/jpeg" ? (resized, "image/jpeg") : (bytes, type);
        }
        catch (MediaProbeException exception)
        {
            logger.LogDebug("A picture stays as large as it is: {Why}", exception.Message);
            return (bytes, type);
        }
        finally
        {
            File.Delete(tempPath);
            _resizeLock.Release();
        }
    }
}
