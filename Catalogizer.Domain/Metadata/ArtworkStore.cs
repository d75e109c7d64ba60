using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata;

/// <summary>Posters and covers in the data folder, each under the hash of its content.</summary>
public sealed class ArtworkStore(DataDirectory data, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time, ILogger<ArtworkStore> logger) : IDisposable
{
    /// <summary>What is larger is no cover or poster.</summary>
    public const int MaxBytes = 20 << 20;

    /// <summary>As many bytes as tell what a picture is.</summary>
    internal const int HeaderBytes = 64;

    internal const string UrlPrefix = "/api/v1/artwork/";
    private readonly SemaphoreSlim _resizeLock = new(1);

    private string Folder => Path.Combine(data.Path, "artwork");

    /// <summary>Fetches a picture and keeps it, unless it is kept already.</summary>
    /// <returns>The address pages show it by; null when there is no picture that can be used.</returns>
    /// <exception cref="ProviderException">The provider's host did not answer.</exception>
    public async Task<string?> SaveAsync(ProviderChannel channel, string url, CancellationToken cancellation)
    {
        if (await FindByOriginAsync(url, cancellation) is { } known)
        {
            return known;
        }

        return await channel.GetImageAsync(url, cancellation) is { } bytes ? await SaveAsync(bytes, url, cancellation) : null;
    }

    /// <summary>The address of a picture that was kept from somewhere; null when it is not here.</summary>
    public async Task<string?> FindByOriginAsync(string origin, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Artworks.AsNoTracking().FirstOrDefaultAsync(a => a.SourceUrl == origin, cancellation) is { } known && File.Exists(GetFilePath(known.Hash)) ? UrlPrefix + known.Hash : null;
    }

    /// <summary>Keeps a picture, made small.</summary>
    /// <param name="origin">Where it comes from, to find it again by; null where that is not worth while.</param>
    /// <returns>The address pages show it by; null when it is no picture that can be used.</returns>
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

    /// <summary>Whether a picture can be called so.</summary>
    public static bool IsValidHash(string hash) => hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// The file of a picture and its type; null when there is none of that hash. Every card shows one, so the database is not asked: the
    /// folder holds nothing but pictures under their hashes, and the first bytes tell the type.
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

    /// <summary>Forgets pictures whose files are gone, as they are after a restore, since backups leave them out.</summary>
    /// <returns>Their addresses.</returns>
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

    /// <summary>Takes away the files of pictures that are known no more.</summary>
    internal void DeleteFiles(IEnumerable<string> hashes)
    {
        foreach (var hash in hashes)
        {
            File.Delete(GetFilePath(hash));
        }
    }

    public void Dispose() => _resizeLock.Dispose();

    /// <summary>What a picture is by its first bytes; null for what is none of the kinds browsers draw safely.</summary>
    internal static string? DetectContentType(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;

    private string GetFilePath(string hash) => Path.Combine(Folder, hash);

    /// <summary>At most 500 wide, as JPEG, where ffmpeg is there; what it cannot read stays as it came.</summary>
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
