using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Faults;

/// <summary>A full data disk: nothing is damaged, reading continues, and waiting work resumes without user action.</summary>
[Trait("Category", "Server")]
public sealed class DiskFullTests : IDisposable
{
    private const int FilmCount = 250;
    private const int DiskMegabytes = 24;
    private static readonly int FullPoints = TestRun.Repetitions(12, 50);
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _tree = new();
    private readonly TemporaryFolder _home = new();
    private readonly ManualRetryTime _time = new();

    [SmallDiskFact]
    public async Task Scan_DiskFullAtAnyPoint_IsNeverDamagedAndGoesOnByItself()
    {
        Assert.True(ScanRunner.RetryDelay <= TimeSpan.FromSeconds(30));
        SampleTree.Create(_tree, FilmCount);
        using var disk = new SmallDisk(_home.PathOf("data"), DiskMegabytes);
        var (expected, needed) = await ScanUndisturbedAsync(disk);
        var (waited, offset) = (0, new Random(TestRun.Seed).NextDouble());
        for (var point = 0; point < FullPoints; point++)
        {
            DeleteData();
            waited += await ScanWithAsync(disk, (long)(needed * (point + offset) / FullPoints), expected) ? 1 : 0;
        }

        Assert.True(waited > FullPoints / 2, $"Only {waited} of {FullPoints} scans met the full disk.");
    }

    [SmallDiskFact]
    public async Task Edit_DiskFull_IsRefusedOrKeptAndReadingGoesOn()
    {
        for (var i = 0; i < 60; i++)
        {
            _tree.Write($"media/Film {i:00} (2001).mkv", "x");
        }

        using var disk = new SmallDisk(_home.PathOf("data"), DiskMegabytes);
        await using var catalog = new TestCatalog(home: _home);
        await catalog.ScanAsync((await catalog.AddSourceAsync("Films", _tree.PathOf("media"))).Id);
        var item = await catalog.FindOneAsync("Film 07");
        disk.FillExcept(0);
        var (kept, refused) = ("", 0);
        for (var i = 0; i < 400 && refused < 3; i++)
        {
            var text = new string((char)('a' + (i % 26)), 2000);
            try
            {
                Assert.True((await catalog.Media.EditAsync(Actor.System, item.Id, new MediaEdits { Description = text }, default)).IsOk);
                kept = text;
            }
            catch (Exception exception) when (StorageErrors.IsDiskFailure(exception))
            {
                Assert.Contains("full", StorageErrors.Describe(exception), StringComparison.Ordinal);
                refused++;
                kept = (await catalog.FindOneAsync("Film 07")).Description ?? "";
            }
        }

        Assert.Equal(3, refused);
        Assert.Equal((60, kept), ((await catalog.FindAsync()).Total, (await catalog.FindOneAsync("Film 07")).Description ?? ""));
        disk.RemoveBallast();
        await catalog.Media.EditAsync(Actor.System, item.Id, new MediaEdits { Rating = 9 }, default);
        CatalogInvariants.Check(catalog);
        Assert.Equal("ok", Assert.Single(catalog.QueryRows("PRAGMA integrity_check")));
    }

