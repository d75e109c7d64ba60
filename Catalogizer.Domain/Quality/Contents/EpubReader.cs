using System.IO.Compression;
using System.Xml.Linq;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Reads the metadata of an EPUB book (EPUB 2 and 3, W3C "EPUB 3.3" §5: <c>META-INF/container.xml</c> names the package document).</summary>
internal static class EpubReader
{
    private const int MaxDocumentBytes = 2 << 20;
    private const int MaxPeople = 10;

    public static async Task<FileContents> ReadAsync(ZipArchive archive, FileContents listed, CancellationToken cancellation)
    {
        var container = await ReadXmlAsync(archive, "META-INF/container.xml", cancellation);
        var packagePath = container?.Descendants().FirstOrDefault(e => e.Name.LocalName == "rootfile")?.Attribute("full-path")?.Value
            ?? archive.Entries.FirstOrDefault(e => e.FullName.EndsWith(".opf", StringComparison.OrdinalIgnoreCase))?.FullName;
        if (packagePath is null || await ReadXmlAsync(archive, packagePath, cancellation) is not { } package)
        {
            throw new InvalidDataException("A book without a package document.");
        }

        var metadata = package.Elements().FirstOrDefault(e => e.Name.LocalName == "metadata");
        var elements = (metadata?.Descendants() ?? []).ToLookup(e => e.Name.LocalName, StringComparer.OrdinalIgnoreCase);
        return listed with
        {
            Title = TextCleaner.CleanLine(elements["title"].FirstOrDefault()?.Value),
            People = [.. elements["creator"].Select(e => TextCleaner.CleanLine(e.Value)).OfType<string>().Distinct().Take(MaxPeople)],
            Series = FindMetaContent(elements["meta"], "calibre:series") ?? TextCleaner.CleanLine(FindProperty(elements["meta"], "belongs-to-collection")?.Value),
            Number = FindMetaContent(elements["meta"], "calibre:series_index") ?? TextCleaner.CleanLine(FindProperty(elements["meta"], "group-position")?.Value),
            Publisher = TextCleaner.CleanLine(elements["publisher"].FirstOrDefault()?.Value),
            Published = TextCleaner.CleanLine(elements["date"].FirstOrDefault()?.Value),
            Language = TextCleaner.CleanLine(elements["language"].FirstOrDefault()?.Value),
            Description = TextCleaner.CleanText(elements["description"].FirstOrDefault()?.Value),
            Isbn = elements["identifier"].Select(e => ParseIsbn(e.Value)).OfType<string>().FirstOrDefault(),
            Cover = FindCover(package, elements["meta"], packagePath) is { } cover && archive.GetEntry(cover) is not null ? cover : null,
        };
    }

    /// <summary>EPUB 3 marks the cover in its manifest, EPUB 2 with a <c>meta</c> element that names the manifest entry.</summary>
    private static string? FindCover(XElement package, IEnumerable<XElement> metas, string packagePath)
    {
        var items = package.Elements().FirstOrDefault(e => e.Name.LocalName == "manifest")?.Elements().ToList() ?? [];
        var named = metas.FirstOrDefault(m => m.Attribute("name")?.Value == "cover")?.Attribute("content")?.Value;
        var item = items.FirstOrDefault(i => (i.Attribute("properties")?.Value ?? "").Split(' ').Contains("cover-image"))
            ?? items.FirstOrDefault(i => named is not null && i.Attribute("id")?.Value == named);
        if (item?.Attribute("href")?.Value is not { } href || !(item.Attribute("media-type")?.Value ?? "").StartsWith("image/", StringComparison.Ordinal))
        {
            return null;
        }

        // The address is relative to the package document. It cannot reach another host or folder, because it is looked up among the entries.
        return Uri.TryCreate(new Uri("epub:///" + packagePath), href, out var found) ? Uri.UnescapeDataString(found.AbsolutePath).TrimStart('/') : null;
    }

    private static string? FindMetaContent(IEnumerable<XElement> metas, string name) => TextCleaner.CleanLine(metas.FirstOrDefault(m => m.Attribute("name")?.Value == name)?.Attribute("content")?.Value);

    private static XElement? FindProperty(IEnumerable<XElement> metas, string name) => metas.FirstOrDefault(m => m.Attribute("property")?.Value == name);

    private static string? ParseIsbn(string text)
    {
        var digits = string.Concat(text.Where(c => char.IsAsciiDigit(c) || c is 'x' or 'X')).ToUpperInvariant();
        return text.Contains("isbn", StringComparison.OrdinalIgnoreCase) || text.Trim().StartsWith("978", StringComparison.Ordinal) || text.Trim().StartsWith("979", StringComparison.Ordinal)
            ? digits.Length is 10 or 13 ? digits : null
            : null;
    }

    private static async Task<XElement?> ReadXmlAsync(ZipArchive archive, string name, CancellationToken cancellation) =>
        archive.GetEntry(name) is { } entry ? TextCleaner.ParseXml(await ContentReader.ReadBytesAsync(entry, MaxDocumentBytes, cancellation)) : null;
}
