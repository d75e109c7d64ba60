using System.Globalization;
using Catalogizer.Tests.Support;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Faults;

/// <summary>Killed during edits and a scan: every acknowledged edit survives.</summary>
[Trait("Category", "Server")]
public sealed class KilledEditTests(ITestOutputHelper output) : KillLoop(output)
{
    [Fact]
    public async Task EditsWhileScanning_Killed_KeepEveryAcknowledgedOne()
    {
        using var before = await CreateScannedHomeAsync();
        var (names, expected) = await RescanUndisturbedAsync(before);
        var items = FindUntouchedItems(names, expected);
        var wanted = CalculateKills(8);
        while (Totals.Kills < wanted)
        {
            using var home = CopyHome(before);
            var sentEdits = new Dictionary<long, (int Acknowledged, int Sent)>();
            for (var again = Random.Next(3); again >= 0 && Totals.Kills < wanted; again--)
            {
                await EditUntilKilledAsync(home, items, sentEdits, Random.Next(1, 160));
                Totals.Kills++;
                await CheckCopyAsync(
                    home,
                    asServer: true,
                    async (copy, asServer) =>
                    {
                        CheckEdits(copy, sentEdits);
                        await FinishAsync(copy, asServer);
                        CheckEdits(copy, sentEdits);
                        CheckInvariants(copy);
                        Compare(expected, CatalogSnapshot.Capture(copy, names));
                    },
                    raw: null);
            }
        }

        ReportTotals();
    }

    /// <summary>The ids of the items that keep their identity when the tree changes.</summary>
    private static List<long> FindUntouchedItems(Dictionary<string, string> names, List<string> picture)
    {
        var still = picture.Where(l => l.StartsWith("item|film|", StringComparison.Ordinal)).ToList();
        return [.. names.Where(n => n.Key[0] == 'i' && still.Exists(l => l.StartsWith($"item|{n.Value}|", StringComparison.Ordinal) && l.EndsWith($"|{n.Value}|", StringComparison.Ordinal)))
            .Select(n => long.Parse(n.Key[1..], CultureInfo.InvariantCulture))];
    }

    /// <summary>Four users edit during a scan; the server is killed after <paramref name="steps"/> edits were sent or acknowledged.</summary>
    private static async Task EditUntilKilledAsync(TemporaryFolder home, List<long> items, Dictionary<long, (int Acknowledged, int Sent)> sentEdits, int steps)
    {
        await using var server = ProcessClient.CreateServer(home);
        await server.StartAsync();
        using var client = await ProcessClient.SignInAsync(server);
        await client.PostAsync("sources/1/scan", new { });
        var left = steps;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var editors = Enumerable.Range(0, 4).Select(editor => EditAsync(client, [.. items.Where((_, i) => i % 4 == editor)], sentEdits, () =>
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

    /// <summary>One user, one edit after the other, until the server is killed.</summary>
    private static async Task EditAsync(ProcessClient client, List<long> items, Dictionary<long, (int Acknowledged, int Sent)> sentEdits, Action step)
    {
        try
        {
            for (var serial = 1; ; serial++)
            {
                var item = items[serial % Math.Min(items.Count, 25)];
                int next;
                lock (sentEdits)
                {
                    var was = sentEdits.GetValueOrDefault(item);
                    next = was.Sent + 1;
                    sentEdits[item] = (was.Acknowledged, next);
                }

                step();
                using var response = await client.EditAsync(item, new { description = next.ToString(CultureInfo.InvariantCulture), rating = next % 10 });
                Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                lock (sentEdits)
                {
                    sentEdits[item] = (next, next);
                }

                step();
            }
        }
        catch (HttpRequestException)
        {
            return;     // the server was killed
        }
    }

    private void CheckEdits(TestCatalog catalog, Dictionary<long, (int Acknowledged, int Sent)> sentEdits)
    {
        var savedEdits = catalog.QueryRows("SELECT e.item_id, e.value, m.description FROM item_edits e JOIN media_items m ON m.id = e.item_id WHERE e.field = 'description'")
            .Select(r => r.Split('|')).ToDictionary(r => long.Parse(r[0], CultureInfo.InvariantCulture), r => (Edit: int.Parse(r[1], CultureInfo.InvariantCulture), Shown: r[2]));
        foreach (var (item, (acknowledged, sent)) in sentEdits.Where(s => s.Value.Acknowledged > 0))
        {
            if (!savedEdits.TryGetValue(item, out var now) || now.Edit < acknowledged || now.Edit > sent || now.Shown != now.Edit.ToString(CultureInfo.InvariantCulture))
            {
                Totals.LostRows++;
                Totals.Problems.Add($"Item {item}: edit {acknowledged} was acknowledged, {now} is there.");
            }
        }
    }
}
