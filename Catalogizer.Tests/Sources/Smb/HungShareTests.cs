using System.Globalization;
using System.Net.Http.Headers;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A file server that accepts calls but never responds does not affect anything else, and leaves nothing behind.</summary>
[Trait("Category", "Server")]
public sealed class HungShareTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private const int NoSuchProcess = 3;
    private const int WarmUpRounds = 1;

    /// <summary>Calls of each kind per round, to tell what a call leaves behind from what the runtime itself creates and drops.</summary>
    private const int CallsPerKind = 3;

    private static readonly int RoundCount =
        Environment.GetEnvironmentVariable("CATALOGIZER_HANGS") is { } hangs ? int.Parse(hangs, CultureInfo.InvariantCulture) : TestRun.Repetitions(2, 10);
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

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
        await using var program = ProcessClient.CreateServer(home);
        program.EnvironmentVariables["CATALOGIZER__SMB__ANSWERLIMIT"] = "00:00:04";
        program.EnvironmentVariables["TMPDIR"] = Directory.CreateDirectory(home.PathOf("tmp")).FullName;
        await program.StartAsync();
        using (var client = await ProcessClient.SignInAsync(program))
        {
            await client.PostAsync("sources", SmbSources.CreateDraft(_server));
            await using var listener = await EventStreamListener.ListenAsync(client.Http);
            await client.PostAsync("sources/1/scan", new { });
            await listener.ReadUntilAsync(received => IsScanEvent(received, "completed"));
        }

        var before = default(ProcessResources);
        for (var round = 0; round < WarmUpRounds + RoundCount; round++)
        {
            before = round == WarmUpRounds ? ProcessResources.Measure(program) : before;
            await RunHungRoundAsync(program);
        }

        // The runtime's own resources vary; a leak of one per call of a kind would be seen, and over many rounds one per round.
        var noise = Math.Max(5, RoundCount / 2);
        var after = ProcessResources.Measure(program);
        // The server takes a while to close what the clients of the last round have closed.
        _ = SpinWait.SpinUntil(() => (after = ProcessResources.Measure(program)).Threads <= before.Threads + noise && after.Handles <= before.Handles + noise, WaitTimeout);
        Assert.Equal((1, 1), (after.Children, after.Folders));
        Assert.InRange(after.Threads, 1, before.Threads + noise);
        Assert.InRange(after.Handles, 1, before.Handles + noise);
    }

    [Fact]
    public async Task Server_Hung_QueriesAndOtherSourcesGoOn()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Here (2001).mkv");
        var here = (await catalog.AddSourceAsync("Here")).Id;
        var away = (await catalog.AddAsync(SmbSources.CreateDraft(_server))).Id;
        await catalog.ScanAsync(here);
        await catalog.ScanAsync(away);
        catalog.Write("Here Too (2002).mkv");
        _server.Freeze();
        var hung = (await catalog.Scans.StartAsync(Actor.System, away, ScanKind.Full, default)).Value;

        var scan = await catalog.ScanAsync(here).WaitAsync(WaitTimeout);
        var page = await catalog.FindAsync().WaitAsync(WaitTimeout);
        var item = await catalog.Media.EditAsync(Actor.System, page.Items.Single(i => i.Title == "Here").Id, new() { Rating = 8 }, default).WaitAsync(WaitTimeout);
        var status = await catalog.Sources.StatusAsync(Actor.System, default).WaitAsync(WaitTimeout);
        await using (var stream = (await catalog.Media.OpenAsync(Actor.System, catalog.Count("SELECT version_id FROM files WHERE name = 'Here (2001).mkv'"), default).WaitAsync(WaitTimeout)).Value.Content)
        {
            Assert.Equal("Here (2001).mkv", await new StreamReader(stream).ReadToEndAsync().WaitAsync(WaitTimeout));
        }

        Assert.Equal((ScanState.Completed, 1L), (scan.State, scan.Added));
        Assert.Equal(22, page.Total);
        Assert.True(item.IsOk);
        Assert.Equal(2, status.Count);
        Assert.NotNull(catalog.Scans.FindRunning(away));     // it hung all the while
        _server.Thaw();
        await catalog.Scans.WaitAsync(hung.Id, default).WaitAsync(WaitTimeout);
        Assert.Equal(ScanState.Completed, (await catalog.Scans.GetAsync(Actor.System, hung.Id, default)).Value.State);
        CatalogInvariants.Check(catalog);
    }

    /// <summary>A scan, connection tests and readers meet the hung server; then it recovers, and is scanned to the end.</summary>
    private async Task RunHungRoundAsync(ServerProcess program)
    {
        using var client = await ProcessClient.SignInAsync(program);
        await using var listener = await EventStreamListener.ListenAsync(client.Http);
        _server.Freeze();
        var tests = Enumerable.Range(0, CallsPerKind).Select(_ => client.PostAsync("sources/test", SmbSources.CreateDraft(_server))).ToList();
        var reads = Enumerable.Range(0, CallsPerKind).Select(_ => ReadAsync(client)).ToList();
        var state = await ScanAsync(client, listener);
        Assert.Equal("failed", state == "completed" ? await ScanAsync(client, listener) : state);    // a scan that was already running may have read all it needs
        Assert.All(await Task.WhenAll(tests).WaitAsync(WaitTimeout), test => Assert.False(test.GetProperty("ok").GetBoolean()));
        Assert.DoesNotContain(true, await Task.WhenAll(reads).WaitAsync(WaitTimeout));
        _server.Thaw();

        await client.PostAsync("sources/1/reconnect", new { });
        await listener.ReadUntilAsync(received => IsScanEvent(received, "completed"));
        Assert.True(await ReadAsync(client).WaitAsync(WaitTimeout));
    }

    /// <returns>The final state of the requested scan, which is the running one if there is one.</returns>
    private static async Task<string?> ScanAsync(ProcessClient client, EventStreamListener listener)
    {
        var id = (await client.PostAsync("sources/1/scan", new { })).GetProperty("scanId").GetInt64();
        var received = await listener.ReadUntilAsync(t => IsScanEvent(t, "completed", id) || IsScanEvent(t, "failed", id));
        return received[^1].Data.GetProperty("scan").GetProperty("state").GetString();
    }

    /// <summary>Reads the end of a long file, which is not cached.</summary>
    private static async Task<bool> ReadAsync(ProcessClient client)
    {
        var item = (await client.GetAsync("media?query=Long")).GetProperty("items")[0].GetProperty("id").GetInt64();
        var version = (await client.GetAsync($"media/{item}/versions"))[0].GetProperty("id").GetInt64();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/versions/{version}/stream");
        request.Headers.Range = new RangeHeaderValue(1_900_000, null);
        try
        {
            using var response = await client.Http.SendAsync(request);
            return response.IsSuccessStatusCode && (await response.Content.ReadAsByteArrayAsync()).Length == 100_000;
        }
        catch (HttpRequestException)
        {
            return false;   // the connection was closed in the middle
        }
    }

    private static bool IsScanEvent(EventStreamListener.ReceivedEvent received, string state, long? id = null) =>
        received.Data.TryGetProperty("scan", out var scan) && scan.GetProperty("state").GetString() == state && (id ?? scan.GetProperty("id").GetInt64()) == scan.GetProperty("id").GetInt64();

    /// <summary>
    /// System resources of a process. Handles are its sockets, pipes and the like, because the runtime opens libraries when it needs them;
    /// threads are those outside the pool, whose size follows the machine's load: what blocks a pool thread also keeps a handle.
    /// </summary>
    private readonly record struct ProcessResources(int Threads, int Handles, int Children, int Folders)
    {
        public static ProcessResources Measure(ServerProcess program)
        {
            var threads = Directory.GetDirectories($"/proc/{program.ProcessId}/task");
            return new ProcessResources(
                threads.Count(thread => Read($"{thread}/comm") is not "" and not ".NET TP Worker\n"),
                new DirectoryInfo($"/proc/{program.ProcessId}/fd").GetFileSystemInfos().Count(handle => handle.LinkTarget is { } target && !target.StartsWith('/')),
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
