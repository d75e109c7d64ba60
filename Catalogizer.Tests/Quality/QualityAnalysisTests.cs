using System.Net;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Quality;

/// <summary>Copies of a real catalogue looked into, on this machine and on a share.</summary>
[Trait("Category", "Server")]
public sealed class QualityAnalysisTests : IAsyncLifetime
{
    private readonly TestCatalogue _catalogue = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalogue.DisposeAsync();

    [Fact]
    public async Task Run_OnAFolder_MeasuresOnceAndCountersFollow()
    {
        await Encoded.WriteAsync(Path.Combine(_catalogue.Root, "Films/Said Too Much (2001) 2160p x265.mkv"), [.. Encoded.Picture(), .. Encoded.Sound(), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"]);
        _catalogue.Write("Films/Only Words (2002) 1080p.mkv", "no film");
        var source = await _catalogue.AddSourceAsync();
        await _catalogue.ScanAsync(source.Id);

        await RunAsync();

        var item = await _catalogue.OneAsync("Said Too Much");
        Assert.Equal(("720p", "H.264"), (item.Best.Resolution, item.Best.Codec));
        var version = Assert.Single((await _catalogue.Media.VersionsAsync(Catalogizer.Domain.Accounts.Actor.System, item.Id, default)).Value);
        Assert.Equal(("720p", "H.264", "FLAC", "probe"), (version.Resolution, version.Codec, version.AudioCodec, version.QualityFrom));
        Assert.Equal("1080p", (await _catalogue.OneAsync("Only Words")).Best.Resolution);
        var facets = (await _catalogue.FindAsync()).Facets.Resolution;
        Assert.Equal((1, 1, false), (facets["720p"], facets["1080p"], facets.ContainsKey("2160p")));
        Assert.Equal(0, _catalogue.Count("SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = 5 AND value = '2160p'"));
        Assert.Equal(["0|1", "1|0"], _catalogue.Rows("SELECT tries, error IS NULL FROM version_analyses ORDER BY tries"));

        Assert.StartsWith("Nothing new", await RunAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnAShare_ReadsThroughItsSourceAndCountsTheBytes()
    {
        await using var server = await SmbServer.StartAsync();
        await Encoded.WriteAsync(server.PathOf("auth/video/Quiet Water (2001).mkv"), [.. Encoded.Picture(), "-c:v", "libx264", "-preset", "ultrafast"]);
        var source = await _catalogue.AddAsync(SmbSources.On(server, "auth", "video"));
        await _catalogue.ScanAsync(source.Id);

        await RunAsync();

        Assert.Equal("720p", (await _catalogue.OneAsync("Quiet Water")).Best.Resolution);
        Assert.InRange(_catalogue.Count("SELECT bytes_read FROM version_analyses"), 1, RangeEndpoint.MostBytes);
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

        using var answer = await http.SendAsync(request);
        using var stranger = await http.GetAsync(new Uri(served.Address, "/" + new string('0', 64)));
        var address = served.Address;
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal([2, 3, 4], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(3, served.Bytes);
        served.Dispose();
        using var late = await http.GetAsync(address);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (stranger.StatusCode, late.StatusCode));
    }

    private Task<string> RunAsync() => _catalogue.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<WorkProgress>(), default);
}
