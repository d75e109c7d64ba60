using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Quality;

/// <summary>Which copy is the best, wherever that is asked.</summary>
public sealed class CopyOrderTests : IAsyncLifetime
{
    private readonly TestCatalogue _catalogue = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalogue.DisposeAsync();

    [Fact]
    public void Sql_AnyCopies_SortsAsMemoryDoes()
    {
        var copies = (from resolution in (string?[])[null, "1080p", "1080i", "720p", "2160p", "odd"]
                      from codec in (string?[])[null, "AV1", "H.264", "XviD", "DivX", "ProRes"]
                      from score in (double[])[0, 28, 28.5]
                      select (Resolution: resolution, Codec: codec, Score: score)).ToList();
        var values = string.Join(", ", copies.Select(c => string.Create(CultureInfo.InvariantCulture, $"({Text(c.Resolution)}, {Text(c.Codec)}, {c.Score})")));

        var sorted = _catalogue.Rows($"SELECT r, c, s FROM (SELECT column1 AS r, column2 AS c, column3 AS s FROM (VALUES {values})) ORDER BY {VersionRanking.OrderBySql("s", "r", "c")}");

        copies.Sort((a, b) => VersionRanking.IsBetter(a, b) ? -1 : VersionRanking.IsBetter(b, a) ? 1 : 0);
        Assert.Equal(copies.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Resolution}|{c.Codec}|{c.Score}")), sorted);
    }

    /// <summary>480p from the web and 720p from nobody knows where are worth 28 each.</summary>
    [Theory]
    [InlineData("Quiet Water (2001) 480p WEB-DL.mkv", "Quiet Water (2001) 720p.mkv")]
    [InlineData("Quiet Water (2001) 720p.mkv", "Quiet Water (2001) 480p WEB-DL.mkv")]
    public async Task Best_OfEqualScores_IsTheHigherResolutionInWhateverOrderTheyCame(string first, string second)
    {
        var source = await _catalogue.AddSourceAsync();
        _catalogue.Write($"A/{first}");
        await _catalogue.ScanAsync(source.Id);
        _catalogue.Write($"B/{second}");
        await _catalogue.ScanAsync(source.Id);

        var item = await _catalogue.OneAsync("Quiet Water");
        var versions = (await _catalogue.Media.VersionsAsync(Actor.System, item.Id, default)).Value;

        Assert.Equal([28, 28], versions.Select(v => v.OverallScore));
        Assert.Equal(("720p", "720p"), (item.Best.Resolution, versions[0].Resolution));
    }

    [Fact]
    public async Task Best_OfTheSameFile_IsTheOneAtHandThenTheMeasured()
    {
        var (here, away) = (await _catalogue.AddSourceAsync("Here", Folder("here")), await _catalogue.AddSourceAsync("Away", Folder("away")));
        _catalogue.Write("here/A/Quiet Water (2001) 1080p BluRay x264.mkv", "same");
        _catalogue.Write("here/B/Quiet Water (2001) 1080p BluRay x264.mkv", "same");
        _catalogue.Write("away/Quiet Water (2001) 2160p BluRay x264.mkv", "same");
        await _catalogue.ScanAsync(here.Id);
        await _catalogue.ScanAsync(away.Id);
        var id = (await _catalogue.OneAsync("Quiet Water")).Id;
        Assert.Equal(["2160p", "1080p", "1080p"], (await VersionsAsync(id)).Select(v => v.Resolution));

        // The better copy goes away; of the others one is measured, at a bit rate as low as can be.
        _catalogue.Execute($"UPDATE sources SET availability = 1 WHERE id = {away.Id}");
        var second = (await VersionsAsync(id))[1];
        await MeasureAsync(second);

        var versions = await VersionsAsync(id);
        var item = (await _catalogue.Media.GetAsync(Actor.System, id, default)).Value.Item;
        Assert.Equal((second.Id, "probe", Presence.Present), (versions[0].Id, versions[0].QualityFrom, versions[0].Presence));
        Assert.Equal(("2160p", Presence.Unknown), (versions[2].Resolution, versions[2].Presence));
        Assert.Equal(("1080p", versions[0].OverallScore, Presence.Present), (item.Best.Resolution, item.Best.Score, item.Presence));
        Assert.Equal((item.Best, item.Presence), (await _catalogue.OneAsync("Quiet Water") is var listed ? (listed.Best, listed.Presence) : default));

        await MeasureAsync(versions[1]);
        Assert.Equal(versions[0].OverallScore, (await VersionsAsync(id))[0].OverallScore);
        Assert.Equal(versions[0].OverallScore, (await _catalogue.OneAsync("Quiet Water")).Best.Score);
    }

    [Fact]
    public async Task Best_OfASeriesPartlyAway_IsThatOfAnEpisodeAtHand()
    {
        var (here, away) = (await _catalogue.AddSourceAsync("Here", Folder("here")), await _catalogue.AddSourceAsync("Away", Folder("away")));
        _catalogue.Write("here/Some Show/Season 01/Some Show S01E01 720p.mkv");
        _catalogue.Write("away/Some Show/Season 01/Some Show S01E02 1080p.mkv");
        await _catalogue.ScanAsync(here.Id);
        await _catalogue.ScanAsync(away.Id);

        var before = await _catalogue.OneAsync("Some Show");
        _catalogue.Execute($"UPDATE sources SET availability = 1 WHERE id = {away.Id}");
        var after = await _catalogue.OneAsync("Some Show");

        Assert.Equal(("1080p", Presence.Present), (before.Best.Resolution, before.Presence));
        Assert.Equal(("720p", 28, Presence.Present), (after.Best.Resolution, after.Best.Score, after.Presence));
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_catalogue.Root, name)).FullName;

    private async Task<IReadOnlyList<MediaVersion>> VersionsAsync(long id) => (await _catalogue.Media.VersionsAsync(Actor.System, id, default)).Value;

    private Task MeasureAsync(MediaVersion version)
    {
        var measures = new MediaProperties { Resolution = "1080p", VideoCodec = "H.264", Width = 1920, Height = 1080, FrameRate = 25, Bitrate = 1000, VideoBitrate = 1000, Container = "avi" };
        var quality = QualityMetrics.From(_catalogue.Services.GetRequiredService<MediaDetector>().Detect(version.Path).Fields, measures, version.Size);
        var candidate = new AnalysisCandidate(version.Id, version.SourceId, version.Path, version.Size, version.ModifiedAt.ToUnixTimeMilliseconds(), 1, 0);
        return _catalogue.Services.GetRequiredService<IQualityStore>().SaveAsync([new Analysis(candidate, quality, new ProbeResult(measures, null, null), null, DateTimeOffset.UtcNow, null)], default);
    }

    private static string Text(string? value) => value is null ? "NULL" : $"'{value}'";
}
