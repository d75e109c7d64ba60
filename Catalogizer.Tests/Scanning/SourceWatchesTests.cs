using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Changes on a real disk show up without anybody asking.</summary>
public sealed class SourceWatchesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly List<SourceWatchService> _started = [];
    private TestCatalogue _catalogue = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _catalogue.DisposeAsync();
    }

    [Fact]
    public async Task FileAdded_ShowsAndOnlyItsFolderIsListed()
    {
        var source = await WatchedAsync();

        _catalogue.Write("Films/New (2003).mkv");

        await UntilAsync(() => PresenceAsync("New", Presence.Present));
        await UntilAsync(() => Task.FromResult(_catalogue.Scans.FindRunning(source) is null));
        var scan = Assert.Single(await _catalogue.Scans.LatestAsync(Actor.System, source, 9, default), s => s.Added == 1);
        Assert.Equal((ScanState.Completed, ScanKind.Quick), (scan.State, scan.Kind));
        Assert.Equal(3, scan.Listed);       // Films, and nothing of Shows
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM folders WHERE path <> '' AND parent_id NOT IN (SELECT id FROM folders)"));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task FileWrittenInPlace_ShowsThoughItsFoldersTimeStays()
    {
        await WatchedAsync();
        var path = Path.Combine(_catalogue.Root, "Films/A (2001).mkv");
        var before = Directory.GetLastWriteTimeUtc(Path.GetDirectoryName(path)!);

        File.AppendAllText(path, "and more");

        await UntilAsync(() => Task.FromResult(_catalogue.Count("SELECT count(*) FROM file_events WHERE kind = 1") == 1));
        Assert.Equal(before, Directory.GetLastWriteTimeUtc(Path.GetDirectoryName(path)!));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task FileDeletedOrRenamed_OldNameIsMissing()
    {
        await WatchedAsync();

        _catalogue.Delete("Films/A (2001).mkv");
        File.Move(Path.Combine(_catalogue.Root, "Films/B (2002).mkv"), Path.Combine(_catalogue.Root, "Films/Renamed (2002).mkv"));

        await UntilAsync(async () => (await TitlesAsync()).Contains("Renamed"));
        await UntilAsync(() => PresenceAsync("A", Presence.Missing));
        Assert.Equal(Presence.Present, (await _catalogue.OneAsync("Some Show")).Presence);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task TreeMovedInAndOutAndIn_FollowsIt()
    {
        await WatchedAsync();
        var outside = _catalogue.Root + ".outside";
        Directory.CreateDirectory(Path.Combine(outside, "deep/er"));
        File.WriteAllText(Path.Combine(outside, "deep/er/Visitor (2005).mkv"), "x");
        var inside = Path.Combine(_catalogue.Root, "Films/visiting");

        Directory.Move(outside, inside);
        await UntilAsync(() => PresenceAsync("Visitor", Presence.Present));

        File.WriteAllText(Path.Combine(inside, "deep/er/Second (2006).mkv"), "x");
        await UntilAsync(() => PresenceAsync("Second", Presence.Present));

        Directory.Move(inside, outside);
        await UntilAsync(() => PresenceAsync("Visitor", Presence.Missing));
        await UntilAsync(() => PresenceAsync("Second", Presence.Missing));

        Directory.Move(outside, inside);
        await UntilAsync(() => PresenceAsync("Visitor", Presence.Present));
        await UntilAsync(() => PresenceAsync("Second", Presence.Present));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task ManyFoldersMadeAtOnce_AllShow()
    {
        await WatchedAsync();

        for (var i = 0; i < 300; i++)
        {
            _catalogue.Write($"Films/New {i % 7}/{i % 3}/{i}/Wonder {i:000} ({1950 + (i % 70)}).mkv");
        }

        await UntilAsync(() => Task.FromResult(_catalogue.Count("SELECT count(*) FROM files WHERE name LIKE 'Wonder%'") == 300));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task NamesThatAreNoUtf8_AreFollowed()
    {
        await WatchedAsync();
        Shell("mkdir \"$1/$(printf 'bad\\377folder')\" && printf x > \"$1/$(printf 'bad\\377folder')/Strange (2007).mkv\"", _catalogue.Root);
        await UntilAsync(() => PresenceAsync("Strange", Presence.Present));

        Shell("printf x > \"$1/$(printf 'bad\\377folder')/Stranger (2008).mkv\"", _catalogue.Root);

        await UntilAsync(() => PresenceAsync("Stranger", Presence.Present));
    }

    [Fact]
    public async Task LinkToAFolder_IsNotFollowed()
    {
        await WatchedAsync();
        var outside = _catalogue.Root + ".outside";
        Directory.CreateDirectory(outside);
        Directory.CreateSymbolicLink(Path.Combine(_catalogue.Root, "Films/link"), outside);

        File.WriteAllText(Path.Combine(outside, "Not Ours (2009).mkv"), "x");
        _catalogue.Write("Films/Ours (2009).mkv");

        await UntilAsync(() => PresenceAsync("Ours", Presence.Present));
        Assert.DoesNotContain("Not Ours", await TitlesAsync());
    }

    [Fact]
    public async Task ChangedWhileNobodyWatched_ShowsAtTheNextStart()
    {
        var source = await WatchedAsync();
        await StopAsync();
        _catalogue.Write("Films/Meanwhile (2004).mkv");

        await StartAsync(source);

        await UntilAsync(() => PresenceAsync("Meanwhile", Presence.Present));
    }

    [Fact]
    public async Task NeverScanned_IsWatchedAndNotScanned()
    {
        _catalogue.Write("Films/A (2001).mkv");
        var source = await _catalogue.AddSourceAsync();
        await StartAsync(source.Id);

        _catalogue.Write("Films/B (2002).mkv");
        var first = await _catalogue.ScanAsync(source.Id);
        _catalogue.Write("Films/C (2003).mkv");

        await UntilAsync(() => PresenceAsync("C", Presence.Present));
        var scans = await _catalogue.Scans.LatestAsync(Actor.System, source.Id, 10, default);
        Assert.Equal(first.Id, scans.Min(s => s.Id));
    }

    [Fact]
    public async Task RootRemoved_EverythingIsUnknownAndComesBackByItself()
    {
        var source = await WatchedAsync();
        Directory.Move(_catalogue.Root, _catalogue.Root + ".away");
        await UntilAsync(() => PresenceAsync("A", Presence.Unknown));
        Assert.Equal("polled", (await StatusAsync(source)).Watching);

        Directory.Move(_catalogue.Root + ".away", _catalogue.Root);

        await UntilAsync(() => PresenceAsync("A", Presence.Present));
        await UntilAsync(async () => (await StatusAsync(source)).Watching == "live");
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM file_events WHERE kind = 2"));
    }

    [Fact]
    public async Task RootReplacedByAnEmptyOne_IsHeld()
    {
        var source = await WatchedAsync();
        Directory.Move(_catalogue.Root, _catalogue.Root + ".away");
        Directory.CreateDirectory(_catalogue.Root);

        await UntilAsync(async () => (await LastScanAsync(source)).State == ScanState.Held);

        Assert.All((await _catalogue.FindAsync()).Items, i => Assert.Equal(Presence.Present, i.Presence));
    }

    [Fact]
    public async Task EverythingDeletedWhileWatched_IsHeldAndStaysHeldWhenOthersCome()
    {
        var source = await WatchedAsync();
        _catalogue.Delete("Films");
        _catalogue.Delete("Shows");
        await UntilAsync(async () => (await LastScanAsync(source)) is { State: ScanState.Held, Missing: 4 });

        // What comes now is looked at with all the rest, so that what is held is not taken for decided.
        _catalogue.Write("Later/New (2003).mkv");
        await UntilAsync(() => PresenceAsync("New", Presence.Present));
        await UntilAsync(async () => (await LastScanAsync(source)) is { State: ScanState.Held, Missing: 4 });
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM file_events WHERE kind = 2"));
    }

    [Fact]
    public async Task SourceRetired_IsNoLongerWatchedUntilItIsBack()
    {
        var source = await WatchedAsync();
        await _catalogue.Sources.RetireAsync(Actor.System, source, default);
        var scans = (await _catalogue.Scans.LatestAsync(Actor.System, source, 100, default)).Count;
        Assert.Equal("off", (await StatusAsync(source)).Watching);
        _catalogue.Write("Films/New (2003).mkv");

        await _catalogue.Sources.ReviveAsync(Actor.System, source, default);

        await UntilAsync(() => PresenceAsync("New", Presence.Present));
        Assert.Equal(scans + 1, (await _catalogue.Scans.LatestAsync(Actor.System, source, 100, default)).Count);
    }

    [Fact]
    public async Task WatchTurnedOffAndOn_IsSaidAndDone()
    {
        var source = await WatchedAsync();

        await _catalogue.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Watch = false }, default);
        Assert.Equal("off", (await StatusAsync(source)).Watching);
        await _catalogue.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Watch = true }, default);
        await UntilAsync(async () => (await StatusAsync(source)).Watching == "live");

        _catalogue.Write("Films/New (2003).mkv");
        await UntilAsync(() => PresenceAsync("New", Presence.Present));
    }

    [Fact]
    public async Task SourceMovedElsewhere_WatchMovesAlong()
    {
        var source = await WatchedAsync();
        var other = _catalogue.Root + ".other";
        Directory.CreateDirectory(Path.Combine(other, "Films"));
        foreach (var file in Directory.GetFiles(Path.Combine(_catalogue.Root, "Films")))
        {
            File.Copy(file, Path.Combine(other, "Films", Path.GetFileName(file)));
        }

        await _catalogue.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Path = other }, default);
        File.WriteAllText(Path.Combine(other, "Films/There (2003).mkv"), "x");

        await UntilAsync(() => PresenceAsync("There", Presence.Present));
    }

    [Fact]
    public async Task ScanAskedForWhileChangesAreLookedAt_ComesAfterwards()
    {
        var slow = await SlowAsync();
        var source = await ScannedAsync();
        _catalogue.Write("Films/New (2003).mkv");
        using var mayList = new ManualResetEventSlim();
        slow.Before = _ => Assert.True(mayList.Wait(Patience));
        var looking = (await _catalogue.Scans.StartForChangesAsync(source, [new ChangedFolder("Films", false)], null, default))!.Value.Value;

        var full = (await _catalogue.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        var again = (await _catalogue.Scans.StartAsync(Actor.System, source, null, default)).Value;
        mayList.Set();
        await _catalogue.Scans.WaitAsync(full.Id, default);

        Assert.NotEqual(looking.Id, full.Id);
        var (first, second) = ((await _catalogue.Scans.GetAsync(Actor.System, looking.Id, default)).Value, (await _catalogue.Scans.GetAsync(Actor.System, full.Id, default)).Value);
        Assert.Equal((ScanState.Completed, ScanState.Completed, ScanKind.Full, 5L), (first.State, second.State, second.Kind, second.Listed));
        Assert.True(first.FinishedAt <= second.StartedAt);
        Assert.Equal(full.Id, again.Id);
    }

    [Fact]
    public async Task StartChanged_AfterAScanThatDidNotEnd_LooksAtEverything()
    {
        var slow = await SlowAsync();
        var source = await ScannedAsync();
        var listing = new TaskCompletionSource();
        using var cancelled = new ManualResetEventSlim();
        slow.Before = folder =>
        {
            if (folder.Length > 0)
            {
                listing.TrySetResult();
                Assert.True(cancelled.Wait(Patience));
            }
        };
        var scan = (await _catalogue.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        await listing.Task.WaitAsync(Patience);
        var cancelling = _catalogue.Scans.CancelAsync(Actor.System, scan.Id, default);
        cancelled.Set();
        Assert.Equal(ScanState.Cancelled, (await cancelling).Value.State);
        _catalogue.Write("Elsewhere/New (2003).mkv");

        var looked = (await _catalogue.Scans.StartForChangesAsync(source, [new ChangedFolder("Films", false)], null, default))!.Value.Value;
        await _catalogue.Scans.WaitAsync(looked.Id, default);

        Assert.Equal(ScanKind.Full, looked.Kind);
        Assert.Contains("New", await TitlesAsync());
    }

    [Fact]
    public async Task StartChanged_FolderThatIsGone_ListsTheNearestThatIsThere()
    {
        for (var i = 0; i < 100; i++)
        {
            _catalogue.Write($"Films/Film {i:00} (2001).mkv");
        }

        _catalogue.Write("Films/x/y/z/Deep (2002).mkv");
        var source = (await _catalogue.AddSourceAsync()).Id;
        await _catalogue.ScanAsync(source);
        _catalogue.Delete("Films/x");

        var looked = (await _catalogue.Scans.StartForChangesAsync(source, [new ChangedFolder("Films/x/y/z", false), new ChangedFolder("Films/x/new/one", true)], null, default))!.Value.Value;
        await _catalogue.Scans.WaitAsync(looked.Id, default);

        Assert.True(await PresenceAsync("Deep", Presence.Missing));
        var scan = await LastScanAsync(source);
        Assert.Equal((ScanState.Completed, 1L), (scan.State, scan.Missing));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task NothingTold_IsLookedOverNowAndThen()
    {
        await _catalogue.DisposeAsync();
        _catalogue = new TestCatalogue(_time);
        var source = await WatchedAsync(async id => await StatusAsync(id) is { Watching: "live", LastScan.State: ScanState.Completed } && await ScansAsync(id) == 2);
        Assert.Equal(TimeSpan.FromHours(1), (await StatusAsync(source)).CheckEvery);

        _time.Advance(TimeSpan.FromMinutes(61));

        await UntilAsync(async () => await ScansAsync(source) == 3);
        await _catalogue.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Schedule = "0 0 3 * * ?" }, default);
        Assert.Null((await StatusAsync(source)).CheckEvery);
    }

    [Fact]
    public async Task Stopped_NothingIsLookedAt()
    {
        var source = await WatchedAsync();
        await StopAsync();
        var scans = await ScansAsync(source);

        _catalogue.Write("Films/New (2003).mkv");

        Assert.Equal("polled", (await StatusAsync(source)).Watching);
        Assert.Equal(scans, await ScansAsync(source));
    }

    private static void Shell(string script, string argument)
    {
        using var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", script, "sh", argument]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A scanned source of two films and a series, under watch.</summary>
    private async Task<long> WatchedAsync(Func<long, Task<bool>>? until = null)
    {
        var source = await ScannedAsync();
        await StartAsync(source, until);
        return source;
    }

    private async Task<long> ScannedAsync()
    {
        foreach (var file in new[] { "Films/A (2001).mkv", "Films/B (2002).mkv", "Shows/Some Show/Some Show S01E01.mkv", "Shows/Some Show/Some Show S01E02.mkv" })
        {
            _catalogue.Write(file);
        }

        var source = await _catalogue.AddSourceAsync();
        await _catalogue.ScanAsync(source.Id);
        return source.Id;
    }

    /// <summary>Opens a catalogue whose sources list their folders when the test lets them.</summary>
    private async Task<TroubledSource> SlowAsync()
    {
        var slow = new TroubledSource();
        await _catalogue.DisposeAsync();
        _catalogue = new TestCatalogue(more: slow.Replace);
        return slow;
    }

    /// <summary>Starts the service and waits until the watch stands and what happened before was looked at.</summary>
    private async Task StartAsync(long source, Func<long, Task<bool>>? until = null)
    {
        var before = await ScansAsync(source);
        await _catalogue.Scans.RecoverAsync(default);
        var watches = _catalogue.Services.GetRequiredService<SourceWatchService>();
        watches.QuietPeriod = TimeSpan.FromMilliseconds(30);
        await watches.StartAsync(default);
        _started.Add(watches);
        await UntilAsync(() => until?.Invoke(source) ?? IsCaughtUpAsync());

        async Task<bool> IsCaughtUpAsync() => (await StatusAsync(source)).Watching == "live" && (before == 0 || (await ScansAsync(source) > before && _catalogue.Scans.FindRunning(source) is null));
    }

    private async Task StopAsync()
    {
        foreach (var watches in _started)
        {
            await watches.StopAsync(default);
        }

        _started.Clear();
    }

    private async Task<int> ScansAsync(long source) => (await _catalogue.Scans.LatestAsync(Actor.System, source, 100, default)).Count(s => s.FinishedAt is not null);

    private async Task<IReadOnlyList<string>> TitlesAsync() => [.. (await _catalogue.FindAsync(new MediaQuery { Limit = 200 })).Items.Select(i => i.Title!)];

    private async Task<bool> PresenceAsync(string title, Presence presence) => (await _catalogue.FindAsync()).Items.Any(i => i.Title == title && i.Presence == presence);

    private async Task<SourceStatus> StatusAsync(long source) => (await _catalogue.Sources.StatusAsync(Actor.System, default)).Single(s => s.Id == source);

    private async Task<ScanView> LastScanAsync(long source) => (await _catalogue.Scans.LatestAsync(Actor.System, source, 1, default))[0];

    /// <summary>Waits for what happens until something holds.</summary>
    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var happened = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe();
        if (await holds())
        {
            return;
        }

        await foreach (var _ in happened.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            if (await holds())
            {
                return;
            }
        }

        Assert.Fail("It did not come about.");
    }
}
