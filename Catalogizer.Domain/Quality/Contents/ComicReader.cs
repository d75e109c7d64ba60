using System.IO.Compression;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Counts a comic's pages and reads its <c>ComicInfo.xml</c> if it has one (the Anansi Project's schema, 2.0).</summary>
internal static class ComicReader
{
    private const int MaxDocumentBytes = 1 << 20;
    private static readonly string[] CreatorElements = ["Writer", "Penciller", "Inker", "Colorist"];

    public static async Task<FileContents> ReadAsync(ZipArchive archive, FileContents listed, CancellationToken cancellation)
    {
        var pages = archive.Entries.Where(e => IsPage(e.FullName)).OrderBy(e => e.FullName, StringComparer.Create(System.Globalization.CultureInfo.InvariantCulture, System.Globalization.CompareOptions.NumericOrdering | System.Globalization.CompareOptions.IgnoreCase)).ToList();
        var info = archive.Entries.FirstOrDefault(e => e.FullName.Equals("ComicInfo.xml", StringComparison.OrdinalIgnoreCase)) is { } entry
            ? TextCleaner.ParseXml(await ContentReader.ReadBytesAsync(entry, MaxDocumentBytes, cancellation))
            : null;
        string? GetValue(string name) => TextCleaner.CleanLine(info?.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value);
        return listed with
        {
            Pages = pages.Count,
            Cover = pages.Count > 0 ? pages[0].FullName : null,
            Title = GetValue("Title"),
            Series = GetValue("Series"),
            Number = GetValue("Number"),
            Publisher = GetValue("Publisher"),
            Published = GetValue("Year"),
            Language = GetValue("LanguageISO"),
            Description = TextCleaner.CleanText(info?.Elements().FirstOrDefault(e => e.Name.LocalName == "Summary")?.Value),
            People = [.. CreatorElements.Select(GetValue).OfType<string>().SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct().Take(10)],
        };
    }

    /// <summary>Accepts images, except the shadow files that macOS stores next to files.</summary>
    private static bool IsPage(string name) =>
        Path.GetExtension(name).ToUpperInvariant() is ".JPG" or ".JPEG" or ".PNG" or ".WEBP" or ".GIF" && !name.StartsWith("__MACOSX/", StringComparison.Ordinal) && !Path.GetFileName(name).StartsWith('.');
}
