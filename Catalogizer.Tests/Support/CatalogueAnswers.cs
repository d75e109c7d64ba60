using System.Text.Json;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Media;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Support;

/// <summary>What a catalogue answers to whoever reads: counts, lists, facets, searches, and every item to its last file.</summary>
internal static class CatalogueAnswers
{
    private static readonly MediaSort[] Sorts = [.. Enum.GetValues<MediaSort>().Where(s => s is not (MediaSort.Updated or MediaSort.UpdatedDown))];

    /// <param name="words">What is searched for.</param>
    /// <param name="archived">A source whose copies are left out, and with them all counts of what is archived.</param>
    /// <returns>A line an answer. When an item was last changed, and what was read of a file to compare it, is left out.</returns>
    public static async Task<IReadOnlyList<string>> AllAsync(TestCatalogue catalogue, string[] words, long? archived = null)
    {
        var statistics = await catalogue.Media.StatisticsAsync(Actor.System, default);
        var lines = new List<string> { Line("statistics", archived is null ? statistics : statistics with { ByPresence = Without(statistics.ByPresence) }) };
        foreach (var query in Queries(words))
        {
            lines.Add(Line($"{query}", Page(await catalogue.FindAsync(query), archived is not null)));
            var window = await catalogue.Media.WindowAsync(Actor.System, query with { Limit = 0 }, 0, 200, default);
            lines.Add(Line($"window {query}", window.Select(Item)));
        }

        foreach (var word in words)
        {
            lines.Add(Line($"typing {word}", (await catalogue.Media.SuggestAsync(Actor.System, word, 20, default)).Select(Item)));
        }

        foreach (var item in (await catalogue.FindAsync()).Items.OrderBy(i => i.Id))
        {
            await DescribeAsync(catalogue, item, archived, lines);
        }

        var duplicates = catalogue.Services.GetRequiredService<IDuplicateStore>();
        lines.Add(Line("duplicates", await duplicates.SummariesAsync(default)));
        foreach (var kind in Enum.GetValues<DuplicateKind>())
        {
            lines.Add(Line($"duplicates {kind}", (await duplicates.PageAsync(new DuplicateQuery(kind, null, null, null, 100), default)).Groups.Select(g => g with { Id = 0 })));
        }

        return lines;
    }

    private static IEnumerable<MediaQuery> Queries(IEnumerable<string> words)
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
        foreach (var word in words)
        {
            yield return all with { Query = word };
        }
    }

    private static async Task DescribeAsync(TestCatalogue catalogue, MediaSummary item, long? archived, List<string> lines)
    {
        var detail = (await catalogue.Media.GetAsync(Actor.System, item.Id, default)).Value;
        lines.Add(Line("item", new { Item = Item(detail.Item), detail.Ancestors, detail.Edits }));
        lines.Add(Line("copies", (await catalogue.Media.VersionsAsync(Actor.System, item.Id, default)).Value.Where(v => v.SourceId != archived).Select(v => v with { Fingerprint = null })));
        lines.Add(Line("history", (await catalogue.Media.HistoryAsync(Actor.System, item.Id, default)).Value.Where(e => e.SourceId != archived)));
        foreach (var part in (await catalogue.Media.ChildrenAsync(Actor.System, item.Id, default)).Value)
        {
            await DescribeAsync(catalogue, part, archived, lines);
        }
    }

    private static object Page(MediaPage page, bool withoutArchived) => new
    {
        Items = page.Items.Select(Item),
        page.Total,
        page.TotalIsAtLeast,
        Facets = withoutArchived ? page.Facets with { Presence = Without(page.Facets.Presence) } : page.Facets,
    };

    private static Dictionary<string, long> Without(IReadOnlyDictionary<string, long> counts) => counts.Where(c => c.Key != Presence.Retired.ToApiName()).ToDictionary();

    private static MediaSummary Item(MediaSummary item) => item with { UpdatedAt = default };

    private static string Line(string what, object answer) => $"{what}: {JsonSerializer.Serialize(answer)}";
}
