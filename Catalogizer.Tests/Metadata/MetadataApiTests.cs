using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Api;
using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Catalogizer.Tests.Metadata;

/// <summary>From a file's name to the provider's data and back, over the API.</summary>
[Trait("Category", "Server")]
public sealed class MetadataApiTests : IAsyncLifetime
{
    private const string Details = """
        {"id":603,"title":"<b>The Matrix</b>","original_title":"The Matrix","overview":"A hacker learns.","release_date":"1999-03-30","vote_average":8.2,"vote_count":10,"poster_path":"/poster.png","genres":[{"id":28,"name":"Action"}],"imdb_id":"tt0133093"}
        """;

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private TestProvider _tmdb = null!;
    private TestServer _server = null!;
    private HttpClient _admin = null!;
    private long _film;

    public async Task InitializeAsync()
    {
        _tmdb = await TestProvider.StartAsync();
        _tmdb.Bodies["/3/search/movie"] = """{"page":1,"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-30"},{"id":604,"title":"The Matrix Reloaded","release_date":"2003-05-15"}],"total_results":2}""";
        _tmdb.Bodies["/3/movie/603"] = Details;
        _tmdb.Bodies["/3/movie/604"] = Details.Replace("603", "604", StringComparison.Ordinal).Replace("A hacker learns.", "The second.", StringComparison.Ordinal);
        _tmdb.Images["/t/p/w500/poster.png"] = Png;
        _server = new TestServer
        {
            Settings =
            [
                "--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning",
                $"--Catalogizer:Metadata:Tmdb:BaseAddress={_tmdb.Address}3/", $"--Catalogizer:Metadata:Tmdb:ImageBaseAddress={_tmdb.Address}t/p/", "--Catalogizer:Metadata:Tmdb:ApiKey=a.b.c",
            ],
        };
        await _server.StartAsync();
        _admin = await _server.CreateApiClientAsync("root");
        _server.Write("films/The Matrix (1999) 1080p.mkv");
        var source = await ApiServer.AssertOkAsync(await _admin.PostAsJsonAsync("/api/v1/sources", new { name = "films", protocol = "local", path = _server.PathOf("films") }));
        var scan = await ApiServer.AssertOkAsync(await _admin.PostAsJsonAsync($"/api/v1/sources/{source.GetProperty("id").GetInt64()}/scan", new { kind = "full" }));
        await _server.Get<ScanService>().WaitAsync(scan.GetProperty("scanId").GetInt64(), default);
        _film = Assert.Single((await GetAsync("media")).GetProperty("items").EnumerateArray()).GetProperty("id").GetInt64();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tmdb.DisposeAsync();
    }