    [SmallDiskFact]
    public async Task Start_DiskFullWithAScanLeftOver_TakesItUpOnceThereIsSpace()
    {
        SampleTree.Create(_tree, 40);
        using var disk = new SmallDisk(_home.PathOf("data"), DiskMegabytes);
        await using var catalog = new TestCatalog(_time, _home);
        var source = await catalog.AddSourceAsync("media", _tree.PathOf("media"));
        await catalog.Services.GetRequiredService<IScanStore>().BeginBulkLoadAsync(default);
        catalog.Execute($"INSERT INTO scans (source_id, kind, state, listed, added, changed, moved, missing, unknown, failed_folders, skipped, unchanged_folders, requested_at) VALUES ({source.Id}, 'Full', 'Running', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
        await catalog.ReopenAsync();
        disk.FillExcept(0);
        using var host = ActivatorUtilities.CreateInstance<ScanRecoveryService>(catalog.Services);

        await host.StartAsync(default);
        await _time.Waiting.WaitAsync(WaitTimeout);
        disk.RemoveBallast();
        _time.Retry();
        await host.ExecuteTask!.WaitAsync(WaitTimeout);

        await catalog.Scans.WaitAsync(1, default).WaitAsync(WaitTimeout);
        Assert.Equal(ScanState.Completed, (await catalog.Scans.GetAsync(Actor.System, 1, default)).Value.State);
        CatalogInvariants.Check(catalog);
    }

    [MountNamespaceFact]
    public async Task Server_DiskFull_StaysUpSaysSoAndGoesOnByItself()
    {
        SampleTree.Create(_tree, FilmCount);
        await using var server = ProcessClient.CreateServer(_home, MountNamespace.CreateCommandPrefix("mkdir -p \"$CATALOGIZER_HOME/data\"; mount -t tmpfs -o size=12m none \"$CATALOGIZER_HOME/data\""));
        await server.StartAsync();
        using var client = await ProcessClient.SignInAsync(server);
        _tree.Write("one/A (2001).mkv", "x");
        await client.PostAsync("sources", new { name = "One", protocol = "local", path = _tree.PathOf("one") });
        await client.PostAsync("sources", new { name = "Films", protocol = "local", path = _tree.PathOf("media") });
        await using var listener = await EventStreamListener.ListenAsync(client.Http);
        await client.PostAsync("sources/1/scan", new { });
        await listener.ReadUntilAsync(received => IsScanEvent(received, 1, "completed"));
        var ballast = $"/proc/{server.ProcessId}/root{_home.PathOf("data")}/ballast";
        FillDisk(ballast, leave: 300_000);

        var scan = (await client.PostAsync("sources/2/scan", new { })).GetProperty("scanId").GetInt64();
        await listener.ReadUntilAsync(received => IsScanEvent(received, 2, "queued") && received.Data.GetProperty("scan").GetProperty("reason").ValueKind == JsonValueKind.String);
        FillDisk(ballast + "2", leave: 0);
        var waiting = await client.GetAsync($"scans/{scan}");
        using var edit = await EditUntilFullAsync(client);
        var items = await client.GetAsync("media?query=a&source=1");
        using var ready = await client.Http.GetAsync("/health/ready");
        var lines = server.OutputLines!.Count;
        for (var i = 0; i < 50; i++)
        {
            using var refused = await client.EditAsync(1, new { description = new string('x', 19_000 + i) });
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        }

        using var rejected = await client.Http.PostAsJsonAsync("/api/v1/auth/login", new { username = "root", password = "another good phrase" });
        using (var second = await ProcessClient.SignInAsync(server))
        {
            Assert.Equal("root", (await second.GetAsync("auth/me")).GetProperty("username").GetString());
            using var health = await second.Http.GetAsync("/health");
            Assert.Contains("free", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var left = await second.Http.PostAsync("/api/v1/auth/logout", null);
            Assert.True(left.IsSuccessStatusCode);
            using var ended = await second.Http.GetAsync("/api/v1/auth/me");
            Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        }

        Assert.False(rejected.IsSuccessStatusCode);
        Assert.InRange(server.OutputLines.Count - lines, 0, 99);
        Assert.Contains(server.OutputLines, line => line.Contains("is full", StringComparison.Ordinal));
        Assert.Equal("queued", waiting.GetProperty("state").GetString());
        Assert.Contains("is full", waiting.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InsufficientStorage, edit.StatusCode);
        Assert.Contains("is full", await edit.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, items.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        File.Delete(ballast);
        File.Delete(ballast + "2");
        await listener.ReadUntilAsync(received => IsScanEvent(received, 2, "completed"));
        var stats = await client.GetAsync("media/stats");
        Assert.Equal(Directory.GetFiles(_tree.PathOf("media"), "*", SearchOption.AllDirectories).Length + 1, stats.GetProperty("files").GetInt32());
    }

    /// <summary>The WAL keeps the space of earlier writes; edits use that up first.</summary>
    private static async Task<HttpResponseMessage> EditUntilFullAsync(ProcessClient client)
    {
        for (var size = 10_000; ; size += 100)
        {
            var response = await client.EditAsync(1, new { description = new string('x', size) });
            if (!response.IsSuccessStatusCode || size > 30_000)
            {
                return response;
            }

            response.Dispose();
        }
    }

    [MountNamespaceFact]
    public async Task Start_DiskFull_EndsWithOneSentenceAndStartsOnceThereIsSpace()
    {
        await using (var catalog = new TestCatalog(home: _home))
        {
            await catalog.AddSourceAsync("Films", _tree.Path);
        }

        foreach (var verb in new[] { "doctor", "serve" })
        {
            var full = await RunAsync("dd if=/dev/zero of=\"$CATALOGIZER_HOME/data/ballast\" bs=4096 2>/dev/null", verb);

            Assert.Equal((1, ""), (full.ExitCode, full.Output));
            Assert.Contains("full", Assert.Single(full.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }

        var roomy = await RunAsync("true", "doctor");
        Assert.True(roomy.ExitCode == 0, roomy.Errors + roomy.Output);
    }

    public void Dispose()
    {
        _tree.Dispose();
        _home.Dispose();
    }

    /// <summary>Runs a command over a copy of the data on a small disk, after some lines of shell.</summary>
    private Task<CommandRun> RunAsync(string shell, string verb)
    {
        string[] command =
        [
            .. MountNamespace.CreateCommandPrefix($"cp -a \"$CATALOGIZER_HOME/data\" \"$CATALOGIZER_HOME/seed\"; mount -t tmpfs -o size=8m none \"$CATALOGIZER_HOME/data\"; cp -a \"$CATALOGIZER_HOME/seed/.\" \"$CATALOGIZER_HOME/data\"; rm -r \"$CATALOGIZER_HOME/seed\"; {shell}"),
            "dotnet", KillRun.ProgramPath, verb,
        ];
        return CommandRun.ExecuteAsync(_home.Path, KillRun.CreateEnvironment(_home.Path), command[0], command[1..]);
    }

    private static bool IsScanEvent(EventStreamListener.ReceivedEvent received, long source, string state) =>
        received.Name == "scan.progressed" && received.Data.GetProperty("scan") is var scan && scan.GetProperty("sourceId").GetInt64() == source && scan.GetProperty("state").GetString() == state;

    /// <summary>Fills the file system of the file, leaving <paramref name="leave"/> bytes free.</summary>
    private static void FillDisk(string ballast, long leave)
    {
        var block = new byte[4096];
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - leave));
        }
    }

    private async Task<(List<string> Picture, long Needed)> ScanUndisturbedAsync(SmallDisk disk)
    {
        await using var catalog = new TestCatalog(_time, _home);
        var source = await catalog.AddSourceAsync("media", _tree.PathOf("media"));
        var before = disk.FreeBytes;
        await catalog.ScanAsync(source.Id);
        return (CatalogSnapshot.Capture(catalog, null), before - disk.FreeBytes);
    }

    private void DeleteData()
    {
        foreach (var file in Directory.GetFiles(_home.PathOf("data")))
        {
            File.Delete(file);
        }
    }

    /// <summary>Runs a first scan with <paramref name="bytes"/> of free space; returns whether it had to wait for more.</summary>
    private async Task<bool> ScanWithAsync(SmallDisk disk, long bytes, List<string> expected)
    {
        await using var catalog = new TestCatalog(_time, _home);
        await catalog.Scans.RecoverAsync(default);
        var source = await catalog.AddSourceAsync("media", _tree.PathOf("media"));
        var started = (await catalog.Scans.StartAsync(Actor.System, source.Id, null, default)).Value;
        disk.FillExcept(bytes);
        var waited = await IsWaitingForRetryAsync(catalog, started.Id);
        if (waited)
        {
            var seen = (await catalog.Scans.GetAsync(Actor.System, started.Id, default)).Value;
            Assert.Equal(ScanState.Queued, seen.State);
            Assert.Contains("is full", seen.Reason, StringComparison.Ordinal);
            await catalog.FindAsync(new MediaQuery { Query = "wonder" });
            Assert.Equal("closed", Assert.Single(await catalog.Sources.StatusAsync(Actor.System, default)).State);
            disk.RemoveBallast();
            _time.Retry();
        }

        await catalog.Scans.WaitAsync(started.Id, default).WaitAsync(WaitTimeout);
        disk.RemoveBallast();
        var ended = (await catalog.Scans.GetAsync(Actor.System, started.Id, default)).Value;
        Assert.Equal((ScanState.Completed, null, expected.Count(l => l.StartsWith("file|", StringComparison.Ordinal))), (ended.State, ended.Reason, (int)ended.Listed));
        CatalogInvariants.Check(catalog);
        Assert.Equal("ok", Assert.Single(catalog.QueryRows("PRAGMA integrity_check")));
        Assert.Empty(catalog.QueryRows("PRAGMA cipher_integrity_check"));
        Assert.Equal("", CatalogSnapshot.FindDifferences(expected, CatalogSnapshot.Capture(catalog, null)));
        return waited;
    }

    /// <summary>Whether the scan waits for the disk before it ends.</summary>
    private async Task<bool> IsWaitingForRetryAsync(TestCatalog catalog, long scan)
    {
        var ended = catalog.Scans.WaitAsync(scan, default);
        return await Task.WhenAny(ended, _time.Waiting).WaitAsync(WaitTimeout) != ended;
    }

    /// <summary>The real clock, except that the test ends the delay before a retry.</summary>
    private sealed class ManualRetryTime : TimeProvider
    {
        private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _fire;

        /// <summary>Completes when a retry delay begins.</summary>
        public Task Waiting => _waiting.Task;

        public void Retry()
        {
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _fire, null)!();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != ScanRunner.RetryDelay)
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            var timer = base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
            _fire = () => timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            _waiting.TrySetResult();
            return timer;
        }
    }
}
