using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;
using Microsoft.AspNetCore.Http;

namespace Catalogizer.Tests.Metadata;

/// <summary>Each provider's responses as its documentation describes them.</summary>
public sealed class ProviderResponseTests
{
    private const string OmdbFilm = """
        {"Title":"The Matrix","Year":"1999","Rated":"R","Released":"31 Mar 1999","Runtime":"136 min","Genre":"Action, Sci-Fi","Director":"Lana Wachowski, Lilly Wachowski","Actors":"Keanu Reeves, Laurence Fishburne","Plot":"A hacker learns.","Poster":"https://m.media-amazon.com/images/M/a.jpg","Ratings":[],"Metascore":"73","imdbRating":"8.7","imdbVotes":"2,000,000","imdbID":"tt0133093","Type":"movie","Response":"True"}
        """;

    [Fact]
    public async Task Omdb_FilmFoundAndRead()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Omdb.ApiKey = "secret12");
        harness.Server.Override = http => http.Response.WriteAsync(
            http.Request.Query.ContainsKey("s") ? """{"Search":[{"Title":"The Matrix","Year":"1999","imdbID":"tt0133093","Type":"movie","Poster":"N/A"}],"totalResults":"1","Response":"True"}"""
            : http.Request.Query["i"] == "tt0133093" ? OmdbFilm : """{"Response":"False","Error":"Incorrect IMDb ID."}""");

        var found = Assert.Single(await harness.SearchAsync("omdb", MediaKind.Film, "The Matrix", 1999));
        var details = await harness.FindProvider("omdb").DetailsAsync(MediaKind.Film, found.ExternalId, false, default);

        Assert.Equal(("tt0133093", 1999), (found.ExternalId, found.Year));
        Assert.Equal(("The Matrix", 1999, "A hacker learns.", 8.7), (details!.Title, details.Year, details.Description, details.Rating));
        Assert.Equal(["Action", "Sci-Fi"], details.Genres);
        Assert.Equal("https://m.media-amazon.com/images/M/a.jpg", details.PosterUrl);
        Assert.All(harness.Server.RequestedUrls, asked => Assert.Contains("apikey=secret12", asked, StringComparison.Ordinal));
        Assert.Null(await harness.FindProvider("omdb").DetailsAsync(MediaKind.Film, "tt9999999", false, default));
        Assert.DoesNotContain(harness.Catalog.QueryRows("SELECT key FROM provider_answers"), key => key.Contains("secret12", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Omdb_SeriesTellsItsSeasons()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Omdb.ApiKey = "k");
        harness.Server.Override = http => http.Response.WriteAsync(http.Request.Query.ContainsKey("Season")
            ? """{"Title":"Lost","Season":"2","totalSeasons":"6","Episodes":[{"Title":"Man of Science, Man of Faith","Released":"2005-09-21","Episode":"1","imdbRating":"9.1","imdbID":"tt0636289"},{"Title":"Adrift","Released":"N/A","Episode":"2","imdbRating":"N/A","imdbID":"tt0636290"}],"Response":"True"}"""
            : """{"Title":"Lost","Year":"2004–2010","imdbRating":"N/A","Plot":"N/A","Poster":"N/A","imdbID":"tt0411008","Type":"series","totalSeasons":"6","Response":"True"}""");

        var details = await harness.FindProvider("omdb").DetailsAsync(MediaKind.Series, "tt0411008", false, default);
        var parts = await harness.FindProvider("omdb").PartsAsync(MediaKind.Series, "tt0411008", 2, false, default);

        Assert.Equal((2004, null, null, null), (details!.Year, details.Rating, details.Description, details.PosterUrl));
        Assert.Equal([1, 2, 3, 4, 5, 6], details.Seasons);
        Assert.Equal([new PartMetadata(2, 1, "Man of Science, Man of Faith", null, 9.1, new DateOnly(2005, 9, 21)), new PartMetadata(2, 2, "Adrift", null, null)], parts);
    }

    [Theory]
    [InlineData("""{"Response":"False","Error":"Invalid API key!"}""", ProviderState.KeyRejected)]
    [InlineData("""{"Response":"False","Error":"Request limit reached!"}""", ProviderState.RateLimited)]
    public async Task Omdb_Refusal_IsForTheKeyOrForTheDay(string body, ProviderState state)
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Omdb.ApiKey = "k");
        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 401;
            return http.Response.WriteAsync(body);
        };

        await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("omdb", MediaKind.Film, "The Matrix"));

        Assert.Equal(state, harness.FindProvider("omdb").Status.State);
    }

    [Fact]
    public async Task Tvdb_LogsInOnceAndReadsSeries()
    {
        await using var harness = await ProviderHarness.StartAsync(o => (o.Tvdb.ApiKey, o.Language) = ("key-of-project:1234", "de"));
        var logins = new List<string>();
        SetupTvdb(harness, logins);

        var found = Assert.Single(await harness.SearchAsync("tvdb", MediaKind.Series, "Breaking Bad", 2008));
        var details = await harness.FindProvider("tvdb").DetailsAsync(MediaKind.Series, found.ExternalId, false, default);
        var parts = await harness.FindProvider("tvdb").PartsAsync(MediaKind.Series, found.ExternalId, 1, false, default);
        var specials = await harness.FindProvider("tvdb").PartsAsync(MediaKind.Series, found.ExternalId, 0, false, default);

        Assert.Equal("""{"apikey":"key-of-project","pin":"1234"}""", Assert.Single(logins));
        Assert.All(harness.Server.Keys.Skip(1), key => Assert.Equal("Bearer token-1", key));
        Assert.Equal(("81189", "Breaking Bad", 2008), (found.ExternalId, found.Title, found.Year));
        Assert.Equal(("Breaking Bad (de)", "Breaking Bad", "Ein Lehrer.", 2008), (details!.Title, details.OriginalTitle, details.Description, details.Year));
        Assert.Equal("de", details.Language);
        Assert.Equal([0, 1], details.Seasons);
        Assert.Equal(("tt0903747", "1396"), (details.Ids["imdb"], details.Ids["tmdb"]));
        Assert.Equal([new PartMetadata(1, 1, "Pilot", "Anfang.", null, new DateOnly(2008, 1, 20))], parts);
        Assert.Equal("Zuvor", Assert.Single(specials).Title);
        Assert.Equal("81189", await harness.FindProvider("tvdb").ResolveIdAsync(MediaKind.Series, "imdb", "tt0903747", default));
    }

    [Fact]
    public async Task Tvdb_TokenEndsEarly_LogsInAgain()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tvdb.ApiKey = "k");
        var logins = new List<string>();
        SetupTvdb(harness, logins, goodFrom: 2);

        Assert.Single(await harness.SearchAsync("tvdb", MediaKind.Series, "Breaking Bad"));

        Assert.Equal(["""{"apikey":"k"}""", """{"apikey":"k"}"""], logins);
    }

    [Fact]
    public async Task Tvdb_LoginRefused_IsAWrongKey()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tvdb.ApiKey = "k");
        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 401;
            return http.Response.WriteAsync("""{"status":"failure","message":"InvalidAPIKey: Invalid apikey provided","data":null}""");
        };

        await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tvdb", MediaKind.Series, "Lost"));

        Assert.Equal(ProviderState.KeyRejected, harness.FindProvider("tvdb").Status.State);
    }

    [Fact]
    public async Task Steam_GameFoundAndRead()
    {
        await using var harness = await ProviderHarness.StartAsync(o => (o.Steam.Enabled, o.Language) = (true, "fr"));
        harness.Server.Bodies["/storesearch/"] = """{"total":2,"items":[{"type":"app","name":"Portal™ 2","id":620,"tiny_image":"https://shared.akamai.steamstatic.com/a.jpg","metascore":"95"},{"type":"sub","name":"Portal Bundle","id":7877}]}""";
        harness.Server.Bodies["/appdetails"] = """
            {"620":{"success":true,"data":{"type":"game","name":"Portal 2","steam_appid":620,"short_description":"Think &amp; solve.","header_image":"https://shared.akamai.steamstatic.com/store_item_assets/steam/apps/620/header.jpg","developers":["Valve"],"metacritic":{"score":95,"url":"x"},"genres":[{"id":"1","description":"Action"}],"release_date":{"coming_soon":false,"date":"18 Apr, 2011"}}}}
            """;

        var found = Assert.Single(await harness.SearchAsync("steam", MediaKind.Game, "Portal 2"));
        var details = await harness.FindProvider("steam").DetailsAsync(MediaKind.Game, found.ExternalId, false, default);
        harness.Server.Bodies["/appdetails"] = """{"621":{"success":false}}""";

        Assert.Equal(("620", "Portal 2"), (found.ExternalId, found.Title));
        Assert.Equal(("Portal 2", 2011, "Think & solve.", 9.5), (details!.Title, details.Year, details.Description, details.Rating));
        Assert.Equal("fr", details.Language);
        Assert.Equal(["Valve"], details.People);
        Assert.All(harness.Server.RequestedUrls, asked => Assert.Contains("l=french", asked, StringComparison.Ordinal));
        Assert.Null(await harness.FindProvider("steam").DetailsAsync(MediaKind.Game, "621", false, default));
    }

    [Fact]
    public async Task Spotify_AlbumArtistAndTrack()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Spotify.ApiKey = "id:secret");
        const string Album = "4aawyAB9vmqN3uQ7FjRGTy";
        harness.Server.Bodies["/api/token"] = """{"access_token":"t1","token_type":"Bearer","expires_in":3600}""";
        harness.Server.Bodies["/search"] = $$$"""{"albums":{"items":[{"id":"{{{Album}}}","name":"Global Warming","release_date":"2012-11-16","artists":[{"id":"0TnOYISbd1XYRBk9myaseg","name":"Pitbull"}],"images":[]}]}}""";
        harness.Server.Bodies[$"/albums/{Album}"] = $$$"""
            {"id":"{{{Album}}}","name":"Global Warming","release_date":"2012-11-16","release_date_precision":"day","artists":[{"name":"Pitbull"}],"genres":[],"images":[{"url":"https://i.scdn.co/image/a","height":640,"width":640}],
             "tracks":{"items":[{"disc_number":1,"track_number":1,"name":"Global Warming"},{"disc_number":1,"track_number":2,"name":"Don't Stop the Party"},{"disc_number":2,"track_number":1,"name":"Other"}]}}
            """;
        harness.Server.Bodies["/artists/0TnOYISbd1XYRBk9myaseg"] = """{"id":"0TnOYISbd1XYRBk9myaseg","name":"Pitbull","genres":["dance pop"],"images":[{"url":"https://i.scdn.co/image/b"}]}""";
        harness.Server.Bodies["/tracks/11dFghVXANMlKmJXsNCbNl"] = """{"id":"11dFghVXANMlKmJXsNCbNl","name":"Cut To The Feeling","artists":[{"name":"Carly Rae Jepsen"}],"album":{"name":"Cut","release_date":"2017-05-26","images":[{"url":"https://i.scdn.co/image/c"}]}}""";
        var spotify = harness.FindProvider("spotify");

        var found = Assert.Single(await harness.SearchAsync("spotify", MediaKind.Album, "Global Warming", null, "Pitbull"));
        var album = await spotify.DetailsAsync(MediaKind.Album, Album, false, default);
        var tracks = await spotify.PartsAsync(MediaKind.Album, Album, 1, false, default);
        var artist = await spotify.DetailsAsync(MediaKind.Artist, "0TnOYISbd1XYRBk9myaseg", false, default);
        var track = await spotify.DetailsAsync(MediaKind.Track, "11dFghVXANMlKmJXsNCbNl", false, default);

        Assert.Equal(("Global Warming", "Pitbull", 2012), (found.Title, found.Artist, found.Year));
        Assert.Equal(("https://i.scdn.co/image/a", 2012), (album!.PosterUrl, album.Year));
        Assert.Equal(["Global Warming", "Don't Stop the Party"], tracks.Select(t => t.Title));
        Assert.Equal(["dance pop"], artist!.Genres);
        Assert.Equal("https://i.scdn.co/image/b", artist.PosterUrl);
        Assert.Equal((2017, "https://i.scdn.co/image/c"), (track!.Year, track.PosterUrl));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("id:secret")), harness.Server.Keys.First());
        Assert.All(harness.Server.Keys.Skip(1), key => Assert.Equal("Bearer t1", key));
    }

    [Fact]
    public async Task MusicBrainz_AlbumAndItsCover()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.MusicBrainz.Enabled = true);
        const string Id = "1b022e01-4da6-387b-8658-8678046e4cef";
        harness.Server.Bodies["/release-group"] = $$$"""{"created":"2026-01-01","count":1,"offset":0,"release-groups":[{"id":"{{{Id}}}","score":100,"title":"Nevermind","first-release-date":"1991-09-24","artist-credit":[{"name":"Nirvana","joinphrase":""}]}]}""";
        harness.Server.Bodies[$"/release-group/{Id}"] = $$$"""{"id":"{{{Id}}}","title":"Nevermind","first-release-date":"1991-09-24","disambiguation":"","artist-credit":[{"name":"Nirvana"}],"genres":[{"name":"grunge","count":30}],"rating":{"value":4.55,"votes-count":60}}""";
        harness.Server.Override = null;
        harness.Server.Images[$"/release-group/{Id}/front-500"] = [0xFF, 0xD8, 0xFF, 1];

        var found = Assert.Single(await harness.SearchAsync("musicbrainz", MediaKind.Album, "Nevermind", 1991, "Nirvana"));
        var details = await harness.FindProvider("musicbrainz").DetailsAsync(MediaKind.Album, found.ExternalId, false, default);
        var cover = await harness.FindProvider("musicbrainz").Channel!.GetImageAsync(details!.PosterUrl!, default);

        Assert.Equal(("Nevermind", "Nirvana", 1991), (found.Title, found.Artist, found.Year));
        Assert.Equal((9.1, 1991), (details.Rating, details.Year));
        Assert.Equal(["grunge"], details.Genres);
        Assert.Equal([0xFF, 0xD8, 0xFF, 1], cover!);
        Assert.Contains("releasegroup%3A%22Nevermind%22%20AND%20artist%3A%22Nirvana%22", harness.Server.RequestedUrls.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_IsObeyedAndTheNextIsAskedWhenOneFails()
    {
        await using var harness = await ProviderHarness.StartAsync(o => (o.Tmdb.ApiKey, o.Omdb.ApiKey) = ("a.b.c", "k"));

        Assert.Equal(["tmdb", "omdb"], harness.Providers.For(MediaKind.Film).Select(p => p.Profile.Name));
    }

    private static void SetupTvdb(ProviderHarness harness, List<string> logins, int goodFrom = 1) => harness.Server.Override = async http =>
    {
        if (http.Request.Path == "/login")
        {
            using var reader = new StreamReader(http.Request.Body);
            logins.Add(await reader.ReadToEndAsync());
            await http.Response.WriteAsync($$$"""{"status":"success","data":{"token":"token-{{{logins.Count}}}"}}""");
            return;
        }

        if (logins.Count < goodFrom)
        {
            http.Response.StatusCode = 401;
            return;
        }

        await http.Response.WriteAsync(http.Request.Path.Value switch
        {
            "/search" => """{"status":"success","data":[{"objectID":"series-81189","id":"series-81189","tvdb_id":"81189","name":"Breaking Bad","type":"series","year":"2008","translations":{"eng":"Breaking Bad"},"remote_ids":[{"id":"tt0903747","type":2,"sourceName":"IMDB"}]}]}""",
            "/search/remoteid/tt0903747" => """{"status":"success","data":[{"series":{"id":81189,"name":"Breaking Bad"}}]}""",
            "/series/81189/extended" => """
                {"status":"success","data":{"id":81189,"name":"Breaking Bad","firstAired":"2008-01-20","year":"2008","image":"https://artworks.thetvdb.com/banners/a.jpg","overview":"A teacher.","genres":[{"id":12,"name":"Drama"}],
                 "remoteIds":[{"id":"tt0903747","type":2,"sourceName":"IMDB"},{"id":"1396","type":12,"sourceName":"TheMovieDB.com"}],
                 "seasons":[{"id":1,"number":0,"type":{"id":1,"type":"official"}},{"id":2,"number":1,"type":{"id":1,"type":"official"}},{"id":3,"number":9,"type":{"id":2,"type":"dvd"}}],
                 "translations":{"nameTranslations":[{"language":"deu","name":"Breaking Bad (de)"}],"overviewTranslations":[{"language":"deu","overview":"Ein Lehrer."}]}}}
                """,
            _ => http.Request.Query["page"] == "0"
                ? """{"status":"success","data":{"episodes":[{"id":1,"number":1,"seasonNumber":1,"name":"Pilot","overview":"Anfang.","aired":"2008-01-20"}]},"links":{"next":"https://api4.thetvdb.com/v4/series/81189/episodes/default/deu?page=1"}}"""
                : """{"status":"success","data":{"episodes":[{"id":2,"number":1,"seasonNumber":0,"name":"Zuvor","overview":null,"aired":"2009-02-17"}]},"links":{"next":null}}""",
        });
    };
}