    [Fact]
    public async Task Enrich_SureCandidate_BringsDescriptionRatingAndPoster()
    {
        await EnrichAsync();

        var item = await GetAsync($"media/{_film}");
        Assert.Equal(("A hacker learns.", 8.2, 1999), (item.GetProperty("description").GetString(), item.GetProperty("rating").GetDouble(), item.GetProperty("year").GetInt32()));
        var poster = await _admin.GetAsync(item.GetProperty("poster").GetString());
        Assert.Equal(Png, await poster.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", poster.Content.Headers.ContentType?.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, item.GetProperty("poster").GetString());
        again.Headers.IfNoneMatch.Add(poster.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await _admin.SendAsync(again)).StatusCode);
        Assert.Contains("Bearer a.b.c", _tmdb.Keys);
        Assert.Single((await GetAsync("media?query=hacker")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Refresh_TenTimes_LosesNoEditAndNoPin()
    {
        await EnrichAsync();
        await ApiServer.AssertOkAsync(await _admin.PutAsync($"/api/v1/media/{_film}", ApiServer.CreateJsonBody("""{"title":"Mine","rating":3}""")));
        await ApiServer.AssertOkAsync(await _admin.PostAsJsonAsync($"/api/v1/media/{_film}/match", new { provider = "tmdb", externalId = "604" }));
        for (var i = 0; i < 10; i++)
        {
            Assert.True((await RefreshAsync()).GetProperty("refreshed").GetBoolean());
        }

        var item = await GetAsync($"media/{_film}");
        Assert.Equal(("Mine", 3.0, "The second."), (item.GetProperty("title").GetString(), item.GetProperty("rating").GetDouble(), item.GetProperty("description").GetString()));
        var back = await ApiServer.AssertOkAsync(await _admin.PutAsync($"/api/v1/media/{_film}", ApiServer.CreateJsonBody("""{"title":null,"rating":null}""")));
        Assert.Equal(("<b>The Matrix</b>", 8.2), (back.GetProperty("title").GetString(), back.GetProperty("rating").GetDouble()));
    }

    [Theory]
    [InlineData(500, "TMDB answered with 500.")]
    [InlineData(401, "TMDB refuses its key. Next try at ")]
    [InlineData(429, "TMDB asked for a pause. Next try at ")]
    [InlineData(404, "TMDB no longer has the record 603.")]
    public async Task Refresh_RecordIsNotAnswered_SaysWhyAndServesWhatWasKept(int status, string why)
    {
        await EnrichAsync();
        RespondWith(status);

        var response = await RefreshAsync();

        Assert.False(response.GetProperty("refreshed").GetBoolean());
        Assert.StartsWith(why, response.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal((_film, "A hacker learns."), (response.GetProperty("id").GetInt64(), response.GetProperty("description").GetString()));
    }

    [Theory]
    [InlineData(500, "TMDB answered with 500.")]
    [InlineData(401, "TMDB refuses its key. Next try at ")]
    public async Task Refresh_NothingWasFoundBefore_AsksAnewAndSaysWhyNot(int status, string why)
    {
        _tmdb.Bodies["/3/search/movie"] = """{"results":[]}""";
        await EnrichAsync();
        var answered = await RefreshAsync();
        RespondWith(status);

        var refused = await RefreshAsync();

        Assert.True(answered.GetProperty("refreshed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, answered.GetProperty("reason").ValueKind);
        Assert.False(refused.GetProperty("refreshed").GetBoolean());
        Assert.StartsWith(why, refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_PersonWantsNoRecord_StaysSo()
    {
        await EnrichAsync();
        await _server.Get<MetadataService>().DisableMatchAsync(Actor.System, _film, default);

        var response = await RefreshAsync();
        var renewed = await _server.Get<Enricher>().RefreshAsync(100, DateTimeOffset.UtcNow.AddYears(1), default);

        Assert.Equal((false, "A person wants no record for it."), (response.GetProperty("refreshed").GetBoolean(), response.GetProperty("reason").GetString()));
        Assert.Equal(0, renewed);
        Assert.Equal(MatchState.LeftAlone, (await _server.Get<MetadataService>().GetAsync(Actor.System, _film, default)).Value.Match?.State);
    }

    [Fact]
    public async Task Refresh_ProviderIsOff_SaysSo()
    {
        await EnrichAsync();
        var providers = _server.Get<ProviderManager>();
        providers.Find("tmdb")!.Channel!.Reconfigure(new ProviderConfiguration(false, "a.b.c", "en", _tmdb.Address, _tmdb.Address));

        var nobody = await ApiServer.AssertProblemAsync(await _admin.PostAsync($"/api/v1/media/{_film}/refresh", null), 409);
        providers.Find("tvdb")!.Channel!.Reconfigure(new ProviderConfiguration(true, "a.b.c", "en", _tmdb.Address, _tmdb.Address));
        var other = await RefreshAsync();

        Assert.Contains("No metadata provider that knows works of this kind is on.", nobody.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((false, "TMDB is off. The item is matched with it."), (other.GetProperty("refreshed").GetBoolean(), other.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("{\"results\":[")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task Refresh_AnswerThatCannotBeRead_Is503AndChangesNothing(string body)
    {
        _tmdb.Override = http => http.Response.WriteAsync(body);

        await ApiServer.AssertProblemAsync(await _admin.PostAsync($"/api/v1/media/{_film}/refresh", null), 503);

        Assert.Equal("The Matrix", (await GetAsync($"media/{_film}")).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Refresh_TooManyRequests_WaitsAsLongAsAsked()
    {
        var refusedAt = 0L;
        _tmdb.Override = http =>
        {
            (_tmdb.Override, refusedAt) = (null, Stopwatch.GetTimestamp());
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        };

        await ApiServer.AssertOkAsync(await _admin.PostAsync($"/api/v1/media/{_film}/refresh", null));

        Assert.NotEqual(0, refusedAt);
        Assert.True(Stopwatch.GetElapsedTime(refusedAt) > TimeSpan.FromMilliseconds(950), "It asked again at once.");
        Assert.Equal("A hacker learns.", (await GetAsync($"media/{_film}")).GetProperty("description").GetString());
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("/../../secret")]
    public async Task Match_PosterElsewhere_IsNotFetched(string poster)
    {
        _tmdb.Bodies["/3/movie/603"] = Details.Replace("/poster.png", poster, StringComparison.Ordinal);

        var item = await ApiServer.AssertOkAsync(await _admin.PostAsJsonAsync($"/api/v1/media/{_film}/match", new { provider = "tmdb", externalId = "603" }));

        Assert.Equal(JsonValueKind.Null, item.GetProperty("poster").ValueKind);
    }

    [Fact]
    public async Task Match_WrongValues_NamesTheField()
    {
        await ApiServer.AssertInvalidAsync(await _admin.PostAsJsonAsync($"/api/v1/media/{_film}/match", new { provider = "nobody", externalId = "1" }), "provider");
        await ApiServer.AssertInvalidAsync(await _admin.PostAsJsonAsync($"/api/v1/media/{_film}/match", new { provider = "tmdb", externalId = "999" }), "externalId");
        await ApiServer.AssertInvalidAsync(await _admin.PostAsJsonAsync($"/api/v1/media/{_film}/match", new { provider = "musicbrainz", externalId = "1" }), "provider");
        await ApiServer.AssertProblemAsync(await _admin.PostAsJsonAsync("/api/v1/media/99999/match", new { provider = "tmdb", externalId = "603" }), 404);
    }

    private void RespondWith(int status) => _tmdb.Override = http =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = "600";
        return Task.CompletedTask;
    };

    private async Task<JsonElement> RefreshAsync() => await ApiServer.AssertOkAsync(await _admin.PostAsync($"/api/v1/media/{_film}/refresh", null));

    private Task<int?> EnrichAsync() => _server.Get<Enricher>().EnrichAsync(100, new Progress<ProgressUpdate>(), default);

    private async Task<JsonElement> GetAsync(string address) => await ApiServer.AssertOkAsync(await _admin.GetAsync($"/api/v1/{address}"));
}
