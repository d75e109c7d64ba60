using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata;

/// <summary>Posters and covers in the data folder, each under the hash of its content.</summary>
public sealed class ArtworkStore(DataDirectory data, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time, ILogger<ArtworkStore> logger) : IDisposable
{
    private const string Address = "/api/v1/artwork/";
    private static readonly TimeSpan ResizeLimit = TimeSpan.FromSeconds(20);
    private readonly SemaphoreSlim _resizing = new(1);

    private string Folder => Path.Combine(data.Path, "artwork");

    /// <summary>Fetches a picture and keeps it, unless it is kept already.</summary>
    /// <returns>The address pages show it by; null when there is no picture that can be used.</returns>
    /// <exception cref="ProviderFault">The provider's host did not answer.</exception>
    public async Task<string?> KeepAsync(ProviderChannel channel, string url, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Artworks.AsNoTracking().FirstOrDefaultAsync(a => a.SourceUrl == url, cancellation) is { } known && File.Exists(FileOf(known.Hash)))
        {
            return Address + known.Hash;
        }

        if (await channel.GetImageAsync(url, cancellation) is not { } bytes || TypeOf(bytes) is not { } type)
        {
            return null;
        }

        (bytes, type) = await SmallerAsync(bytes, type, cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Directory.CreateDirectory(Folder);
        var draft = FileOf(hash) + "." + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        await File.WriteAllBytesAsync(draft, bytes, cancellation);
        File.Move(draft, FileOf(hash), overwrite: true);
        if (!await db.Artworks.AnyAsync(a => a.Hash == hash, cancellation))
        {
            db.Artworks.Add(new Artwork { Hash = hash, SourceUrl = url, ContentType = type, Size = bytes.Length, FetchedAt = time.GetUtcNow() });
            await db.SaveChangesAsync(cancellation);
        }

        return Address + hash;
    }

    /// <summary>The file of a picture and its type; null when there is none of that hash.</summary>
    public async Task<(string Path, string ContentType)?> FindAsync(string hash, CancellationToken cancellation)
    {
        if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var type = await db.Artworks.AsNoTracking().Where(a => a.Hash == hash).Select(a => a.ContentType).FirstOrDefaultAsync(cancellation);
        return type is not null && File.Exists(FileOf(hash)) ? (FileOf(hash), type) : null;
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
            return await ResizeAsync(draft, cancellation) is { Length: > 0 } small && small.Length < bytes.Length && TypeOf(small) == "image/jpeg" ? (small, "image/jpeg") : (bytes, type);
        }
        finally
        {
            File.Delete(draft);
            _resizing.Release();
        }
    }

    private async Task<byte[]?> ResizeAsync(string picture, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        };
        foreach (var argument in (string[])["-v", "error", "-nostdin", "-threads", "1", "-protocol_whitelist", "file,pipe", "-i", picture, "-frames:v", "1", "-vf", "scale='min(500,iw)':-2", "-q:v", "4", "-f", "mjpeg", "pipe:1"])
        {
            process.StartInfo.ArgumentList.Add(argument);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ResizeLimit);
        try
        {
            process.Start();
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            using var output = new MemoryStream();
            await process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token);
            await errors;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output.ToArray() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            logger.LogDebug("There is no ffmpeg to make pictures smaller");
            return null;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }
}
