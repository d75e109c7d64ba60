using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources;

/// <summary>A source that was added by mistake leaves no trace: every query returns the result of a catalogue that never had it.</summary>
public sealed class SourceRemovalTests : IAsyncLifetime
{
    private static readonly string[] SearchWords = ["matrix", "wrong", "show", "album", "one", "alone"];
    private static readonly DateTime WriteTime = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] KeptFiles =
    [
        "Movies/The Matrix (1999)/The Matrix (1999) 720p x264.mkv",
        "Movies/Alone Film (2003)/Alone Film (2003) 1080p x264.mkv",
        "Movies/Alone Film (2003)/Alone Film (2003) 480p XviD.mkv",
        "TV/Some Show/Season 01/Some Show S01E01 720p x264.mkv",
        "TV/Some Show/Season 01/Some Show S01E02 720p x264.mkv",
        "Music/An Artist/An Album (2001)/01 - One.flac",
    ];

    private static readonly string[] RemovedFiles =
    [
        "Movies/The Matrix (1999)/The Matrix (1999) 2160p x265.mkv",
        "Movies/Wrong Film (2004)/Wrong Film (2004) 1080p x264.mkv",
        "Movies/Wrong Film (2004)/Wrong Film (2004) 1080p x264.en.srt",
        "TV/Some Show/Season 01/Some Show S01E02 1080p x265.mkv",
        "TV/Some Show/Season 01/Some Show S01E03 1080p x265.mkv",
        "TV/Some Show/Season 02/Some Show S02E01 1080p x265.mkv",
        "TV/Lone Show/Season 01/Lone Show S01E01 720p x264.mkv",
        "Music/An Artist/An Album (2001)/02 - Two.flac",
        "Music/An Artist/Another Album (2005)/01 - First.flac",
        "Photos/IMG_0001.jpg",
    ];

    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _twinHome = new();
    private readonly TemporaryFolder _home = new();
    private TestCatalog _twin = null!;
    private TestCatalog _subject = null!;
    private long _removedSource;

    private SourceRemoval Removal => _subject.Services.GetRequiredService<SourceRemoval>();

    /// <summary>
    /// Both catalogues have the right source, with the same item ids. The subject also has the wrong one, which shares some items with the
    /// right one and has better versions of them.
    /// </summary>
    public async Task InitializeAsync()
    {
        await using (var first = new TestCatalog(_time, _twinHome))
        {
            Write(first, "right", KeptFiles);
            await first.ScanAsync((await first.AddSourceAsync("Right", Path.Combine(first.Root, "right"))).Id);
        }

        Directory.CreateDirectory(_home.PathOf("data"));
        foreach (var file in Directory.GetFiles(_twinHome.PathOf("data"), "catalogizer.db*"))
        {
            File.Copy(file, Path.Combine(_home.PathOf("data"), Path.GetFileName(file)));
        }

        (_twin, _subject) = (new TestCatalog(_time, _twinHome), new TestCatalog(_time, _home));
        Write(_subject, "wrong", RemovedFiles);
        _removedSource = (await _subject.AddSourceAsync("Wrong", Path.Combine(_subject.Root, "wrong"))).Id;
        await _subject.ScanAsync(_removedSource);
    }

    public async Task DisposeAsync()
    {
        await _twin.DisposeAsync();
        await _subject.DisposeAsync();
        _twinHome.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task EachStep_OfASourceAddedByMistake_LeavesTheAnswersOfTheOthers()
    {
        var whole = await DumpSubjectAsync();
        Assert.NotEqual(await CatalogQueryDump.CreateAsync(_twin, SearchWords), whole);

        await _subject.Sources.RetireAsync(Actor.System, _removedSource, default);
        await AssertEqualsTwinAsync(archivedFiles: RemovedFiles.Length);

        await _subject.Sources.ReviveAsync(Actor.System, _removedSource, default);
        _subject.Execute("UPDATE sources SET availability = 0");       // as after the first response
        Assert.Equal(whole, await DumpSubjectAsync());

        await _subject.Sources.RetireAsync(Actor.System, _removedSource, default);
        await AssertEqualsTwinAsync(archivedFiles: RemovedFiles.Length);

        await RemoveAsync();
        await AssertEqualsTwinAsync();

        Assert.Equal("Wrong", (await Removal.UndoAsync(Actor.System, _removedSource, default)).Value);
        await AssertEqualsTwinAsync(archivedFiles: RemovedFiles.Length);          // archived, as before

        await _subject.Sources.ReviveAsync(Actor.System, _removedSource, default);
        _subject.Execute("UPDATE sources SET availability = 0");
        Assert.Equal(whole, await DumpSubjectAsync());

        await RemoveAsync();
        await AssertEqualsTwinAsync();
        await PurgeAsync();
        await AssertEqualsTwinAsync();
    }

    [Fact]
    public async Task Archived_IsShownWhenAskedFor()
    {
        await _subject.Sources.RetireAsync(Actor.System, _removedSource, default);

        var archived = (await _subject.FindAsync(new MediaQuery { Presence = Presence.Retired, Limit = 200 })).Items;
        Assert.Equal(["Another Album", "IMG_0001", "Lone Show", "Wrong Film"], archived.Select(i => i.Title.Split('.')[0]).Order(StringComparer.Ordinal));
        var film = archived.Single(i => i.Title == "Wrong Film");
        Assert.Equal((Presence.Retired, 1, "1080p"), (film.Presence, film.VersionCount, film.Best.Resolution));
        Assert.Single((await _subject.FindAsync(new MediaQuery { Query = "wrong", Presence = Presence.Retired })).Items);
        Assert.Equal(4, (await _subject.FindAsync()).Facets.Presence["retired"]);
        var matrix = (await _subject.FindAsync(new MediaQuery { Query = "matrix" })).Items.Single();
        Assert.Equal(["720p", "2160p"], (await _subject.Media.VersionsAsync(Actor.System, matrix.Id, default)).Value.Select(v => v.Resolution));
    }

    [Fact]
    public async Task Remove_WhatPeopleDidSomethingWith_IsKeptArchivedAndNamed()
    {
        var film = await _subject.FindOneAsync("Wrong Film");
        await _subject.Media.EditAsync(Actor.System, film.Id, new MediaEdits { Rating = 9.5 }, default);
        var lone = await _subject.FindOneAsync("Lone Show");
        var season = (await _subject.Media.ChildrenAsync(Actor.System, lone.Id, default)).Value.Single();
        var episode = (await _subject.Media.ChildrenAsync(Actor.System, season.Id, default)).Value.Single();
        await _subject.Media.EditAsync(Actor.System, episode.Id, new MediaEdits { Title = "The First One" }, default);

        var preview = (await Removal.PreviewAsync(Actor.System, _removedSource, default)).Value;
        await RemoveAsync();

        Assert.Equal((9, 3, 3, 10), (preview.Numbers.Copies, preview.Numbers.Items, preview.Numbers.Shared, preview.Numbers.Files));
        Assert.Equal(new[] { film.Id, episode.Id }.Order(), preview.Numbers.Kept.Select(k => k.Id).Order());
        Assert.Contains("Wrong Film", preview.Numbers.Kept.Single(k => k.Id == film.Id).Title, StringComparison.Ordinal);
        foreach (var isPurged in new[] { false, true })
        {
            if (isPurged)
            {
                await PurgeAsync();
            }

            await AssertEqualsTwinAsync(archivedFiles: 0);

            var archivedItems = (await _subject.FindAsync(new MediaQuery { Presence = Presence.Retired, Limit = 200 })).Items;
            Assert.Equal(["Lone Show", "Wrong Film"], archivedItems.Select(i => i.Title).Order(StringComparer.Ordinal));
            Assert.Equal((0, 9.5), archivedItems.Where(i => i.Id == film.Id).Select(i => (i.VersionCount, i.Rating)).Single());
            Assert.Equal("The First One", (await _subject.Media.GetAsync(Actor.System, episode.Id, default)).Value.Item.Title);
            Assert.Equal("The First One", Assert.Single((await _subject.Media.ChildrenAsync(Actor.System, season.Id, default)).Value).Title);
        }

        // Adding the same folder again finds them.
        var again = await _subject.AddSourceAsync("Wrong", Path.Combine(_subject.Root, "wrong"));
        await _subject.ScanAsync(again.Id);
        var found = await _subject.FindOneAsync("Wrong Film");
        Assert.Equal((film.Id, 9.5, Presence.Present, 1), (found.Id, found.Rating, found.Presence, found.VersionCount));
        Assert.Equal("The First One", (await _subject.Media.GetAsync(Actor.System, episode.Id, default)).Value.Item.Title);
        CatalogInvariants.Check(_subject);
    }

    [Fact]
    public async Task Remove_FolderAddedAgainBeforeThePurge_FindsItsOldItemsAndCountsOnce()
    {
        var film = await _subject.FindOneAsync("Wrong Film");
        var whole = await _subject.Media.StatisticsAsync(Actor.System, default);
        await RemoveAsync();

        var again = await _subject.AddSourceAsync("Wrong", Path.Combine(_subject.Root, "wrong"));
        await _subject.ScanAsync(again.Id);

        var found = await _subject.FindOneAsync("Wrong Film");
        Assert.Equal((film.Id, 1), (found.Id, found.VersionCount));
        await AssertCountedAsync(whole);
        Assert.Equal("The folder of “Wrong” is in the catalogue as “Wrong” now. Remove that source first.", (await Removal.UndoAsync(Actor.System, _removedSource, default)).Error?.Message);
        await PurgeAsync();
        await AssertCountedAsync(whole);
        CatalogInvariants.Check(_subject);
    }

    [Fact]
    public async Task Undo_NameTakenMeanwhile_GetsANumber()
    {
        await RemoveAsync();
        Write(_subject, "third", ["Third Film (2007).mkv"]);
        await _subject.AddSourceAsync("Wrong", Path.Combine(_subject.Root, "third"));

        Assert.Equal("Wrong (2)", (await Removal.UndoAsync(Actor.System, _removedSource, default)).Value);
        Assert.Equal(["Right", "Wrong", "Wrong (2)"], (await _subject.Sources.ListAsync(Actor.System, default)).Select(s => s.Name));
    }

    [Fact]
    public async Task Undo_AfterTheOtherSourceWasScannedToo_CountsBoth()
    {
        var whole = await _subject.Media.StatisticsAsync(Actor.System, default);
        await RemoveAsync();
        Write(_twin, "right", ["Movies/Wrong Film (2004)/Wrong Film (2004) 480p XviD.mkv", "TV/Lone Show/Season 01/Lone Show S01E01 480p XviD.mkv"]);
        await _subject.ScanAsync(1);
        Assert.Equal((1, "480p"), (await _subject.FindOneAsync("Wrong Film")) is var one ? (one.VersionCount, one.Best.Resolution) : default);
        Assert.Equal(1, (await _subject.FindOneAsync("Lone Show")).PartCount);

        await Removal.UndoAsync(Actor.System, _removedSource, default);

        var film = await _subject.FindOneAsync("Wrong Film");
        Assert.Equal((2, "1080p"), (film.VersionCount, film.Best.Resolution));
        Assert.Equal((1, "720p"), (await _subject.FindOneAsync("Lone Show")) is var show ? (show.PartCount, show.Best.Resolution) : default);
        var now = await _subject.Media.StatisticsAsync(Actor.System, default);
        Assert.Equal((whole.Items, whole.Versions + 2, whole.Files + 2), (now.Items, now.Versions, now.Files));
        CatalogInvariants.Check(_subject);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Remove_ScanRunsOrWasHeld_EndsItForGood(bool undo)
    {
        var scan = (await _subject.Scans.StartAsync(Actor.System, _removedSource, ScanKind.Full, default)).Value;
        await RemoveAsync();

        Assert.Null(_subject.Scans.FindRunning(_removedSource));
        Assert.IsType<NotFoundError>((await _subject.Scans.StartAsync(Actor.System, _removedSource, ScanKind.Full, default)).Error);
        Assert.IsType<NotFoundError>((await _subject.Scans.GetAsync(Actor.System, scan.Id, default)).Error);
        await AssertEqualsTwinAsync();
        if (undo)
        {
            await Removal.UndoAsync(Actor.System, _removedSource, default);
            Assert.Equal(ScanState.Completed, (await _subject.ScanAsync(_removedSource)).State);
        }
    }

    [Fact]
    public async Task Remove_TokenOfAnother_IsRefused()
    {
        var (anna, ben) = (Actor.System with { UserId = 1 }, Actor.System with { UserId = 2 });
        var token = (await Removal.PreviewAsync(anna, _removedSource, default)).Value.Token;
        var other = (await Removal.PreviewAsync(anna, 1, default)).Value.Token;

        Assert.IsType<InvalidError>((await Removal.RemoveAsync(ben, _removedSource, token, default)).Error);
        Assert.IsType<InvalidError>((await Removal.RemoveAsync(anna, _removedSource, other, default)).Error);
        Assert.IsType<InvalidError>((await Removal.RemoveAsync(anna, _removedSource, token + "x", default)).Error);
        Assert.IsType<InvalidError>((await Removal.RemoveAsync(anna, _removedSource, null, default)).Error);
        Write(_subject, "wrong", ["Movies/One More (2008).mkv"]);
        await _subject.ScanAsync(_removedSource);
        Assert.IsType<InvalidError>((await Removal.RemoveAsync(anna, _removedSource, token, default)).Error);     // the numbers have changed
        var late = (await Removal.PreviewAsync(anna, _removedSource, default)).Value.Token;
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.IsType<InvalidError>((await Removal.RemoveAsync(anna, _removedSource, late, default)).Error);
        Assert.True((await Removal.RemoveAsync(anna, _removedSource, (await Removal.PreviewAsync(anna, _removedSource, default)).Value.Token, default)).IsOk);
    }

    [Fact]
    public async Task Remove_SameFilesElsewhere_DuplicatesAreThoseOfTheTwin()
    {
        Write(_twin, "right", ["Same/First (2010).epub", "Same/Second (2011).epub"], "the same");
        Write(_subject, "wrong", ["Same/First (2010).epub", "Same/Second (2011).epub"], "the same");
        await _twin.ScanAsync(1);
        await _subject.ScanAsync(1);
        await _subject.ScanAsync(_removedSource);

        await SampleFingerprintsAsync(_twin);
        await SampleFingerprintsAsync(_subject);
        Assert.Equal(2, await CountDuplicatesAsync(_twin));
        Assert.Equal(4, await CountDuplicatesAsync(_subject));

        await RemoveAsync();
        Assert.Equal(0, await CountDuplicatesAsync(_subject));      // until the groups are built again without them
        await SampleFingerprintsAsync(_subject);
        Assert.Equal(2, await CountDuplicatesAsync(_subject));
        Assert.Equal(await ReadSummariesAsync(_twin), await ReadSummariesAsync(_subject));

        await Removal.UndoAsync(Actor.System, _removedSource, default);
        await SampleFingerprintsAsync(_subject);
        Assert.Equal(4, await CountDuplicatesAsync(_subject));

        await RemoveAsync();
        await PurgeAsync();
        await SampleFingerprintsAsync(_subject);
        Assert.Equal(2, await CountDuplicatesAsync(_subject));
        Assert.Equal(await ReadSummariesAsync(_twin), await ReadSummariesAsync(_subject));
        AssertNoRow();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_NewSourceAfterwards_IsReadByItsOwnSources(bool isReadWhileRemoved)
    {
        Assert.NotEmpty((await _subject.FindAsync()).Items);
        await RemoveAsync();
        if (isReadWhileRemoved)
        {
            Assert.NotEmpty((await _subject.FindAsync()).Items);
        }

        await PurgeAsync();
        Write(_subject, "later", ["A Later Film (2010) 1440p x264.mkv"]);
        var later = (await _subject.AddSourceAsync("Later", Path.Combine(_subject.Root, "later"))).Id;
        await _subject.ScanAsync(later);

        var item = Assert.Single((await _subject.FindAsync(new MediaQuery { Source = later, Limit = 10 })).Items);
        Assert.Equal(("A Later Film", Presence.Present), (item.Title, item.Presence));
        CatalogInvariants.Check(_subject);
    }

    [Fact]
    public async Task Purge_BrokenOff_GoesOnAndLeavesNoRow()
    {
        await RemoveAsync();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await PurgeAsync(new CallbackProgress(stop.Cancel), stop.Token));
        await _subject.ReopenAsync();
        await AssertEqualsTwinAsync();
        Assert.Equal("“Wrong” is being deleted from the catalogue and cannot be brought back. Add its folder again instead.", (await Removal.UndoAsync(Actor.System, _removedSource, default)).Error?.Message);

        await PurgeAsync();

        await AssertEqualsTwinAsync();
        AssertNoRow();
        CatalogInvariants.Check(_subject);
    }

    /// <summary>A step that fails leaves everything unchanged, whatever it had already written.</summary>
    [Theory]
    [InlineData("retire", "UPDATE ON media_items")]
    [InlineData("remove", "UPDATE ON media_items")]
    [InlineData("undo", "UPDATE ON media_items")]
    [InlineData("purge", "DELETE ON media_items")]
    public async Task Step_FailsHalfWay_ChangesNothing(string step, string at)
    {
        if (step is "undo" or "purge")
        {
            await RemoveAsync();
        }

        var before = await DumpSubjectAsync();
        _subject.Execute($"CREATE TRIGGER fails BEFORE {at} BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END");

        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => RunStepAsync(step));

        _subject.Execute("DROP TRIGGER fails");
        await _subject.ReopenAsync();
        Assert.Equal(before, await DumpSubjectAsync());
        CatalogInvariants.Check(_subject);
        await RunStepAsync(step);
        Assert.Equal(step == "purge", before.SequenceEqual(await DumpSubjectAsync()));
    }

    [Fact]
    public async Task PurgeDue_OnlyAfterThirtyDays()
    {
        await RemoveAsync();
        _time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await Removal.PurgeDueAsync(new CallbackProgress(null), default));
        Assert.Single(await Removal.ListAsync(Actor.System, default));
        _time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(1, await Removal.PurgeDueAsync(new CallbackProgress(null), default));

        Assert.Empty(await Removal.ListAsync(Actor.System, default));
        AssertNoRow();
        Assert.Equal(["sources.remove", "sources.purge"], _subject.QueryRows("SELECT action FROM audit_logs WHERE action LIKE 'sources.%' AND action <> 'sources.add' ORDER BY id"));
        Assert.Equal("{\"name\":\"Wrong\"}", _subject.QueryRows("SELECT before FROM audit_logs WHERE action = 'sources.remove'").Single());
    }

    [Fact]
    public async Task Open_ArchivedBeforeStandingsWereKept_IsAligned()
    {
        await _subject.Sources.RetireAsync(Actor.System, _removedSource, default);
        _subject.Execute("UPDATE sources SET standing = 0; UPDATE holdings SET standing = 0; UPDATE media_items SET version_count = version_count + 1 WHERE title = 'The Matrix'");

        await _subject.ReopenAsync();

        await AssertEqualsTwinAsync(archivedFiles: RemovedFiles.Length);
    }

    private static void Write(TestCatalog catalog, string folder, IEnumerable<string> files, string? content = null)
    {
        foreach (var file in files)
        {
            catalog.Write($"{folder}/{file}", content ?? file);
            File.SetLastWriteTimeUtc(Path.Combine(catalog.Root, folder, file), WriteTime);
        }
    }

    private static Task<string> SampleFingerprintsAsync(TestCatalog catalog) => catalog.Services.GetRequiredService<FingerprintService>().SampleAsync(new CallbackProgress(null), default);

    private static async Task<int> CountDuplicatesAsync(TestCatalog catalog) =>
        (await catalog.Services.GetRequiredService<IDuplicateStore>().PageAsync(new DuplicateQuery(DuplicateKind.Identical, null, null, null, 10), default)).Groups
        .Concat((await catalog.Services.GetRequiredService<IDuplicateStore>().PageAsync(new DuplicateQuery(DuplicateKind.Likely, null, null, null, 10), default)).Groups).Sum(g => g.Count);

    private static Task<IReadOnlyList<DuplicateSummary>> ReadSummariesAsync(TestCatalog catalog) => catalog.Services.GetRequiredService<IDuplicateStore>().SummariesAsync(default);

    private Task<IReadOnlyList<string>> DumpSubjectAsync() => CatalogQueryDump.CreateAsync(_subject, SearchWords);

    private async Task RemoveAsync()
    {
        var preview = (await Removal.PreviewAsync(Actor.System, _removedSource, default)).Value;
        Assert.Equal("Wrong", (await Removal.RemoveAsync(Actor.System, _removedSource, preview.Token, default)).Value.Name);
    }

    private async Task PurgeAsync(IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        await Removal.PurgeAsync(Actor.System, _removedSource, default);
        Assert.Equal(1, await Removal.PurgeDueAsync(progress ?? new CallbackProgress(null), cancellation));
    }

    private Task RunStepAsync(string step) => step switch
    {
        "retire" => _subject.Sources.RetireAsync(Actor.System, _removedSource, default),
        "remove" => RemoveAsync(),
        "undo" => Removal.UndoAsync(Actor.System, _removedSource, default),
        _ => PurgeAsync(),
    };

    /// <summary>Compares the results with the twin's.</summary>
    /// <param name="archivedFiles">How many files are archived: they have their own count, and appear in no other.</param>
    private async Task AssertEqualsTwinAsync(int? archivedFiles = null)
    {
        long? archived = archivedFiles is null ? null : _removedSource;
        var (expected, found) = (await CatalogQueryDump.CreateAsync(_twin, SearchWords, archived), await CatalogQueryDump.CreateAsync(_subject, SearchWords, archived));
        foreach (var (one, other) in expected.Zip(found))
        {
            Assert.Equal(one, other);
        }

        Assert.Equal(expected.Count, found.Count);
        Assert.Equal(archivedFiles ?? 0, (await _subject.Media.StatisticsAsync(Actor.System, default)).ByPresence["retired"]);
    }

    private async Task AssertCountedAsync(MediaStatistics whole)
    {
        var now = await _subject.Media.StatisticsAsync(Actor.System, default);
        Assert.Equal((whole.Items, whole.Versions, whole.Files, whole.Bytes), (now.Items, now.Versions, now.Files, now.Bytes));
        Assert.Equal(whole.ByType, now.ByType);
        Assert.Equal(whole.ByResolution, now.ByResolution);
        Assert.Equal(whole.ByPresence, now.ByPresence);
    }

    private void AssertNoRow()
    {
        foreach (var table in new[] { "files", "folders", "media_versions", "scans", "source_states", "source_outages", "file_counts", "duplicate_shares", "duplicate_totals", "smb_sources" })
        {
            Assert.Equal(0, _subject.Count($"SELECT count(*) FROM {table} WHERE source_id = {_removedSource}"));
        }

        Assert.Equal(0, _subject.Count($"SELECT count(*) FROM sources WHERE id = {_removedSource}"));
        Assert.Equal(0, _subject.Count($"SELECT count(*) FROM holdings WHERE instr(',' || pattern, ',{_removedSource}:') > 0"));
        foreach (var orphan in new[] { "file_events", "file_prints", "item_pictures" })
        {
            Assert.Equal(0, _subject.Count($"SELECT count(*) FROM {orphan} WHERE file_id IS NOT NULL AND file_id NOT IN (SELECT id FROM files)"));
        }

        Assert.Equal(0, _subject.Count("SELECT count(*) FROM media_items WHERE holding_id NOT IN (SELECT id FROM holdings)"));
        Assert.Equal(0, _subject.Count("SELECT count(*) FROM media_items i WHERE version_count = 0 AND NOT EXISTS (SELECT 1 FROM media_items p WHERE p.parent_id = i.id)"));
    }

    private sealed class CallbackProgress(Action? callback) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => callback?.Invoke();
    }
}
