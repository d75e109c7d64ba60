using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Quality;

/// <summary>The same version ranks best everywhere.</summary>
public sealed class VersionRankingTests : IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public void OrderBySql_AnyCopies_SortsAsMemoryDoes()
    {
        var copies = (from resolution in (string?[])[null, "1080p", "1080i", "720p", "2160p", "odd"]
                      from codec in (string?[])[null, "AV1", "H.264", "XviD", "DivX", "ProRes"]
                      from score in (double[])[0, 28, 28.5]
                      select (Resolution: resolution, Codec: codec, Score: score)).ToList();
        var values = string.Join(", ", copies.Select(c => string.Create(CultureInfo.InvariantCulture, $"({ToSqlLiteral(c.Resolution)}, {ToSqlLiteral(c.Codec)}, {c.Score})")));

        var sorted = _catalog.QueryRows($"SELECT r, c, s FROM (SELECT column1 AS r, column2 AS c, column3 AS s FROM (VALUES {values})) ORDER BY {VersionRanking.OrderBySql("s", "r", "c")}");

        copies.Sort((a, b) => VersionRanking.IsBetter(a, b) ? -1 : VersionRanking.IsBetter(b, a) ? 1 : 0);
        Assert.Equal(copies.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Resolution}|{c.Codec}|{c.Score}")), sorted);
    }

    /// <summary>480p from the web and 720p from an unknown origin both score 28.</summary>
    [Theory]
    [InlineData("Quiet Water (2001) 480p WEB-DL.mkv", "Quiet Water (2001) 720p.mkv")]
    [InlineData("Quiet Water (2001) 720p.mkv", "Quiet Water (2001) 480p WEB-DL.mkv")]
    public async Task Best_OfEqualScores_IsTheHigherResolutionInWhateverOrderTheyCame(string first, string second)
    {
        var source = await _catalog.AddSourceAsync();
        _catalog.Write($"A/{first}");
        await _catalog.ScanAsync(source.Id);
        _catalog.Write($"B/{second}");
        await _catalog.ScanAsync(source.Id);

        var item = await _catalog.FindOneAsync("Quiet Water");
        var versions = (await _catalog.Media.VersionsAsync(Actor.System, item.Id, default)).Value;

        Assert.Equal([28, 28], versions.Select(v => v.OverallScore));
        Assert.Equal(("720p", "720p"), (item.Best.Resolution, versions[0].Resolution));
    }

    [Fact]
    public async Task Best_OfTheSameFile_IsTheOneAtHandThenTheMeasured()
    {
        var (here, away) = (await _catalog.AddSourceAsync("Here", CreateFolder("here")), await _catalog.AddSourceAsync("Away", CreateFolder("away")));
        _catalog.Write("here/A/Quiet Water (2001) 1080p BluRay x264.mkv", "same");
        _catalog.Write("here/B/Quiet Water (2001) 1080p BluRay x264.mkv", "same");
        _catalog.Write("away/Quiet Water (2001) 2160p BluRay x264.mkv", "same");
        await _catalog.ScanAsync(here.Id);
        await _catalog.ScanAsync(away.Id);
        var id = (await _catalog.FindOneAsync("Quiet Water")).Id;
        Assert.Equal(["2160p", "1080p", "1080p"], (await ListVersionsAsync(id)).Select(v => v.Resolution));

        // The better version goes offline; one of the others is analysed, at the lowest possible bit rate.
        _catalog.Execute($"UPDATE sources SET availability = 1 WHERE id = {away.Id}");
        var second = (await ListVersionsAsync(id))[1];
        await SetMeasuredAsync(second);

        var versions = await ListVersionsAsync(id);
        var item = (await _catalog.Media.GetAsync(Actor.System, id, default)).Value.Item;
        Assert.Equal((second.Id, "probe", Presence.Present), (versions[0].Id, versions[0].QualityFrom, versions[0].Presence));
        Assert.Equal(("2160p", Presence.Unknown), (versions[2].Resolution, versions[2].Presence));
        Assert.Equal(("1080p", versions[0].OverallScore, Presence.Present), (item.Best.Resolution, item.Best.Score, item.Presence));
        Assert.Equal((item.Best, item.Presence), (await _catalog.FindOneAsync("Quiet Water") is var listed ? (listed.Best, listed.Presence) : default));

        await SetMeasuredAsync(versions[1]);
        Assert.Equal(versions[0].OverallScore, (await ListVersionsAsync(id))[0].OverallScore);
        Assert.Equal(versions[0].OverallScore, (await _catalog.FindOneAsync("Quiet Water")).Best.Score);
    }

    [Fact]
    public async Task Best_OfASeriesPartlyAway_IsThatOfAnEpisodeAtHand()
    {
        var (here, away) = (await _catalog.AddSourceAsync("Here", CreateFolder("here")), await _catalog.AddSourceAsync("Away", CreateFolder("away")));
        _catalog.Write("here/Some Show/Season 01/Some Show S01E01 720p.mkv");
        _catalog.Write("away/Some Show/Season 01/Some Show S01E02 1080p.mkv");
        await _catalog.ScanAsync(here.Id);
        await _catalog.ScanAsync(away.Id);

        var before = await _catalog.FindOneAsync("Some Show");
        _catalog.Execute($"UPDATE sources SET availability = 1 WHERE id = {away.Id}");
        var after = await _catalog.FindOneAsync("Some Show");

        Assert.Equal(("1080p", Presence.Present), (before.Best.Resolution, before.Presence));
        Assert.Equal(("720p", 28, Presence.Present), (after.Best.Resolution, after.Best.Score, after.Presence));
    }

    private string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(_catalog.Root, name)).FullName;

    private async Task<IReadOnlyList<MediaVersion>> ListVersionsAsync(long id) => (await _catalog.Media.VersionsAsync(Actor.System, id, default)).Value;

    private Task SetMeasuredAsync(MediaVersion version)
    {
        var measures = new MediaProperties { Resolution = "1080p", VideoCodec = "H.264", Width = 1920, Height = 1080, FrameRate = 25, Bitrate = 1000, VideoBitrate = 1000, Container = "avi" };
        var quality = QualityMetrics.From(_catalog.Services.GetRequiredService<MediaDetector>().Detect(version.Path).Fields, measures, version.Size);
        var candidate = new AnalysisCandidate(version.Id, version.SourceId, version.Path, version.Size, version.ModifiedAt.ToUnixTimeMilliseconds(), 1, 0);
        return _catalog.Services.GetRequiredService<IQualityStore>().SaveAsync([new Analysis(candidate, quality, new ProbeResult(measures, null, null), null, DateTimeOffset.UtcNow, null)], default);
    }

    private static string ToSqlLiteral(string? value) => value is null ? "NULL" : $"'{value}'";
}
