using System.Text.Json;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Components.Library;

/// <summary>What the library page is first sent with, for the circuit that takes it over.</summary>
/// <param name="Published">How many events there had been: with more since, it may be stale.</param>
internal sealed record LibraryStart(MediaPage Page, IReadOnlyDictionary<long, string> Sources, LibraryLayout Layout, long Published)
{
    public const string Key = "library";

    /// <summary>The circuit's first message carries it, and may be no longer than 32 KiB with all else and its sealing.</summary>
    private const int Most = 14_000;

    /// <summary>Null when it is too much: then the circuit asks again.</summary>
    public static LibraryStart? Of(MediaPage page, IReadOnlyDictionary<long, string> sources, LibraryLayout layout, long published)
    {
        var start = new LibraryStart(page with { Items = [.. page.Items.Select(i => i with { Description = null })] }, sources, layout, published);
        return JsonSerializer.SerializeToUtf8Bytes(start, JsonSerializerOptions.Web).Length <= Most ? start : null;
    }
}
