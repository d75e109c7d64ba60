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
    public const int Largest = 20 << 20;

    /// <summary>As many bytes as tell what a picture is.</summary>
    internal const int Head = 64;

    internal const string Address = "/api/v1/artwork/";
    private readonly SemaphoreSlim _resizing = new(1);

    private string Folder => Path.Combine(data.Path, "artwork");

    /// <summary>Fetches a picture and keeps it, unless it is kept already.</summary>
    /// <returns>The address pages show it by; null when there is no picture that can be used.</returns>
    /// <exception cref="ProviderFault">The provider's host did not answer.</exception>
    public async Task<string?> KeepAsync(ProviderChannel channel, string url, CancellationToken cancellation)
    {
        if (await FindByOriginAsync(url, cancellation) is { } known)
        {
            return known;
        }

        return await channel.GetImageAsync(url, cancellation) is { } bytes ? await KeepAsync(bytes, url, cancellation) : null;
    }

    /// <summary>The address of a picture that was kept from somewhere; null when it is not here.</summary>
    public async Task<string?> FindByOriginAsync(string origin, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Artworks.AsNoTracking().FirstOrDefaultAsync(a => a.SourceUrl == origin, cancellation) is { } known && File.Exists(FileOf(known.Hash)) ? Address + known.Hash : null;
    }

    /// <summary>Keeps a picture, made small.</summary>
    /// <param name="origin">Where it comes from, to find it again by; null where that is not worth while.</param>
    /// <returns>The address pages show it by; null when it is no picture that can be used.</returns>
    public async Task<string?> KeepAsync(byte[] bytes, string? origin, CancellationToken cancellation)
    {
        if (bytes.Length > Largest || TypeOf(bytes) is not { } type)
        {
            return null;
        }

        (bytes, type) = await SmallerAsync(bytes, type, cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Directory.CreateDirectory(Folder);
        var draft = FileOf(hash) + "." + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        await File.WriteAllBytesAsync(draft, bytes, cancellation);
        File.Move(draft, FileOf(hash), overwrite: true);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!await db.Artworks.AnyAsync(a => a.Hash == hash, cancellation))
        {
            db.Artworks.Add(new Artwork { Hash = hash, SourceUrl = origin ?? "", ContentType = type, Size = bytes.Length, FetchedAt = time.GetUtcNow() });
            await db.SaveChangesAsync(cancellation);
        }

        return Address + hash;
    }

    /// <summary>Whether a picture can be called so.</summary>
    public static bool IsHash(string hash) => hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// The file of a picture and its type; null when there is none of that hash. Every card shows one, so the database is not asked: the
    /// folder holds nothing but pictures under their hashes, and the first bytes tell the type.
    /// </summary>
    public (string Path, string ContentType)? Find(string hash)
    {
        if (!IsHash(hash))
        {
            return null;
        }

        var file = FileOf(hash);
        try
        {
            using var opened = File.OpenHandle(file);
            Span<byte> head = stackalloc byte[Head];
            return TypeOf(head[..RandomAccess.Read(opened, head, 0)]) is { } type ? (file, type) : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Forgets pictures whose files are gone, as they are after a restore, since backups leave them out.</summary>
    /// <returns>Their addresses.</returns>
    internal async Task<IReadOnlyCollection<string>> ForgetLostAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var here = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal) : [];
        var lost = (await db.Artworks.AsNoTracking().Select(a => a.Hash).ToListAsync(cancellation)).Where(hash => !here.Contains(hash)).ToList();
        foreach (var some in lost.Chunk(500))
        {
            await db.Artworks.Where(a => some.Contains(a.Hash)).ExecuteDeleteAsync(cancellation);
        }

        return [.. lost.Select(hash => Address + hash)];
    }

    /// <summary>Takes away the files of pictures that are known no more.</summary>
    internal void Remove(IEnumerable<string> hashes)
    {
        foreach (var hash in hashes)
        {
            File.Delete(FileOf(hash));
        }
    }

    public void Dispose() => _resizing.Dispose();

    /// <summary>What a picture is by its first bytes; null for what is none of the kinds browsers draw safely.</summary>
    internal static string? TypeOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;

    private string FileOf(string hash) => Path.Combine(Folder, hash);

    /// <summary>At most 500 wide, as JPEG, where ffmpeg is there; what it cannot read stays as it came.</summary>
    private async Task<(byte[] Bytes, string Type)> SmallerAsync(byte[] bytes, string type, CancellationToken cancellation)
    {
        if (bytes.Length < 60_000)
        {
            return (bytes, type);
        }

        await _resizing.WaitAsync(cancellation);
        var draft = Path.Combine(Path.GetTempPath(), $"catalogizer-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(draft, bytes, cancellation);
            return await Picture.SmallerAsync(draft, cancellation) is { } small && small.Length < bytes.Length && TypeOf(small) == "image/jpeg" ? (small, "image/jpeg") : (bytes, type);
        }
        catch (ProbeFault fault)
        {
            logger.LogDebug("A picture stays as large as it is: {Why}", fault.Message);
            return (bytes, type);
        }
        finally
        {
            File.Delete(draft);
            _resizing.Release();
        }
    }
}
