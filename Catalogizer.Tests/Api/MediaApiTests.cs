using System.Net;
using System.Text.Json;

namespace Catalogizer.Tests.Api;

/// <summary>What the API returns of the catalogue, field by field.</summary>
[Trait("Category", "Server")]
public sealed class MediaApiTests(MediaApiTests.Library library) : IClassFixture<MediaApiTests.Library>
{
    private readonly ApiServer _api = library.Api;

    [Fact]
    public async Task Media_Page_HasItemsCursorTotalAndFacets()
    {
        var page = await _api.GetAsync("media?limit=2");

        ApiServer.AssertShape(page, "items:array", "nextCursor:string", "total:number", "facets:object", "tookMs:number");
        Assert.Equal((2, 6), (page.GetProperty("items").GetArrayLength(), page.GetProperty("total").GetInt32()));
        ApiServer.AssertShape(page.GetProperty("facets"), "type:object", "year:object", "resolution:object", "codec:object", "source:object", "presence:object");
        Assert.Equal(2, page.GetProperty("facets").GetProperty("type").GetProperty("movie").GetInt32());
        Assert.Equal(6, page.GetProperty("facets").GetProperty("presence").GetProperty("present").GetInt32());
        Assert.Equal(6, page.GetProperty("facets").GetProperty("source").GetProperty(library.Source.ToString(System.Globalization.CultureInfo.InvariantCulture)).GetInt32());
    }

    [Fact]
    public async Task Media_Item_HasEveryField()
    {
        var film = await _api.FindItemAsync("The Matrix");
        var alone = await _api.GetAsync($"media/{film.GetProperty("id").GetInt64()}");

        Assert.Equal(film.GetRawText(), alone.GetRawText());
        ApiServer.AssertShape(
            film, "id:number", "type:string", "parentId:number?", "title:string", "year:number", "season:number?", "episode:number?", "description:string?", "rating:number?",
            "presence:string", "firstSeenAt:time", "updatedAt:time", "versionCount:number", "best:object", "poster:string?");
        ApiServer.AssertShape(film.GetProperty("best"), "resolution:string", "codec:string", "score:number");
        Assert.Equal(("movie", 1999, 2, "present"), (film.GetProperty("type").GetString(), film.GetProperty("year").GetInt32(), film.GetProperty("versionCount").GetInt32(), film.GetProperty("presence").GetString()));
        Assert.Equal(("2160p", "H.265"), (film.GetProperty("best").GetProperty("resolution").GetString(), film.GetProperty("best").GetProperty("codec").GetString()));
    }

