using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Changes on a real disk appear without a request.</summary>
public sealed class SourceWatchServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly List<SourceWatchService> _startedServices = [];
    private TestCatalog _catalog = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _catalog.DisposeAsync();
    }

    [Fact]
    public async Task FileAdded_ShowsAndOnlyItsFolderIsListed()
    {
        var source = await AddWatchedSourceAsync();

        _catalog.Write("Films/New (2003).mkv");

        await WaitUntilAsync(() => ReadPresenceAsync("New", Presence.Present));
        await WaitUntilAsync(() => Task.FromResult(_catalog.Scans.FindRunning(source) is null));
        var scan = Assert.Single(await _catalog.Scans.LatestAsync(Actor.System, source, 9, default), s => s.Added == 1);
        Assert.Equal((ScanState.Completed, ScanKind.Quick), (scan.State, scan.Kind));
        Assert.Equal(3, scan.Listed);       // Films, and nothing of Shows
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM folders WHERE path <> '' AND parent_id NOT IN (SELECT id FROM folders)"));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task FileWrittenInPlace_ShowsThoughItsFoldersTimeStays()
    {
        await AddWatchedSourceAsync();
        var path = Path.Combine(_catalog.Root, "Films/A (2001).mkv");
        var before = Directory.GetLastWriteTimeUtc(Path.GetDirectoryName(path)!);

        File.AppendAllText(path, "and more");

        await WaitUntilAsync(() => Task.FromResult(_catalog.Count("SELECT count(*) FROM file_events WHERE kind = 1") == 1));
        Assert.Equal(before, Directory.GetLastWriteTimeUtc(Path.GetDirectoryName(path)!));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task FileDeletedOrRenamed_OldNameIsMissing()
    {
        await AddWatchedSourceAsync();

        _catalog.Delete("Films/A (2001).mkv");
        File.Move(Path.Combine(_catalog.Root, "Films/B (2002).mkv"), Path.Combine(_catalog.Root, "Films/Renamed (2002).mkv"));

        await WaitUntilAsync(async () => (await ReadTitlesAsync()).Contains("Renamed"));
        await WaitUntilAsync(() => ReadPresenceAsync("A", Presence.Missing));
        Assert.Equal(Presence.Present, (await _catalog.FindOneAsync("Some Show")).Presence);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task TreeMovedInAndOutAndIn_FollowsIt()
    {
        await AddWatchedSourceAsync();
        var outside = _catalog.Root + ".outside";
        Directory.CreateDirectory(Path.Combine(outside, "deep/er"));
        File.WriteAllText(Path.Combine(outside, "deep/er/Visitor (2005).mkv"), "x");
        var inside = Path.Combine(_catalog.Root, "Films/visiting");

        Directory.Move(outside, inside);
        await WaitUntilAsync(() => ReadPresenceAsync("Visitor", Presence.Present));

        File.WriteAllText(Path.Combine(inside, "deep/er/Second (2006).mkv"), "x");
        await WaitUntilAsync(() => ReadPresenceAsync("Second", Presence.Present));

        Directory.Move(inside, outside);
        await WaitUntilAsync(() => ReadPresenceAsync("Visitor", Presence.Missing));
        await WaitUntilAsync(() => ReadPresenceAsync("Second", Presence.Missing));

        Directory.Move(outside, inside);
        await WaitUntilAsync(() => ReadPresenceAsync("Visitor", Presence.Present));
        await WaitUntilAsync(() => ReadPresenceAsync("Second", Presence.Present));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task ManyFoldersMadeAtOnce_AllShow()
    {
        await AddWatchedSourceAsync();

        for (var i = 0; i < 300; i++)
        {
            _catalog.Write($"Films/New {i % 7}/{i % 3}/{i}/Wonder {i:000} ({1950 + (i % 70)}).mkv");
        }

        await WaitUntilAsync(() => Task.FromResult(_catalog.Count("SELECT count(*) FROM files WHERE name LIKE 'Wonder%'") == 300));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task NamesThatAreNoUtf8_AreFollowed()
    {
        await AddWatchedSourceAsync();
        RunShell("mkdir \"$1/$(printf 'bad\\377folder')\" && printf x > \"$1/$(printf 'bad\\377folder')/Strange (2007).mkv\"", _catalog.Root);
        await WaitUntilAsync(() => ReadPresenceAsync("Strange", Presence.Present));

        RunShell("printf x > \"$1/$(printf 'bad\\377folder')/Stranger (2008).mkv\"", _catalog.Root);

        await WaitUntilAsync(() => ReadPresenceAsync("Stranger", Presence.Present));
    }

    [Fact]
    public async Task LinkToAFolder_IsNotFollowed()
    {
        await AddWatchedSourceAsync();
        var outside = _catalog.Root + ".outside";
        Directory.CreateDirectory(outside);
        Directory.CreateSymbolicLink(Path.Combine(_catalog.Root, "Films/link"), outside);

        File.WriteAllText(Path.Combine(outside, "Not Ours (2009).mkv"), "x");
        _catalog.Write("Films/Ours (2009).mkv");

        await WaitUntilAsync(() => ReadPresenceAsync("Ours", Presence.Present));
        Assert.DoesNotContain("Not Ours", await ReadTitlesAsync());
    }

    [Fact]
    public async Task ChangedWhileNobodyWatched_ShowsAtTheNextStart()
    {
        var source = await AddWatchedSourceAsync();
        await StopAsync();
        _catalog.Write("Films/Meanwhile (2004).mkv");

        await StartAsync(source);

        await WaitUntilAsync(() => ReadPresenceAsync("Meanwhile", Presence.Present));
    }

    [Fact]
    public async Task NeverScanned_IsWatchedAndNotScanned()
    {
        _catalog.Write("Films/A (2001).mkv");
        var source = await _catalog.AddSourceAsync();
        await StartAsync(source.Id);

        _catalog.Write("Films/B (2002).mkv");
        var first = await _catalog.ScanAsync(source.Id);
        _catalog.Write("Films/C (2003).mkv");

        await WaitUntilAsync(() => ReadPresenceAsync("C", Presence.Present));
        var scans = await _catalog.Scans.LatestAsync(Actor.System, source.Id, 10, default);
        Assert.Equal(first.Id, scans.Min(s => s.Id));
    }

    [Fact]
    public async Task RootRemoved_EverythingIsUnknownAndComesBackByItself()
    {
        var source = await AddWatchedSourceAsync();
        Directory.Move(_catalog.Root, _catalog.Root + ".away");
        await WaitUntilAsync(() => ReadPresenceAsync("A", Presence.Unknown));
        Assert.Equal("polled", (await ReadStatusAsync(source)).Watching);

        Directory.Move(_catalog.Root + ".away", _catalog.Root);

        await WaitUntilAsync(() => ReadPresenceAsync("A", Presence.Present));
        await WaitUntilAsync(async () => (await ReadStatusAsync(source)).Watching == "live");
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM file_events WHERE kind = 2"));
    }

    [Fact]
    public async Task RootReplacedByAnEmptyOne_IsHeld()
    {
        var source = await AddWatchedSourceAsync();
        Directory.Move(_catalog.Root, _catalog.Root + ".away");
        Directory.CreateDirectory(_catalog.Root);

        await WaitUntilAsync(async () => (await LastScanAsync(source)).State == ScanState.Held);

        Assert.All((await _catalog.FindAsync()).Items, i => Assert.Equal(Presence.Present, i.Presence));
    }

    [Fact]
    public async Task EverythingDeletedWhileWatched_IsHeldAndStaysHeldWhenOthersCome()
    {
        var source = await AddWatchedSourceAsync();
        _catalog.Delete("Films");
        _catalog.Delete("Shows");
        await WaitUntilAsync(async () => (await LastScanAsync(source)) is { State: ScanState.Held, Missing: 4 });

        // New changes start a scan of everything, so that held deletions do not count as decided.
        _catalog.Write("Later/New (2003).mkv");
        await WaitUntilAsync(() => ReadPresenceAsync("New", Presence.Present));
        await WaitUntilAsync(async () => (await LastScanAsync(source)) is { State: ScanState.Held, Missing: 4 });
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM file_events WHERE kind = 2"));
    }

    [Fact]
    public async Task SourceRetired_IsNoLongerWatchedUntilItIsBack()
    {
        var source = await AddWatchedSourceAsync();
        await _catalog.Sources.RetireAsync(Actor.System, source, default);
        var scans = (await _catalog.Scans.LatestAsync(Actor.System, source, 100, default)).Count;
        Assert.Equal("off", (await ReadStatusAsync(source)).Watching);
        _catalog.Write("Films/New (2003).mkv");

        await _catalog.Sources.ReviveAsync(Actor.System, source, default);

        await WaitUntilAsync(() => ReadPresenceAsync("New", Presence.Present));
        Assert.Equal(scans + 1, (await _catalog.Scans.LatestAsync(Actor.System, source, 100, default)).Count);
    }

    [Fact]
    public async Task WatchTurnedOffAndOn_IsSaidAndDone()
    {
        var source = await AddWatchedSourceAsync();

        await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Watch = false }, default);
        Assert.Equal("off", (await ReadStatusAsync(source)).Watching);
        await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Watch = true }, default);
        await WaitUntilAsync(async () => (await ReadStatusAsync(source)).Watching == "live");

        _catalog.Write("Films/New (2003).mkv");
        await WaitUntilAsync(() => ReadPresenceAsync("New", Presence.Present));
    }

    [Fact]
    public async Task SourceMovedElsewhere_WatchMovesAlong()
    {
        var source = await AddWatchedSourceAsync();
        var other = _catalog.Root + ".other";
        Directory.CreateDirectory(Path.Combine(other, "Films"));
        foreach (var file in Directory.GetFiles(Path.Combine(_catalog.Root, "Films")))
        {
            File.Copy(file, Path.Combine(other, "Films", Path.GetFileName(file)));
        }

        await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Path = other }, default);
        File.WriteAllText(Path.Combine(other, "Films/There (2003).mkv"), "x");

        await WaitUntilAsync(() => ReadPresenceAsync("There", Presence.Present));
    }

    [Fact]
    public async Task ScanAskedForWhileChangesAreLookedAt_ComesAfterwards()
    {
        var slow = await OpenSlowCatalogAsync();
        var source = await AddScannedSourceAsync();
        _catalog.Write("Films/New (2003).mkv");
        using var canList = new ManualResetEventSlim();
        slow.BeforeAccess = _ => Assert.True(canList.Wait(WaitTimeout));
        var looking = (await _catalog.Scans.StartForChangesAsync(source, [new ChangedFolder("Films", false)], null, default))!.Value.Value;

        var full = (await _catalog.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        var again = (await _catalog.Scans.StartAsync(Actor.System, source, null, default)).Value;
        canList.Set();
        await _catalog.Scans.WaitAsync(full.Id, default);

        Assert.NotEqual(looking.Id, full.Id);
        var (first, second) = ((await _catalog.Scans.GetAsync(Actor.System, looking.Id, default)).Value, (await _catalog.Scans.GetAsync(Actor.System, full.Id, default)).Value);
        Assert.Equal((ScanState.Completed, ScanState.Completed, ScanKind.Full, 5L), (first.State, second.State, second.Kind, second.Listed));
        Assert.True(first.FinishedAt <= second.StartedAt);
        Assert.Equal(full.Id, again.Id);
    }

    [Fact]
    public async Task StartChanged_AfterAScanThatDidNotEnd_LooksAtEverything()
    {
        var slow = await OpenSlowCatalogAsync();
        var source = await AddScannedSourceAsync();
        var listing = new TaskCompletionSource();
        using var cancelled = new ManualResetEventSlim();
        slow.BeforeAccess = folder =>
        {
            if (folder.Length > 0)
            {
                listing.TrySetResult();
                Assert.True(cancelled.Wait(WaitTimeout));
            }
        };
        var scan = (await _catalog.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        await listing.Task.WaitAsync(WaitTimeout);
        var cancelling = _catalog.Scans.CancelAsync(Actor.System, scan.Id, default);
        cancelled.Set();
        Assert.Equal(ScanState.Cancelled, (await cancelling).Value.State);
        _catalog.Write("Elsewhere/New (2003).mkv");

        var looked = (await _catalog.Scans.StartForChangesAsync(source, [new ChangedFolder("Films", false)], null, default))!.Value.Value;
        await _catalog.Scans.WaitAsync(looked.Id, default);

        Assert.Equal(ScanKind.Full, looked.Kind);
        Assert.Contains("New", await ReadTitlesAsync());
    }

    [Fact]
    public async Task StartChanged_FolderThatIsGone_ListsTheNearestThatIsThere()
    {
        for (var i = 0; i < 100; i++)
        {
            _catalog.Write($"Films/Film {i:00} (2001).mkv");
        }

        _catalog.Write("Films/x/y/z/Deep (2002).mkv");
        var source = (await _catalog.AddSourceAsync()).Id;
        await _catalog.ScanAsync(source);
        _catalog.Delete("Films/x");

        var looked = (await _catalog.Scans.StartForChangesAsync(source, [new ChangedFolder("Films/x/y/z", false), new ChangedFolder("Films/x/new/one", true)], null, default))!.Value.Value;
        await _catalog.Scans.WaitAsync(looked.Id, default);

        Assert.True(await ReadPresenceAsync("Deep", Presence.Missing));
        var scan = await LastScanAsync(source);
        Assert.Equal((ScanState.Completed, 1L), (scan.State, scan.Missing));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task NothingTold_IsLookedOverNowAndThen()
    {
        await _catalog.DisposeAsync();
        _catalog = new TestCatalog(_time);
        var source = await AddWatchedSourceAsync(async id => await ReadStatusAsync(id) is { Watching: "live", LastScan.State: ScanState.Completed } && await CountScansAsync(id) == 2);
        Assert.Equal(TimeSpan.FromHours(1), (await ReadStatusAsync(source)).CheckEvery);

        _time.Advance(TimeSpan.FromMinutes(61));

        await WaitUntilAsync(async () => await CountScansAsync(source) == 3);
        await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Schedule = "0 0 3 * * ?" }, default);
        Assert.Null((await ReadStatusAsync(source)).CheckEvery);
    }

    [Fact]
    public async Task Stopped_NothingIsLookedAt()
    {
        var source = await AddWatchedSourceAsync();
        await StopAsync();
        var scans = await CountScansAsync(source);

        _catalog.Write("Films/New (2003).mkv");

        Assert.Equal("polled", (await ReadStatusAsync(source)).Watching);
        Assert.Equal(scans, await CountScansAsync(source));
    }

    private static void RunShell(string script, string argument)
    {
        using var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", script, "sh", argument]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A scanned and watched source of two films and a series.</summary>
    private async Task<long> AddWatchedSourceAsync(Func<long, Task<bool>>? until = null)
    {
        var source = await AddScannedSourceAsync();
        await StartAsync(source, until);
        return source;
    }

    private async Task<long> AddScannedSourceAsync()
    {
        foreach (var file in new[] { "Films/A (2001).mkv", "Films/B (2002).mkv", "Shows/Some Show/Some Show S01E01.mkv", "Shows/Some Show/Some Show S01E02.mkv" })
        {
            _catalog.Write(file);
        }

        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        return source.Id;
    }

    /// <summary>Opens a catalogue whose sources list their folders when the test allows it.</summary>
    private async Task<FaultySource> OpenSlowCatalogAsync()
    {
        var slow = new FaultySource();
        await _catalog.DisposeAsync();
        _catalog = new TestCatalog(configureServices: slow.Register);
        return slow;
    }

    /// <summary>Starts the service, and waits until the watch is active and earlier changes are scanned.</summary>
    private async Task StartAsync(long source, Func<long, Task<bool>>? until = null)
    {
        var before = await CountScansAsync(source);
        await _catalog.Scans.RecoverAsync(default);
        var watches = _catalog.Services.GetRequiredService<SourceWatchService>();
        watches.QuietPeriod = TimeSpan.FromMilliseconds(30);
        await watches.StartAsync(default);
        _startedServices.Add(watches);
        await WaitUntilAsync(() => until?.Invoke(source) ?? IsCaughtUpAsync());

        async Task<bool> IsCaughtUpAsync() => (await ReadStatusAsync(source)).Watching == "live" && (before == 0 || (await CountScansAsync(source) > before && _catalog.Scans.FindRunning(source) is null));
    }

    private async Task StopAsync()
    {
        foreach (var watches in _startedServices)
        {
            await watches.StopAsync(default);
        }

        _startedServices.Clear();
    }

    private async Task<int> CountScansAsync(long source) => (await _catalog.Scans.LatestAsync(Actor.System, source, 100, default)).Count(s => s.FinishedAt is not null);

    private async Task<IReadOnlyList<string>> ReadTitlesAsync() => [.. (await _catalog.FindAsync(new MediaQuery { Limit = 200 })).Items.Select(i => i.Title!)];

    private async Task<bool> ReadPresenceAsync(string title, Presence presence) => (await _catalog.FindAsync()).Items.Any(i => i.Title == title && i.Presence == presence);

    private async Task<SourceStatus> ReadStatusAsync(long source) => (await _catalog.Sources.StatusAsync(Actor.System, default)).Single(s => s.Id == source);

    private async Task<ScanView> LastScanAsync(long source) => (await _catalog.Scans.LatestAsync(Actor.System, source, 1, default))[0];

    /// <summary>Waits for events until a condition is true.</summary>
    private async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe();
        if (await condition())
        {
            return;
        }

        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            if (await condition())
            {
                return;
            }
        }

        Assert.Fail("It did not come about.");
    }
}
