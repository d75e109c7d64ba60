using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Accounts;

namespace Catalogizer.Bench.Figures;

/// <summary>Suggestions for words being typed, against the same question to the same file in C.</summary>
internal sealed class Typing : IFigure
{
    private const int Shown = 10;
    private const double MostMilliseconds = 15;
    private const double GoalMilliseconds = 6;

    private const string Raw = """
        SELECT m.* FROM (
          SELECT id FROM (
            SELECT rowid AS id, bm25(media_titles) AS score FROM media_titles WHERE media_titles MATCH ?1 LIMIT 2000)
          ORDER BY score, id LIMIT 10) h
        JOIN media_items m ON m.id = h.id
        """;

    public string Name => "typing";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var tree = MediaTree.Of(1_000_000);
        var data = await Catalogue.OfAsync(await PublishedApp.BuildAsync(), tree);
        await using var catalogue = Catalogue.Open(data);
        var typed = Typed(tree, quick ? 200 : 1000).ToList();
        var words = BenchFolder.WorkPathOf("words.txt");
        await File.WriteAllLinesAsync(words, typed.Select(Match));
        var query = BenchFolder.WorkPathOf("query.sql");
        await File.WriteAllTextAsync(query, Raw);

        await OursAsync(catalogue, typed);   // compiled and warm
        var ratios = new List<(Latencies Raw, Latencies Ours)>();
        for (var round = 0; round < (quick ? 1 : 3); round++)
        {
            ratios.Add((await RawAsync(data, query, words), await OursAsync(catalogue, typed)));
            ratios.Add((await RawAsync(data, query, words), await OursAsync(catalogue, typed)));
        }

        var p99 = Spread.Of(ratios.Select(r => r.Ours.P99 / r.Raw.P99));
        var p50 = Spread.Of(ratios.Select(r => r.Ours.Median / r.Raw.Median));
        var ours = 1000 * Spread.Of(ratios.Select(r => r.Ours.P99)).Median;
        var (items, limit) = (catalogue.Ask("SELECT count(*) FROM media_items"), Limit.NoMore(3, 1.5));
        var reached = limit.Holds(p99.Median, limit.Goal) && ours <= GoalMilliseconds ? "goal"
            : limit.Holds(p99.Median, limit.Must) && ours <= MostMilliseconds ? "must" : FigureRow.Missed;
        return
        [
            new FigureRow(
                "P10",
                string.Create(CultureInfo.InvariantCulture, $"suggestions while typing, 1–4 letters and a word with 1–3 more, {items:N0} items: p99 of the service call"),
                "the same question in C on the same file")
            {
                Detail = $"{Write.Seconds(ours / 1000)} against {Write.Seconds(Spread.Of(ratios.Select(r => r.Raw.P99)).Median)}; p50 {Write.Told(p50)}: {Write.Seconds(Spread.Of(ratios.Select(r => r.Ours.Median)).Median)}",
                Must = $"{limit.Told(limit.Must)} and ≤ {MostMilliseconds:0} ms",
                Goal = $"{limit.Told(limit.Goal)} and ≤ {GoalMilliseconds:0} ms",
                Reached = reached,
            }.With(p99),
        ];
    }

    private static Task<Latencies> OursAsync(Catalogue catalogue, List<string> typed) =>
        Latencies.OfAsync(typed, words => catalogue.Media.SuggestAsync(Actor.System, words, Shown, CancellationToken.None));

    private static async Task<Latencies> RawAsync(string data, string query, string words)
    {
        var told = await Tool.RunAsync(await NativeTools.RowsAsync(), ["ask", Path.Combine(data, "catalogizer.db"), PublishedApp.PassphraseLiteral, query, words]);
        return new Latencies([.. told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture) / 1e9)]);
    }

    /// <summary>Beginnings of titles that are there, as a person comes through them.</summary>
    private static IEnumerable<string> Typed(MediaTree tree, int count)
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

    private static string Match(string typed) => string.Join(' ', typed.Split(' ').Select((word, at) => at == typed.Count(c => c == ' ') ? $"\"{word}\"*" : $"\"{word}\""));
}