    [Fact]
    public async Task Versions_Film_AreABareArrayWithEveryField()
    {
        var film = (await _api.FindItemAsync("The Matrix")).GetProperty("id").GetInt64();

        var versions = await _api.GetAsync($"media/{film}/versions");

        Assert.Equal((JsonValueKind.Array, 2), (versions.ValueKind, versions.GetArrayLength()));
        foreach (var version in versions.EnumerateArray())
        {
            ApiServer.AssertShape(
                version, "id:number", "sourceId:number", "path:string", "size:number", "modifiedAt:time", "presence:string", "resolution:string", "codec:string", "bitrate:number?", "bitrateIsEstimate:bool",
                "audioCodec:string?", "audioChannels:string?", "hdr:string?", "durationSeconds:number?", "overallScore:number", "qualityFrom:string", "fingerprint:string?");
            Assert.Equal("name", version.GetProperty("qualityFrom").GetString());
            Assert.Equal(library.Source, version.GetProperty("sourceId").GetInt64());
            Assert.InRange(version.GetProperty("overallScore").GetDouble(), 0, 100);
        }

        Assert.Equal("Movies/The Matrix (1999)/The Matrix (1999) 2160p UHD BluRay x265.mkv", versions[0].GetProperty("path").GetString());
        Assert.Equal(versions[0].GetProperty("path").GetString()!.Length, versions[0].GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task Children_SeriesSeasonEpisode_NestWithParents()
    {
        var series = await _api.FindItemAsync("Some Show");
        var season = Assert.Single((await _api.GetAsync($"media/{series.GetProperty("id")}/children")).EnumerateArray());
        var episodes = await _api.GetAsync($"media/{season.GetProperty("id")}/children");

        Assert.Equal("tv_show", series.GetProperty("type").GetString());
        Assert.Equal(series.GetProperty("id").GetInt64(), season.GetProperty("parentId").GetInt64());
        Assert.Equal(1, season.GetProperty("season").GetInt32());
        Assert.Equal([1, 2], episodes.EnumerateArray().Select(e => e.GetProperty("episode").GetInt32()));
        Assert.All(episodes.EnumerateArray(), e => Assert.Equal(season.GetProperty("id").GetInt64(), e.GetProperty("parentId").GetInt64()));
        Assert.Equal("[]", (await _api.GetAsync($"media/{episodes[0].GetProperty("id")}/children")).GetRawText());
        Assert.Equal("[]", (await _api.GetAsync($"media/{series.GetProperty("id")}/versions")).GetRawText());
    }

    [Fact]
    public async Task History_Film_TellsWhenItsFilesCame()
    {
        var film = (await _api.FindItemAsync("Alien")).GetProperty("id").GetInt64();

        var history = await _api.GetAsync($"media/{film}/history");

        var added = Assert.Single(history.EnumerateArray());
        ApiServer.AssertShape(added, "at:time", "kind:string", "path:string", "sourceId:number");
        Assert.Equal(("added", "Movies/Alien (1979) 720p.mkv"), (added.GetProperty("kind").GetString(), added.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Stats_Library_CountsWorksVersionsAndEveryFile()
    {
        var stats = await _api.GetAsync("media/stats");

        ApiServer.AssertShape(
            stats, "items:number", "versions:number", "files:number", "bytes:number", "byType:object", "byResolution:object", "byCodec:object", "bySource:object", "byPresence:object");
        Assert.Equal((6, 8, 9), (stats.GetProperty("items").GetInt32(), stats.GetProperty("versions").GetInt32(), stats.GetProperty("files").GetInt32()));
        Assert.Equal(Library.Files.Sum(f => f.Length), stats.GetProperty("bytes").GetInt32());
        Assert.Equal(
            [("book", 1), ("movie", 2), ("music", 1), ("other", 1), ("tv_show", 1)],
            stats.GetProperty("byType").EnumerateObject().Select(t => (t.Name, t.Value.GetInt32())).Order());
        Assert.Equal(["present", "unknown", "missing", "retired"], stats.GetProperty("byPresence").EnumerateObject().Select(p => p.Name));
        Assert.Equal(9, stats.GetProperty("byPresence").GetProperty("present").GetInt32());
        Assert.Equal(9, Assert.Single(stats.GetProperty("bySource").EnumerateObject()).Value.GetInt32());
    }

    [Theory]
    [InlineData("type=movie", "Alien", "The Matrix")]
    [InlineData("type=movie&year=1979", "Alien")]
    [InlineData("yearFrom=1980&yearTo=2030&type=movie", "The Matrix")]
    [InlineData("resolution=2160p", "The Matrix")]
    [InlineData("codec=H.265", "The Matrix")]
    [InlineData("query=matr", "The Matrix")]
    [InlineData("query=THE+matrix&type=music")]
    [InlineData("presence=missing")]
    [InlineData("rating=5")]
    [InlineData("type=photo")]
    public async Task Media_Filter_Narrows(string query, params string[] titles)
    {
        var page = await _api.GetAsync($"media?{query}&limit=200&sort=title");

        Assert.Equal(titles, page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("title").GetString()));
        Assert.Equal(titles.Length, page.GetProperty("total").GetInt32());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("nextCursor").ValueKind);
    }

    [Theory]
    [InlineData("type=x", "type")]
    [InlineData("type=Movie", "type")]
    [InlineData("year=1899", "year")]
    [InlineData("year=2031", "year")]
    [InlineData("year=abc", "year")]
    [InlineData("yearFrom=1899", "yearFrom")]
    [InlineData("yearTo=99999999999", "yearTo")]
    [InlineData("yearFrom=2001&yearTo=2000", "yearTo")]
    [InlineData("rating=-1", "rating")]
    [InlineData("rating=10.1", "rating")]
    [InlineData("rating=NaN", "rating")]
    [InlineData("rating=high", "rating")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("sort=size", "sort")]
    [InlineData("presence=here", "presence")]
    [InlineData("source=films", "source")]
    public async Task Media_WrongValue_NamesTheField(string query, string field) =>
        await ApiServer.AssertInvalidAsync(await _api.Admin.GetAsync($"/api/v1/media?{query}"), field);

    [Fact]
    public async Task Media_ManyWrongValues_NamesThemAll()
    {
        var problem = await ApiServer.AssertProblemAsync(await _api.Admin.GetAsync($"/api/v1/media?query={new string('a', 256)}&year=1899&rating=11&limit=0&type=x"), 400);

        Assert.Equal(["limit", "query", "rating", "type", "year"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task Media_QueryLength_EndsAt255(int length, bool allowed)
    {
        var response = await _api.Admin.GetAsync($"/api/v1/media?query={new string('a', length)}");

        if (allowed)
        {
            Assert.Equal(0, (await ApiServer.AssertOkAsync(response)).GetProperty("total").GetInt32());
        }
        else
        {
            Assert.Contains("255", await ApiServer.AssertInvalidAsync(response, "query"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("*")]
    [InlineData("NEAR(")]
    [InlineData("a OR")]
    [InlineData("title:")]
    [InlineData("title:matrix")]
    [InlineData("')--")]
    [InlineData("matrix AND NOT alien")]
    [InlineData("{title} : matrix")]
    [InlineData("^matrix + \"the")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("🎬🍿")]
    [InlineData("\u0000")]
    [InlineData("\ud800")]
    [InlineData("  ")]
    public async Task Media_AnyWords_AreAnsweredAsText(string words)
    {
        var page = await ApiServer.AssertOkAsync(await _api.Admin.GetAsync($"/api/v1/media?query={Uri.EscapeDataString(words)}"));

        ApiServer.AssertShape(page, "items:array", "total:number", "facets:object");
    }

    [Theory]
    [InlineData("matrix*", "The Matrix")]
    [InlineData("\"the matrix\"", "The Matrix")]
    [InlineData("matrix -alien", null)]
    public async Task Media_SearchSyntax_IsOnlyWords(string words, string? title)
    {
        var found = await _api.ListItemsAsync($"query={Uri.EscapeDataString(words)}");

        Assert.Equal(title is null ? [] : [title], found.Select(i => i.GetProperty("title").GetString()!));
    }

    [Theory]
    [InlineData("not a cursor")]
    [InlineData("W10")]
    [InlineData("WzAsbnVsbCwxLC0xXQ")]
    [InlineData("%00")]
    public async Task Media_CursorNotOurs_IsRefused(string cursor) =>
        await ApiServer.AssertInvalidAsync(await _api.Admin.GetAsync($"/api/v1/media?limit=2&cursor={cursor}"), "cursor");

    [Fact]
    public async Task Media_CursorOfAnotherOrder_IsRefused()
    {
        var next = (await _api.GetAsync("media?limit=2")).GetProperty("nextCursor").GetString();

        await ApiServer.AssertOkAsync(await _api.Admin.GetAsync($"/api/v1/media?limit=2&cursor={next}"));
        await ApiServer.AssertInvalidAsync(await _api.Admin.GetAsync($"/api/v1/media?limit=2&sort=title&cursor={next}"), "cursor");
    }

    [Theory]
    [InlineData("media/999999")]
    [InlineData("media/999999/versions")]
    [InlineData("media/999999/children")]
    [InlineData("media/999999/history")]
    [InlineData("media/abc")]
    [InlineData("media/99999999999999999999")]
    [InlineData("versions/999999/stream")]
    [InlineData("scans/999999")]
    [InlineData("sources/999999")]
    [InlineData("nowhere")]
    public async Task Address_NotThere_IsAProblem(string address) => await ApiServer.AssertProblemAsync(await _api.Admin.GetAsync($"/api/v1/{address}"), 404);

    [Fact]
    public async Task Detect_Paths_AnswersInOrderWithTheFields()
    {
        string[] paths = ["TV/Show/Show S02E05 1080p WEB-DL x264.mkv", "The Matrix (1999) 2160p.mkv", "", "a\nb\0c", "x.txt"];
        var response = await ApiServer.AssertOkAsync(await _api.Viewer.PostAsync("/api/v1/detect", ApiServer.CreateJsonBody(JsonSerializer.Serialize(new { paths }))));

        Assert.Equal(paths, response.EnumerateArray().Select(a => a.GetProperty("path").GetString()));
        Assert.All(response.EnumerateArray(), a => ApiServer.AssertShape(a, "path:string", "type:string", "confidence:number", "fields:object"));
        Assert.Equal(["tv_show", "movie"], response.EnumerateArray().Take(2).Select(a => a.GetProperty("type").GetString()));
        Assert.Equal(1999, response[1].GetProperty("fields").GetProperty("year").GetInt32());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"paths":null}""")]
    [InlineData("""{"paths":[null]}""")]
    public async Task Detect_NoPaths_NamesTheField(string body) => await ApiServer.AssertInvalidAsync(await _api.Viewer.PostAsync("/api/v1/detect", ApiServer.CreateJsonBody(body)), "paths");

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"paths":"x"}""")]
    public async Task Detect_BodyNotReadable_IsAProblem(string body) => await ApiServer.AssertProblemAsync(await _api.Viewer.PostAsync("/api/v1/detect", ApiServer.CreateJsonBody(body)), 400);

    [Fact]
    public async Task Health_Addresses_AnswerToWhomTheyShould()
    {
        Assert.Equal(HttpStatusCode.OK, (await _api.Anonymous.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _api.Anonymous.GetAsync("/health/ready")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await _api.Anonymous.GetAsync("/health")).StatusCode);

        var health = await ApiServer.AssertOkAsync(await _api.Viewer.GetAsync("/health"));
        Assert.NotEqual("unhealthy", health.GetProperty("status").GetString());
        Assert.Equal(["database", "integrity", "writer", "disk", "sources", "tools", "providers", "jobs"], health.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.All(health.GetProperty("checks").EnumerateArray(), check => Assert.Empty(check.GetProperty("parts").EnumerateArray()));
        var whole = await ApiServer.AssertOkAsync(await _api.Admin.GetAsync("/health"));
        Assert.NotEmpty(whole.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "sources").GetProperty("parts").EnumerateArray());
        Assert.Equal(["database"], health.GetProperty("checks").EnumerateArray().Where(c => c.GetProperty("critical").GetBoolean()).Select(c => c.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryRoute()
    {
        var document = await ApiServer.AssertOkAsync(await _api.Anonymous.GetAsync("/openapi/v1.json"));

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        Assert.Equal([], Routes.Api(_api.Server).Select(r => "/" + r.Pattern.Replace(":long", "", StringComparison.Ordinal)).Where(p => p.StartsWith("/api/", StringComparison.Ordinal)).Distinct().Except(paths));
    }

    /// <summary>A small library, scanned once and only read.</summary>
    public sealed class Library : IAsyncLifetime
    {
        public static readonly string[] Files =
        [
            "Movies/The Matrix (1999)/The Matrix (1999) 1080p BluRay x264.mkv", "Movies/The Matrix (1999)/The Matrix (1999) 2160p UHD BluRay x265.mkv",
            "Movies/The Matrix (1999)/The Matrix (1999) 1080p BluRay x264.en.srt", "Movies/Alien (1979) 720p.mkv",
            "TV/Some Show/Season 01/Some Show S01E01 720p.mkv", "TV/Some Show/Season 01/Some Show S01E02 720p.mkv",
            "Music/An Artist/An Album (2001)/01 - A Track.flac", "Books/Ann Author - A Novel (2003).epub", "leftover.xyz",
        ];

        public ApiServer Api { get; } = new();

        public long Source { get; private set; }

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            Source = await Api.AddSourceAsync("media", Files);
            var scan = await Api.ScanAsync(Source);
            Assert.Equal("completed", scan.GetProperty("state").GetString());
        }

        public Task DisposeAsync() => Api.DisposeAsync();
    }
}
