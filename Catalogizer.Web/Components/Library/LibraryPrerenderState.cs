using System.IO.Compression;
using System.Text.Json;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Components.Library;

/// <summary>What the library page is first sent with, for the circuit that takes it over.</summary>
/// <param name="Published">How many events there had been: with more since, it may be stale.</param>
internal sealed record LibraryPrerenderState(MediaPage Page, IReadOnlyDictionary<long, string> Sources, LibraryLayout Layout, long Published)
{
    public const string Key = "library";

    /// <summary>The circuit's first message carries it, and may be no longer than 32 KiB with all else and its sealing.</summary>
    private const int MaxCompressedBytes = 12_000;

    /// <summary>As bytes to be sent along, compressed. Null when it is too much: then the circuit asks again.</summary>
    public byte[]? Compress()
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(brotli, this with { Page = Page with { Items = [.. Page.Items.Select(i => i with { Description = null })] } }, JsonSerializerOptions.Web);
        }

        return compressed.Length <= MaxCompressedBytes ? compressed.ToArray() : null;
    }

    public static LibraryPrerenderState? Decompress(byte[]? compressed)
    {
        if (compressed is null)
        {
            return null;
        }

        using var brotli = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<LibraryPrerenderState>(brotli, JsonSerializerOptions.Web);
    }
}
