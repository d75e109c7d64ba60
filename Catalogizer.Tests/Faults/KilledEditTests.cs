using System.Globalization;
using Catalogizer.Tests.Support;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Faults;

/// <summary>Killed while people edit and a scan runs: what was acknowledged is there.</summary>
[Trait("Category", "Server")]
public sealed class KilledEditTests(ITestOutputHelper output) : KillLoop(output)
{
    [Fact]
    public async Task EditsWhileScanning_Killed_KeepEveryAcknowledgedOne()
    {
        using var before = await ScannedAsync();
        var (names, expected) = await UndisturbedRescanAsync(before);
        var items = Untouched(names, expected);
        var wanted = Share(8);
        while (Totals.Kills < wanted)
        {
            using var home = CopyOf(before);
            var said = new Dictionary<long, (int Acknowledged, int Sent)>();
            for (var again = Random.Next(3); again >= 0 && Totals.Kills < wanted; again--)
            {
                await EditUntilKilledAsync(home, items, said, Random.Next(1, 160));
                Totals.Kills++;
                await ExamineAsync(
                    home,
                    asServer: true,
                    async (copy, asServer) =>
                    {
                        CheckEdits(copy, said);
                        await FinishAsync(copy, asServer);
                        CheckEdits(copy, said);
                        CheckTruth(copy);
                        Compare(expected, CataloguePicture.Take(copy, names));
                    },
                    raw: null);
            }
        }

        Conclude();
    }

    /// <summary>The items that the changes of the tree leave what they are, by their numbers.</summary>
    private static List<long> Untouched(Dictionary<string, string> names, List<string> picture)
    {
        var still = picture.Where(l => l.StartsWith("item|film|", StringComparison.Ordinal)).ToList();
        return [.. names.Where(n => n.Key[0] == 'i' && still.Exists(l => l.StartsWith($"item|{n.Value}|", StringComparison.Ordinal) && l.EndsWith($"|{n.Value}|", StringComparison.Ordinal)))
            .Select(n => long.Parse(n.Key[1..], CultureInfo.InvariantCulture))];
    }

    /// <summary>Four people edit while a scan runs; the server is killed once so many edits were sent or acknowledged.</summary>
    private static async Task EditUntilKilledAsync(TemporaryFolder home, List<long> items, Dictionary<long, (int Acknowledged, int Sent)> said, int steps)
    {
        await using var server = ProcessClient.Server(home);
        await server.StartAsync();
        using var client = await ProcessClient.SignInAsync(server);
        await client.PostAsync("sources/1/scan", new { });
        var left = steps;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var editors = Enumerable.Range(0, 4).Select(editor => EditAsync(client, [.. items.Where((_, i) => i % 4 == editor)], said, () =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                enough.SetResult();
            }
        })).ToList();
        await Task.WhenAny(enough.Task, Task.WhenAll(editors));
        await server.KillAsync();
        await Task.WhenAll(editors);
    }

    /// <summary>One person, one edit after the other, until the server is gone.</summary>
    private static async Task EditAsync(ProcessClient client, List<long> items, Dictionary<long, (int Acknowledged, int Sent)> said, Action step)
    {
        try
        {
            for (var serial = 1; ; serial++)
            {
                var item = items[serial % Math.Min(items.Count, 25)];
                int next;
                lock (said)
                {
                    var was = said.GetValueOrDefault(item);
                    next = was.Sent + 1;
                    said[item] = (was.Acknowledged, next);
                }

                step();
                using var answer = await client.EditAsync(item, new { description = next.ToString(CultureInfo.InvariantCulture), rating = next % 10 });
                Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                lock (said)
                {
                    said[item] = (next, next);
                }

                step();
            }
        }
        catch (HttpRequestException)
        {
            return;     // killed
        }
    }

    private void CheckEdits(TestCatalogue catalogue, Dictionary<long, (int Acknowledged, int Sent)> said)
    {
        var kept = catalogue.Rows("SELECT e.item_id, e.value, m.description FROM item_edits e JOIN media_items m ON m.id = e.item_id WHERE e.field = 'description'")
            .Select(r => r.Split('|')).ToDictionary(r => long.Parse(r[0], CultureInfo.InvariantCulture), r => (Edit: int.Parse(r[1], CultureInfo.InvariantCulture), Shown: r[2]));
        foreach (var (item, (acknowledged, sent)) in said.Where(s => s.Value.Acknowledged > 0))
        {
            if (!kept.TryGetValue(item, out var now) || now.Edit < acknowledged || now.Edit > sent || now.Shown != now.Edit.ToString(CultureInfo.InvariantCulture))
            {
                Totals.RowsLost++;
                Totals.Problems.Add($"Item {item}: edit {acknowledged} was acknowledged, {now} is there.");
            }
        }
    }
}
