using System.Net;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Quality;

/// <summary>Analysis of a real catalogue's versions, on a local disk and on a share.</summary>
[Trait("Category", "Server")]
public sealed class QualityAnalysisTests : IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Run_OnAFolder_MeasuresOnceAndCountersFollow()
    {
        await EncodedMedia.WriteAsync(Path.Combine(_catalog.Root, "Films/Said Too Much (2001) 2160p x265.mkv"), [.. EncodedMedia.VideoArguments(), .. EncodedMedia.AudioArguments(), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"]);
        _catalog.Write("Films/Only Words (2002) 1080p.mkv", "no film");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);

        await RunAsync();

        var item = await _catalog.FindOneAsync("Said Too Much");
        Assert.Equal(("720p", "H.264"), (item.Best.Resolution, item.Best.Codec));
        var version = Assert.Single((await _catalog.Media.VersionsAsync(Actor.System, item.Id, default)).Value);
        Assert.Equal(("720p", "H.264", "FLAC", "probe"), (version.Resolution, version.Codec, version.AudioCodec, version.QualityFrom));
        Assert.Equal("1080p", (await _catalog.FindOneAsync("Only Words")).Best.Resolution);
        var facets = (await _catalog.FindAsync()).Facets.Resolution;
        Assert.Equal((1, 1, false), (facets["720p"], facets["1080p"], facets.ContainsKey("2160p")));
        Assert.Equal(0, _catalog.Count("SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = 5 AND value = '2160p'"));
        Assert.Equal(["0|1", "1|0"], _catalog.QueryRows("SELECT tries, error IS NULL FROM version_analyses ORDER BY tries"));

        Assert.StartsWith("Nothing new", await RunAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mp4", false)]
    [InlineData("mkv", true)]
    public async Task Run_BitrateOfAPaddedFile_IsThatOfItsStreamsOrCalledAnEstimate(string ending, bool isEstimate)
    {
        var path = Path.Combine(_catalog.Root, $"Quiet Water (2001).{ending}");
        await EncodedMedia.WriteAsync(path, [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast"]);
        await using (var file = new FileStream(path, FileMode.Append))
        {
            await file.WriteAsync(new byte[10 * 1024 * 1024]);
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await RunAsync();

        var (report, version) = await ReportAsync((await _catalog.FindOneAsync("Quiet Water")).Id);
        Assert.Equal((isEstimate, isEstimate), (version.BitrateIsEstimate, version.Bitrate > 40_000_000));
        var part = report.Parts.Single(p => p.Name == "Bit rate");
        Assert.Equal((isEstimate ? PartOrigin.Estimate : PartOrigin.File, isEstimate), (part.Origin, part.Reason.StartsWith("about", StringComparison.Ordinal)));
        Assert.Equal(version.OverallScore, ScorePart.Sum(report.Parts));
    }

    [Fact]
    public async Task Run_OnAShare_ReadsThroughItsSourceAndCountsTheBytes()
    {
        await using var server = await SmbServer.StartAsync();
        await EncodedMedia.WriteAsync(server.PathOf("auth/video/Quiet Water (2001).mkv"), [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast"]);
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(server, "auth", "video"));
        await _catalog.ScanAsync(source.Id);

        await RunAsync();

        Assert.Equal("720p", (await _catalog.FindOneAsync("Quiet Water")).Best.Resolution);
        Assert.InRange(_catalog.Count("SELECT bytes_read FROM version_analyses"), 1, RangeEndpoint.MaxBytes);
    }

    [Fact]
    public async Task Report_CopiesSomebodyLooksAt_AreMeasuredAtOnceAndTellTheirParts()
    {
        await EncodedMedia.WriteAsync(Path.Combine(_catalog.Root, "Quiet Water (2001) 1080p BluRay.mkv"), [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast"]);
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        var item = await _catalog.FindOneAsync("Quiet Water");
        var preferred = _catalog.Services.GetRequiredService<PriorityAnalysis>();
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is ItemsChanged);
        await preferred.StartAsync(default);

        var (before, named) = await ReportAsync(item.Id);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            break;
        }

        var (after, measured) = await ReportAsync(item.Id);
        await preferred.StopAsync(default);
        Assert.Equal((true, "name", PartOrigin.Name), (before.IsPending, named.QualityFrom, before.Parts[0].Origin));
        Assert.Equal((false, "probe", PartOrigin.File), (after.IsPending, measured.QualityFrom, after.Parts[0].Origin));
        Assert.Equal(PartOrigin.Name, after.Parts.Single(p => p.Name == "Source").Origin);
        Assert.Equal(measured.OverallScore, Math.Round(after.Parts.Sum(p => p.Points), 1));
    }

    [Fact]
    public async Task Run_ScoresOfAnotherScale_AreGivenAnewOnceAndTheItemFollows()
    {
        await EncodedMedia.WriteAsync(Path.Combine(_catalog.Root, "Quiet Water (2001).mkv"), [.. EncodedMedia.VideoArguments(), "-c:v", "libx264", "-preset", "ultrafast"]);
        _catalog.Write("Only Words (2002) 1080p BluRay x265.mkv", "no film");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await RunAsync();
        var right = _catalog.QueryRows("SELECT overall_score, best_score FROM media_versions v JOIN media_items i ON i.id = v.item_id ORDER BY v.id");
        const string spoil = "UPDATE media_versions SET overall_score = 1; UPDATE media_items SET best_score = 1;";

        _catalog.Execute(spoil);
        await RunAsync();
        Assert.Equal(["1|1", "1|1"], _catalog.QueryRows("SELECT overall_score, best_score FROM media_versions v JOIN media_items i ON i.id = v.item_id"));

        _catalog.Execute("UPDATE settings SET value = '0 0' WHERE key = 'quality.scale'");
        await RunAsync();
        Assert.Equal(right, _catalog.QueryRows("SELECT overall_score, best_score FROM media_versions v JOIN media_items i ON i.id = v.item_id ORDER BY v.id"));
    }

    [Fact]
    public async Task Endpoint_ServesRangesToWhoeverKnowsTheName()
    {
        using var endpoint = new RangeEndpoint();
        using var http = new HttpClient();
        using var content = new MemoryStream([0, 1, 2, 3, 4, 5, 6, 7]);
        var served = endpoint.Serve(content);
        using var request = new HttpRequestMessage(HttpMethod.Get, served.Address);
        request.Headers.Range = new(2, 4);

        using var response = await http.SendAsync(request);
        using var stranger = await http.GetAsync(new Uri(served.Address, "/" + new string('0', 64)));
        var address = served.Address;
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal([2, 3, 4], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(3, served.BytesRead);
        served.Dispose();
        using var late = await http.GetAsync(address);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (stranger.StatusCode, late.StatusCode));
    }

    private async Task<(VersionQualityReport Report, MediaVersion Version)> ReportAsync(long item)
    {
        var version = Assert.Single((await _catalog.Media.VersionsAsync(Actor.System, item, default)).Value);
        return ((await _catalog.Services.GetRequiredService<VersionQuality>().GetReportsAsync(Actor.System, item, [version], default))[version.Id], version);
    }

    private Task<string> RunAsync() => _catalog.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<ProgressUpdate>(), default);
}
