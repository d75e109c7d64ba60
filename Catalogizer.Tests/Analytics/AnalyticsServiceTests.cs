using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Analytics;

/// <summary>Snapshots of a real catalogue, and the reports built from them.</summary>
public sealed class AnalyticsServiceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 23, 30, 0, TimeSpan.FromHours(-5));

    private readonly ManualTime _time = new(Start);
    private readonly TestCatalog _catalog;

    public AnalyticsServiceTests() => _catalog = new TestCatalog(_time);

    private AnalyticsService Analytics => _catalog.Analytics;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Snapshot_OfAScannedLibrary_CountsByEverything()
    {
        _catalog.Write("Films/A Wonder (1994) 1080p x264.mkv", new string('a', 1000));
        _catalog.Write("Films/B Wonder (1999) 2160p x265.mkv", new string('b', 3000));
        _catalog.Write("TV/Some Show/Season 01/Some Show S01E01 720p.mkv", new string('c', 2000));
        _catalog.Write("TV/Some Show/Season 01/Some Show S01E02 720p.mkv", new string('d', 2500));
        var source = await _catalog.AddSourceAsync("Shelf");
        await _catalog.ScanAsync(source.Id);

        Assert.True(await Analytics.TakeSnapshotAsync(default));
        var report = (await Analytics.ReportAsync(Actor.System, default))!;

        Assert.Equal((3, 4, 4, 8500), (report.Totals.Works, report.Totals.Versions, report.Totals.Files, report.Totals.Bytes));
        Assert.Equal(["movie 2/2/4000", "tv_show 1/2/4500"], report.Counts[SnapshotFacet.Type].OrderBy(c => c.Value, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Works}/{c.Files}/{c.Bytes}"));
        Assert.Equal([$"{source.Id} 3/4/8500"], report.Counts[SnapshotFacet.Source].Select(c => $"{c.Value} {c.Works}/{c.Files}/{c.Bytes}"));
        Assert.Contains(report.Counts[SnapshotFacet.Resolution], c => c is { Value: "2160p", Works: 1, Versions: 1, Bytes: 3000 });
        Assert.Contains(report.Counts[SnapshotFacet.Codec], c => c is { Value: "H.264", Works: 1, Versions: 1, Bytes: 1000 });
        Assert.Equal(["1990 2"], report.Counts[SnapshotFacet.Decade].Select(c => $"{c.Value} {c.Works}"));
        Assert.Equal(["0 4/8500"], report.Counts[SnapshotFacet.Size].Select(c => $"{c.Value} {c.Files}/{c.Bytes}"));
        Assert.Equal(["Some Show 4500", "B Wonder 3000", "A Wonder 1000"], report.Largest[LargestList.Work].Select(l => $"{l.Name} {l.Bytes}"));
        Assert.Equal("Films/B Wonder (1999) 2160p x265.mkv", report.Largest[LargestList.File].First().Name);
        Assert.Equal(source.Id, report.Largest[LargestList.File].First().SourceId);
        Assert.NotNull(report.Largest[LargestList.File].First().ItemId);
    }

    [Fact]
    public async Task Snapshot_OfAMadeCatalog_AgreesWithARecount()
    {
        using (var connection = _catalog.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            SyntheticCatalog.Fill(connection, 25_000);
        }

        Assert.True(await Analytics.TakeSnapshotAsync(default));

        var report = (await Analytics.ReportAsync(Actor.System, default))!;
        Assert.Equal(_catalog.Count("SELECT count(*) FROM media_items WHERE is_work = 1"), report.Totals.Works);
        Assert.Equal(_catalog.Count("SELECT count(*) FROM media_versions"), report.Totals.Versions);
        Assert.Equal(_catalog.Count("SELECT count(*) FROM files"), report.Counts[SnapshotFacet.Size].Sum(c => c.Files));
        Assert.Equal(_catalog.Count("SELECT sum(size) FROM files"), report.Counts[SnapshotFacet.Type].Sum(c => c.Bytes));
        Assert.Equal(_catalog.Count("SELECT count(*) FROM media_versions WHERE resolution = '1080p'"), report.Counts[SnapshotFacet.Resolution].Single(c => c.Value == "1080p").Versions);
        Assert.Equal(_catalog.Count("SELECT sum(size) FROM media_versions WHERE video_codec = 'AV1'"), report.Counts[SnapshotFacet.Codec].Single(c => c.Value == "AV1").Bytes);
        Assert.Equal(_catalog.Count("SELECT count(*) FROM media_items WHERE is_work = 1 AND year / 10 = 199"), report.Counts[SnapshotFacet.Decade].Single(c => c.Value == "1990").Works);
        Assert.Equal(
            _catalog.QueryRows("SELECT size FROM files ORDER BY size DESC LIMIT 25"),
            report.Largest[LargestList.File].Select(l => l.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(
            _catalog.QueryRows("SELECT sum(v.size) FROM media_versions v JOIN media_items i ON i.id = v.item_id GROUP BY coalesce(i.parent_id, i.id) ORDER BY 1 DESC LIMIT 25"),
            report.Largest[LargestList.Work].Select(l => l.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        // Days before the first snapshot are estimated from when today's files were first seen; yesterday already has all of them.
        var growth = await Analytics.GrowthAsync(Actor.System, new DateOnly(2020, 1, 1), null, default);
        Assert.All(growth.Days.SkipLast(1), day => Assert.True(day.Estimated && day.Versions is null));
        Assert.Equal(growth.Days[^1].Works, growth.Days[^2].Works);
        Assert.Equal(growth.Days.Select(d => d.Files).Order(), growth.Days.Select(d => d.Files));
    }

    [Fact]
    public async Task Snapshot_TwiceADay_KeepsTheLater_AndDaysAreThoseOfUtc()
    {
        var source = await _catalog.AddSourceAsync("Shelf");
        _catalog.Write("Films/A Wonder (1994) 1080p.mkv");
        await _catalog.ScanAsync(source.Id);
        await Analytics.TakeSnapshotAsync(default);
        _catalog.Write("Films/B Wonder (1995) 1080p.mkv");
        await _catalog.ScanAsync(source.Id);
        await Analytics.TakeSnapshotAsync(default);
        _time.Advance(TimeSpan.FromDays(1));
        _catalog.Delete("Films/B Wonder (1995) 1080p.mkv");
        _catalog.Write("Films/C Wonder (1996) 1080p.mkv", "another film");
        _catalog.Write("Films/D Wonder (1997) 1080p.mkv", "and yet another");
        await _catalog.ScanAsync(source.Id);
        await Analytics.TakeSnapshotAsync(default);

        var growth = await Analytics.GrowthAsync(Actor.System, null, null, default);

        // 23:30 in New York is already the next day in UTC.
        Assert.Equal(["2026-03-02 2", "2026-03-03 4"], growth.Days.Select(d => $"{d.Day:yyyy-MM-dd} {d.Works}"));
        Assert.DoesNotContain(growth.Days, day => day.Estimated);
        Assert.Equal(new DateOnly(2026, 3, 3), growth.To);
    }

    [Fact]
    public async Task Growth_RangeBehindTheLastSnapshot_BeginsWithWhatWasKnown()
    {
        var source = await _catalog.AddSourceAsync("Shelf");
        _catalog.Write("Films/A Wonder (1994) 1080p.mkv");
        await _catalog.ScanAsync(source.Id);
        await Analytics.TakeSnapshotAsync(default);
        _time.Advance(TimeSpan.FromDays(40));

        var day = Assert.Single((await Analytics.GrowthAsync(Actor.System, Analytics.Today.AddDays(-30), null, default)).Days);

        Assert.Equal((Analytics.Today.AddDays(-30), 1), (day.Day, day.Works));
        Assert.True(await Analytics.IsDueAsync(default));
        await Analytics.TakeSnapshotAsync(default);
        Assert.False(await Analytics.IsDueAsync(default));
    }

    [Fact]
    public async Task Snapshot_Taken_IsTold()
    {
        using var ear = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe();
        await Analytics.TakeSnapshotAsync(default);

        await foreach (var events in ear.ReadAsync(TimeSpan.Zero, default))
        {
            Assert.Contains(events, catalogEvent => catalogEvent is AnalyticsChanged);
            break;
        }
    }

    [Fact]
    public async Task Snapshot_DuringABulkLoad_IsLeftToItsEnd()
    {
        using (var connection = _catalog.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            DeferredIndexes.Suspend(connection);
        }

        Assert.False(await Analytics.TakeSnapshotAsync(default));
        Assert.Null(await Analytics.ReportAsync(Actor.System, default));
    }

    [Fact]
    public async Task Questions_WithoutThePermission_AreRefused()
    {
        var nobody = new Actor(null, "nobody", []);

        await Assert.ThrowsAsync<PermissionDeniedException>(() => Analytics.GrowthAsync(nobody, null, null, default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Analytics.ReportAsync(nobody, default));
    }
}
