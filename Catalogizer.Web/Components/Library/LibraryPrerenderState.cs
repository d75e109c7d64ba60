using System.IO.Compression;
using System.Text.Json;
using Catalogizer.Domain.Library;

namespace Catalogizer.Web.Components.Library;

/// <summary>State of the prerendered library page, passed on to its circuit.</summary>
/// <param name="Published">Number of events published by then: if there are more, the state may be stale.</param>
internal sealed record LibraryPrerenderState(MediaPage Page, IReadOnlyDictionary<long, string> Sources, LibraryLayout Layout, long Published)
{
    public const string Key = "library";

    /// <summary>The state is part of the circuit's first message, which may have at most 32 KiB including everything else and its encryption.</summary>
    private const int MaxCompressedBytes = 12_000;

    /// <summary>The compressed state, or null when it is too large; the circuit then loads the data again.</summary>
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
