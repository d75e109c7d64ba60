using System.Globalization;
using System.Net.Http.Headers;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A file server that takes calls and answers none costs nobody else anything, and leaves nothing behind.</summary>
[Trait("Category", "Server")]
public sealed class HungShareTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private const int NoSuchProcess = 3;
    private const int WarmUp = 1;

    /// <summary>Calls of a kind in one round, so that what a call leaves behind is told from what the runtime itself makes and drops.</summary>
    private const int CallsEach = 3;

    private static readonly int Rounds =
        Environment.GetEnvironmentVariable("CATALOGIZER_HANGS") is { } hangs ? int.Parse(hangs, CultureInfo.InvariantCulture) : TestRun.Repetitions(2, 10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SmbServer _server = shared.Server;

    public async Task InitializeAsync()
    {
        await _server.ResetAsync();
        _server.Write("auth/Films/Long One (2001).mkv", new string('x', 2_000_000));
        for (var i = 0; i < 19; i++)
        {
            _server.Write($"auth/Films/Wonder {i} ({1950 + i}).mkv");
        }
    }

    public Task DisposeAsync()
    {
        _server.Thaw();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Server_HungAgainAndAgain_LeavesNothingBehind()
    {
        using var home = new TemporaryFolder();
        await using var program = ProcessClient.Server(home);
        program.Variables["CATALOGIZER__SMB__ANSWERLIMIT"] = "00:00:04";
        program.Variables["TMPDIR"] = Directory.CreateDirectory(home.PathOf("tmp")).FullName;
        await program.StartAsync();
        using (var client = await ProcessClient.SignInAsync(program))
        {
            await client.PostAsync("sources", SmbSources.On(_server));
            await using var ear = await EventEar.ListenAsync(client.Http);
            await client.PostAsync("sources/1/scan", new { });
            await ear.UntilAsync(told => IsScan(told, "completed"));
        }

        var before = default(Held);
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            before = round == WarmUp ? Held.By(program) : before;
            await HangAsync(program);
        }

        // The runtime's own come and go; one a call of a kind would be seen, and in many rounds one a round.
        var noise = Math.Max(5, Rounds / 2);
        var after = Held.By(program);
        // What the clients of the last round have closed, the server closes when it gets to it.
        _ = SpinWait.SpinUntil(() => (after = Held.By(program)).Threads <= before.Threads + noise && after.Handles <= before.Handles + noise, Limit);
        Assert.Equal((1, 1), (after.Children, after.Folders));
        Assert.InRange(after.Threads, 1, before.Threads + noise);
        Assert.InRange(after.Handles, 1, before.Handles + noise);
    }

    [Fact]
    public async Task Server_Hung_QueriesAndOtherSourcesGoOn()
    {
        await using var catalogue = new TestCatalogue();
        catalogue.Write("Here (2001).mkv");
        var here = (await catalogue.AddSourceAsync("Here")).Id;
        var away = (await catalogue.AddAsync(SmbSources.On(_server))).Id;
        await catalogue.ScanAsync(here);
        await catalogue.ScanAsync(away);
        catalogue.Write("Here Too (2002).mkv");
        _server.Freeze();
        var hung = (await catalogue.Scans.StartAsync(Actor.System, away, ScanKind.Full, default)).Value;

        var scan = await catalogue.ScanAsync(here).WaitAsync(Limit);
        var page = await catalogue.FindAsync().WaitAsync(Limit);
        var item = await catalogue.Media.EditAsync(Actor.System, page.Items.Single(i => i.Title == "Here").Id, new() { Rating = 8 }, default).WaitAsync(Limit);
        var status = await catalogue.Sources.StatusAsync(Actor.System, default).WaitAsync(Limit);
        await using (var stream = (await catalogue.Media.OpenAsync(Actor.System, catalogue.Count("SELECT version_id FROM files WHERE name = 'Here (2001).mkv'"), default).WaitAsync(Limit)).Value.Content)
        {
            Assert.Equal("Here (2001).mkv", await new StreamReader(stream).ReadToEndAsync().WaitAsync(Limit));
        }

        Assert.Equal((ScanState.Completed, 1L), (scan.State, scan.Added));
        Assert.Equal(22, page.Total);
        Assert.True(item.IsOk);
        Assert.Equal(2, status.Count);
        Assert.NotNull(catalogue.Scans.FindRunning(away));     // it hung all the while
        _server.Thaw();
        await catalogue.Scans.WaitAsync(hung.Id, default).WaitAsync(Limit);
        Assert.Equal(ScanState.Completed, (await catalogue.Scans.GetAsync(Actor.System, hung.Id, default)).Value.State);
        CatalogueTruth.Check(catalogue);
    }

    /// <summary>A scan, tests and readers meet the hung server; then it is back, and is scanned to the end.</summary>
    private async Task HangAsync(ServerProcess program)
    {
        using var client = await ProcessClient.SignInAsync(program);
        await using var ear = await EventEar.ListenAsync(client.Http);
        _server.Freeze();
        var tests = Enumerable.Range(0, CallsEach).Select(_ => client.PostAsync("sources/test", SmbSources.On(_server))).ToList();
        var reads = Enumerable.Range(0, CallsEach).Select(_ => ReadAsync(client)).ToList();
        var state = await ScanAsync(client, ear);
        Assert.Equal("failed", state == "completed" ? await ScanAsync(client, ear) : state);    // one under way may have read all it needs
        Assert.All(await Task.WhenAll(tests).WaitAsync(Limit), test => Assert.False(test.GetProperty("ok").GetBoolean()));
        Assert.DoesNotContain(true, await Task.WhenAll(reads).WaitAsync(Limit));
        _server.Thaw();

        await client.PostAsync("sources/1/reconnect", new { });
        await ear.UntilAsync(told => IsScan(told, "completed"));
        Assert.True(await ReadAsync(client).WaitAsync(Limit));
    }

    /// <returns>How the scan ended that was asked for, which is the one under way if there is one.</returns>
    private static async Task<string?> ScanAsync(ProcessClient client, EventEar ear)
    {
        var id = (await client.PostAsync("sources/1/scan", new { })).GetProperty("scanId").GetInt64();
        var told = await ear.UntilAsync(t => IsScan(t, "completed", id) || IsScan(t, "failed", id));
        return told[^1].Data.GetProperty("scan").GetProperty("state").GetString();
    }

    /// <summary>Reads the end of a long file, which is not kept here.</summary>
    private static async Task<bool> ReadAsync(ProcessClient client)
    {
        var item = (await client.GetAsync("media?query=Long")).GetProperty("items")[0].GetProperty("id").GetInt64();
        var version = (await client.GetAsync($"media/{item}/versions"))[0].GetProperty("id").GetInt64();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/versions/{version}/stream");
        request.Headers.Range = new RangeHeaderValue(1_900_000, null);
        try
        {
            using var answer = await client.Http.SendAsync(request);
            return answer.IsSuccessStatusCode && (await answer.Content.ReadAsByteArrayAsync()).Length == 100_000;
        }
        catch (HttpRequestException)
        {
            return false;   // broken off in the middle
        }
    }

    private static bool IsScan(EventEar.Told told, string state, long? id = null) =>
        told.Data.TryGetProperty("scan", out var scan) && scan.GetProperty("state").GetString() == state && (id ?? scan.GetProperty("id").GetInt64()) == scan.GetProperty("id").GetInt64();

    /// <summary>
    /// What a process holds of the system. Of handles its sockets, pipes and the like, as the runtime opens libraries when it needs them; of
    /// threads those that are not the pool's, whose number follows the load of the machine: what keeps one of those keeps a handle too.
    /// </summary>
    private readonly record struct Held(int Threads, int Handles, int Children, int Folders)
    {
        public static Held By(ServerProcess program)
        {
            var threads = Directory.GetDirectories($"/proc/{program.Id}/task");
            return new Held(
                threads.Count(thread => Read($"{thread}/comm") is not "" and not ".NET TP Worker\n"),
                new DirectoryInfo($"/proc/{program.Id}/fd").GetFileSystemInfos().Count(handle => handle.LinkTarget is { } target && !target.StartsWith('/')),
                threads.Sum(thread => Read($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length),
                Directory.GetDirectories(program.PathOf("tmp"), "catalogizer-smb-*").Length);
        }

        private static string Read(string file)
        {
            try
            {
                return File.ReadAllText(file);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or IOException { HResult: NoSuchProcess })
            {
                return "";      // the thread ended
            }
        }
    }
}
