using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Bench.Figures;

/// <summary>Suggestions while typing, compared with the same query on the same file in C.</summary>
internal sealed class TypingScenario : IScenario
{
    private const int SuggestionCount = 10;
    private const double MaxMilliseconds = 15;
    private const double GoalMilliseconds = 6;

    private const string RawSql = """
        SELECT m.* FROM (
          SELECT id FROM (
            SELECT rowid AS id, bm25(media_titles) AS score FROM media_titles WHERE media_titles MATCH ?1 LIMIT 2000)
          ORDER BY score, id LIMIT 10) h
        JOIN media_items m ON m.id = h.id
        """;

    public string Name => "typing";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var tree = MediaTree.GetOrCreate(1_000_000);
        var data = await BenchCatalog.GetOrScanAsync(await PublishedApp.BuildAsync(), tree);
        await using var catalog = BenchCatalog.Open(data);
        var typed = CreateTypedTexts(tree, quick ? 200 : 1000).ToList();
        var words = BenchFolder.WorkPathOf("words.txt");
        await File.WriteAllLinesAsync(words, typed.Select(ToMatchExpression));
        var query = BenchFolder.WorkPathOf("query.sql");
        await File.WriteAllTextAsync(query, RawSql);

        await MeasureSuggestionsAsync(catalog, typed);   // warm-up: compiled and cached
        var ratios = new List<(Latencies Raw, Latencies Ours)>();
        for (var round = 0; round < (quick ? 1 : 3); round++)
        {
            ratios.Add((await MeasureRawSqlAsync(data, query, words), await MeasureSuggestionsAsync(catalog, typed)));
            ratios.Add((await MeasureRawSqlAsync(data, query, words), await MeasureSuggestionsAsync(catalog, typed)));
        }

        var p99 = Spread.From(ratios.Select(r => r.Ours.P99 / r.Raw.P99));
        var p50 = Spread.From(ratios.Select(r => r.Ours.Median / r.Raw.Median));
        var ours = 1000 * Spread.From(ratios.Select(r => r.Ours.P99)).Median;
        var (items, limit) = (catalog.QueryInt64("SELECT count(*) FROM media_items"), Limit.Maximum(3, 1.5));
        var reached = limit.IsMet(p99.Median, limit.Goal) && ours <= GoalMilliseconds ? "goal"
            : limit.IsMet(p99.Median, limit.Must) && ours <= MaxMilliseconds ? "must" : ResultRow.Missed;
        return
        [
            new ResultRow(
                "P10",
                string.Create(CultureInfo.InvariantCulture, $"suggestions while typing, 1–4 letters and a word with 1–3 more, {items:N0} items: p99 of the service call"),
                "the same question in C on the same file")
            {
                Detail = $"{ResultFormatter.FormatSeconds(ours / 1000)} against {ResultFormatter.FormatSeconds(Spread.From(ratios.Select(r => r.Raw.P99)).Median)}; p50 {ResultFormatter.Format(p50)}: {ResultFormatter.FormatSeconds(Spread.From(ratios.Select(r => r.Ours.Median)).Median)}",
                Must = $"{limit.Format(limit.Must)} and ≤ {MaxMilliseconds:0} ms",
                Goal = $"{limit.Format(limit.Goal)} and ≤ {GoalMilliseconds:0} ms",
                Reached = reached,
            }.WithRatio(p99),
        ];
    }

    private static Task<Latencies> MeasureSuggestionsAsync(BenchCatalog catalog, List<string> typed) =>
        Latencies.MeasureAsync(typed, words => catalog.Media.SuggestAsync(Actor.System, words, SuggestionCount, CancellationToken.None));

    private static async Task<Latencies> MeasureRawSqlAsync(string data, string query, string words)
    {
        var output = await ProcessRunner.RunAsync(await NativeTools.CompileRowToolAsync(), ["ask", Path.Combine(data, "catalogizer.db"), PublishedApp.PassphraseLiteral, query, words]);
        return new Latencies([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture) / 1e9)]);
    }

    /// <summary>Prefixes of existing titles, as a user types them.</summary>
    private static IEnumerable<string> CreateTypedTexts(MediaTree tree, int count)
    {
        var titles = tree.Paths.Where(p => p.StartsWith("Films/", StringComparison.Ordinal) && p.EndsWith(".mkv", StringComparison.Ordinal))
            .Select(p => p.Split('/')[2].Split(" (")[0].ToLowerInvariant().Split(' ')).Where(words => words.Length > 1).ToList();
        for (var i = 0; i < count; i++)
        {
            var words = titles[(int)(i * 7919L % titles.Count)];
            var (last, letters) = (words[1], 1 + (i / 2 % 4));
            yield return i % 2 == 0 ? words[0][..Math.Min(letters, words[0].Length)] : $"{words[0]} {last[..Math.Min(1 + (letters % 3), last.Length)]}";
        }
    }

    private static string ToMatchExpression(string typed) => string.Join(' ', typed.Split(' ').Select((word, at) => at == typed.Count(c => c == ' ') ? $"\"{word}\"*" : $"\"{word}\""));
}
