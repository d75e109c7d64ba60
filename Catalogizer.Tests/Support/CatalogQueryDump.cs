using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Library;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Support;

/// <summary>The results of all kinds of reads of a catalogue: counts, lists, facets, searches, and every item down to its last file.</summary>
internal static class CatalogQueryDump
{
    private static readonly MediaSort[] Sorts = [.. Enum.GetValues<MediaSort>().Where(s => s is not (MediaSort.Updated or MediaSort.UpdatedDown))];

    /// <param name="searches">The words to search for.</param>
    /// <param name="archived">A source whose versions are left out, and with them all counts of archived items; null to leave out nothing.</param>
    /// <returns>One line per result, without the time when an item was last changed and without fingerprints.</returns>
    public static async Task<IReadOnlyList<string>> CreateAsync(TestCatalog catalog, string[] searches, long? archived = null)
    {
        var statistics = await catalog.Media.StatisticsAsync(Actor.System, default);
        var lines = new List<string> { FormatLine("statistics", archived is null ? statistics : statistics with { ByPresence = ExcludeArchived(statistics.ByPresence) }) };
        foreach (var query in CreateQueries(searches))
        {
            lines.Add(FormatLine($"{query}", NormalizePage(await catalog.FindAsync(query), archived is not null)));
            var window = await catalog.Media.WindowAsync(Actor.System, query with { Limit = 0 }, 0, 200, default);
            lines.Add(FormatLine($"window {query}", window.Select(NormalizeItem)));
        }

        foreach (var word in searches)
        {
            lines.Add(FormatLine($"typing {word}", (await catalog.Media.SuggestAsync(Actor.System, word, 20, default)).Select(NormalizeItem)));
        }

        foreach (var item in (await catalog.FindAsync()).Items.OrderBy(i => i.Id))
        {
            await AddItemAsync(catalog, item, archived, lines);
        }

        var duplicates = catalog.Services.GetRequiredService<IDuplicateStore>();
        lines.Add(FormatLine("duplicates", await duplicates.SummariesAsync(default)));
        foreach (var kind in Enum.GetValues<DuplicateKind>())
        {
            lines.Add(FormatLine($"duplicates {kind}", (await duplicates.PageAsync(new DuplicateQuery(kind, null, null, null, 100), default)).Groups.Select(g => g with { Id = 0 })));
        }

        return lines;
    }

    private static IEnumerable<MediaQuery> CreateQueries(IEnumerable<string> searches)
    {
        var all = new MediaQuery { Limit = 200 };
        foreach (var sort in Sorts)
        {
            yield return all with { Sort = sort };
            yield return all with { Sort = sort, Type = MediaType.Movie };
        }

        foreach (var type in Enum.GetValues<MediaType>())
        {
            yield return all with { Type = type };
        }

        foreach (var presence in new[] { Presence.Present, Presence.Unknown, Presence.Missing })
        {
            yield return all with { Presence = presence };
        }

        foreach (var resolution in new[] { "480p", "720p", "1080p", "2160p" })
        {
            yield return all with { Resolution = resolution };
        }

        for (var source = 1; source < 4; source++)
        {
            yield return all with { Source = source };
        }

        yield return all with { YearFrom = 2000, YearTo = 2010 };
        yield return all with { Limit = 2 };
        foreach (var word in searches)
        {
            yield return all with { Query = word };
        }
    }

    private static async Task AddItemAsync(TestCatalog catalog, MediaSummary item, long? archived, List<string> lines)
    {
        var detail = (await catalog.Media.GetAsync(Actor.System, item.Id, default)).Value;
        lines.Add(FormatLine("item", new { Item = NormalizeItem(detail.Item), detail.Ancestors, detail.Edits }));
        lines.Add(FormatLine("copies", (await catalog.Media.VersionsAsync(Actor.System, item.Id, default)).Value.Where(v => v.SourceId != archived).Select(v => v with { Fingerprint = null })));
        lines.Add(FormatLine("history", (await catalog.Media.HistoryAsync(Actor.System, item.Id, default)).Value.Where(e => e.SourceId != archived)));
        foreach (var part in (await catalog.Media.ChildrenAsync(Actor.System, item.Id, default)).Value)
        {
            await AddItemAsync(catalog, part, archived, lines);
        }
    }

    private static object NormalizePage(MediaPage page, bool withoutArchived) => new
    {
        Items = page.Items.Select(NormalizeItem),
        page.Total,
        page.TotalIsAtLeast,
        Facets = withoutArchived ? page.Facets with { Presence = ExcludeArchived(page.Facets.Presence) } : page.Facets,
    };

    private static Dictionary<string, long> ExcludeArchived(IReadOnlyDictionary<string, long> counts) => counts.Where(c => c.Key != Presence.Retired.ToApiName()).ToDictionary();

    private static MediaSummary NormalizeItem(MediaSummary item) => item with { UpdatedAt = default };

    private static string FormatLine(string label, object value) => $"{label}: {JsonSerializer.Serialize(value)}";
}
