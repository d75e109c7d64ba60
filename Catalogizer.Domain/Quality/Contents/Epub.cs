using System.IO.Compression;
using System.Xml.Linq;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Reads a book's own description (EPUB 2 and 3, W3C "EPUB 3.3" §5: <c>META-INF/container.xml</c> names the package document).</summary>
internal static class Epub
{
    private const int LongestDocument = 2 << 20;
    private const int MostPeople = 10;

    public static async Task<FileContents> ReadAsync(ZipArchive archive, FileContents listed, CancellationToken cancellation)
    {
        var container = await XmlAsync(archive, "META-INF/container.xml", cancellation);
        var place = container?.Descendants().FirstOrDefault(e => e.Name.LocalName == "rootfile")?.Attribute("full-path")?.Value
            ?? archive.Entries.FirstOrDefault(e => e.FullName.EndsWith(".opf", StringComparison.OrdinalIgnoreCase))?.FullName;
        if (place is null || await XmlAsync(archive, place, cancellation) is not { } package)
        {
            throw new InvalidDataException("A book without a package document.");
        }

        var metadata = package.Elements().FirstOrDefault(e => e.Name.LocalName == "metadata");
        var told = (metadata?.Descendants() ?? []).ToLookup(e => e.Name.LocalName, StringComparer.OrdinalIgnoreCase);
        return listed with
        {
            Title = Words.Line(told["title"].FirstOrDefault()?.Value),
            People = [.. told["creator"].Select(e => Words.Line(e.Value)).OfType<string>().Distinct().Take(MostPeople)],
            Series = Meta(told["meta"], "calibre:series") ?? Words.Line(Property(told["meta"], "belongs-to-collection")?.Value),
            Number = Meta(told["meta"], "calibre:series_index") ?? Words.Line(Property(told["meta"], "group-position")?.Value),
            Publisher = Words.Line(told["publisher"].FirstOrDefault()?.Value),
            Published = Words.Line(told["date"].FirstOrDefault()?.Value),
            Language = Words.Line(told["language"].FirstOrDefault()?.Value),
            Description = Words.Text(told["description"].FirstOrDefault()?.Value),
            Isbn = told["identifier"].Select(e => Isbn(e.Value)).OfType<string>().FirstOrDefault(),
            Cover = Cover(package, told["meta"], place) is { } cover && archive.GetEntry(cover) is not null ? cover : null,
        };
    }

    /// <summary>EPUB 3 marks the cover in its manifest, EPUB 2 by a <c>meta</c> that names the manifest's entry.</summary>
    private static string? Cover(XElement package, IEnumerable<XElement> metas, string place)
    {
        var items = package.Elements().FirstOrDefault(e => e.Name.LocalName == "manifest")?.Elements().ToList() ?? [];
        var named = metas.FirstOrDefault(m => m.Attribute("name")?.Value == "cover")?.Attribute("content")?.Value;
        var item = items.FirstOrDefault(i => (i.Attribute("properties")?.Value ?? "").Split(' ').Contains("cover-image"))
            ?? items.FirstOrDefault(i => named is not null && i.Attribute("id")?.Value == named);
        if (item?.Attribute("href")?.Value is not { } href || !(item.Attribute("media-type")?.Value ?? "").StartsWith("image/", StringComparison.Ordinal))
        {
            return null;
        }

        // An address relative to the document; no host or folder outside can come of it, since it is looked for among the entries.
        return Uri.TryCreate(new Uri("epub:///" + place), href, out var found) ? Uri.UnescapeDataString(found.AbsolutePath).TrimStart('/') : null;
    }

    private static string? Meta(IEnumerable<XElement> metas, string name) => Words.Line(metas.FirstOrDefault(m => m.Attribute("name")?.Value == name)?.Attribute("content")?.Value);

    private static XElement? Property(IEnumerable<XElement> metas, string name) => metas.FirstOrDefault(m => m.Attribute("property")?.Value == name);

    private static string? Isbn(string text)
    {
        var digits = string.Concat(text.Where(c => char.IsAsciiDigit(c) || c is 'x' or 'X')).ToUpperInvariant();
        return text.Contains("isbn", StringComparison.OrdinalIgnoreCase) || text.Trim().StartsWith("978", StringComparison.Ordinal) || text.Trim().StartsWith("979", StringComparison.Ordinal)
            ? digits.Length is 10 or 13 ? digits : null
            : null;
    }

    private static async Task<XElement?> XmlAsync(ZipArchive archive, string name, CancellationToken cancellation) =>
        archive.GetEntry(name) is { } entry ? Words.Xml(await ContentReader.BytesAsync(entry, LongestDocument, cancellation)) : null;
}
