using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>NFO files as Kodi writes them, damaged ones, and malicious ones.</summary>
public sealed class NfoTests
{
    private const string Film = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <movie>
          <title>Die Matrix</title><originaltitle>The Matrix</originaltitle><year>1999</year>
          <ratings><rating name="themoviedb" max="100" default="true"><value>82</value><votes>10</votes></rating></ratings>
          <plot>Ein Hacker &amp; die Welt.</plot><genre>Action</genre><genre>Sci-Fi</genre>
          <uniqueid type="tmdb" default="true">603</uniqueid><uniqueid type="imdb">tt0133093</uniqueid><uniqueid type="other">x</uniqueid>
          <actor><name>Somebody</name><title>Not this</title></actor>
        </movie>
        https://www.themoviedb.org/movie/604
        """;

    [Fact]
    public void Read_Film_TellsEverything()
    {
        var film = Read(Film)!;

        Assert.Equal((NfoKind.Film, "Die Matrix", "The Matrix", 1999, "Ein Hacker & die Welt.", 8.2), (film.Kind, film.Title, film.OriginalTitle, film.Year, film.Plot, film.Rating));
        Assert.Equal(["Action", "Sci-Fi"], film.Genres);
        Assert.Equal(("603", "tt0133093", 2), (film.Ids["tmdb"], film.Ids["imdb"], film.Ids.Count));
    }

    [Theory]
    [InlineData("<tvshow><title>Lost</title><id>73739</id></tvshow>", "tvdb", "73739")]
    [InlineData("<movie><id>tt0133093</id></movie>", "imdb", "tt0133093")]
    [InlineData("<movie><tmdbid>603</tmdbid></movie>", "tmdb", "603")]
    [InlineData("http://www.imdb.com/title/tt0133093/", "imdb", "tt0133093")]
    [InlineData("scene release notes \u2591\u2592 https://thetvdb.com/?tab=series&id=81189 ", "tvdb", "81189")]
    public void Read_IdsInEveryShape_AreFound(string text, string register, string id) => Assert.Equal(id, Read(text)!.Ids[register]);

    [Theory]
    [InlineData("")]
    [InlineData("<3 this film")]
    [InlineData("<movie></movie>")]
    [InlineData("just words")]
    [InlineData("<movie><uniqueid type=\"tmdb\">603; DROP TABLE</uniqueid></movie>")]
    [InlineData("<!DOCTYPE movie [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><movie><title>&x;</title></movie>")]
    [InlineData("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><movie><title>&b;</title><tmdbid>603</tmdbid></movie>")]
    public void Read_NothingOfUse_IsNull(string text) => Assert.Null(Read(text));

    [Fact]
    public void Read_CutOffAtAnyByte_HasWhatWasWholeAndSaysSo()
    {
        var bytes = Encoding.UTF8.GetBytes(Film);
        var end = Film.IndexOf("</movie>", StringComparison.Ordinal) + "</movie>".Length;
        for (var length = 1; length < bytes.Length; length++)
        {
            var cut = NfoContent.Parse(bytes[..length])!;

            Assert.Equal(length < end, cut.IsBroken);
            Assert.True(cut.Title is null or "Die Matrix", cut.Title);
            Assert.True(cut.OriginalTitle is null or "The Matrix", cut.OriginalTitle);
            Assert.True(cut.Plot is null or "Ein Hacker & die Welt.", cut.Plot);
            Assert.True((cut.Year, cut.Rating) is (null or 1999, null or 8.2));
            Assert.All(cut.Genres, genre => Assert.Contains(genre, (string[])["Action", "Sci-Fi"]));
            Assert.True(!cut.Ids.TryGetValue("tmdb", out var id) || id == "603", id);
        }
    }

    [Theory]
    [InlineData("<movie><title>broken", null)]
    [InlineData("<movie><title>Tom & Jerry</title><plot>Cat and mouse.</plot></movie>", null)]
    [InlineData("<movie><title>Whole</title><plot>Tom & Jerry</plot></movie>", "Whole")]
    [InlineData("<movie><title>A <b>bold</b> one</title></movie>", "A bold one")]
    [InlineData("<movie><title>Some<![CDATA[ & ]]>more</title></movie>", "Some & more")]
    public void Read_Title_IsThatOfAClosedElement(string text, string? title) => Assert.Equal(title, Read(text)!.Title);

    [Fact]
    public void Read_SeveralEpisodes_IsTheFirst() =>
        Assert.Equal("One", Read("<episodedetails><title>One</title></episodedetails><episodedetails><title>Two</title></episodedetails>")!.Title);

    [Fact]
    public void Read_DeepAndWide_Ends()
    {
        Assert.True(Read("<movie>" + string.Concat(Enumerable.Repeat("<a>", 300_000))) is { IsBroken: true, Title: null, Plot: null });
        Assert.Equal(500, Read($"<movie><title>{new string('x', 900_000)}</title></movie>")!.Title!.Length);
        Assert.Null(NfoContent.Parse([.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))]));
    }

    [Fact]
    public async Task Scan_NoProviderAtAll_ValuesStandAboveTheNames()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Matrix (1999)/Matrix (1999).mkv");
        catalog.Write("Matrix (1999)/movie.nfo", Film);
        catalog.Write("Lost/Season 01/Lost S01E01.mkv");
        catalog.Write("Lost/Season 01/Lost S01E01.nfo", "<episodedetails><title>Pilot</title><plot>They crash.</plot><rating>8.5</rating></episodedetails>");
        catalog.Write("Lost/Season 01/Lost S01E02.mkv");
        catalog.Write("Lost/tvshow.nfo", "<tvshow><title>Lost!</title><plot>An island.</plot></tvshow>");
        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);

        Assert.Equal(3, await ReadAsync(catalog, all: false));
        Assert.Equal(0, await ReadAsync(catalog, all: true));

        var film = await catalog.FindOneAsync("Die Matrix");
        Assert.Equal((1999, "Ein Hacker & die Welt.", 8.2), (film.Year, film.Description, film.Rating));
        var series = await catalog.FindOneAsync("Lost!");
        Assert.Equal("An island.", series.Description);
        Assert.Equal(["They crash.|8.5"], catalog.QueryRows("SELECT description, rating FROM media_items WHERE kind = 3 AND description IS NOT NULL"));
        var known = (await catalog.Services.GetRequiredService<MetadataService>().GetAsync(Actor.System, film.Id, default)).Value;
        Assert.All(known.Layers, layer => Assert.Equal(ValueOrigin.Nfo, layer.Origin));
    }

    [Fact]
    public async Task Scan_BrokenFile_KeepsTheNameAndIsListedUntilItIsMended()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Matrix (1999).mkv");
        catalog.Write("Matrix (1999).nfo", Film[..(Film.IndexOf("Matrix", StringComparison.Ordinal) + 3)]);
        var source = await catalog.AddSourceAsync();
        await catalog.ScanAsync(source.Id);
        await ReadAsync(catalog, all: false);
        var metadata = catalog.Services.GetRequiredService<MetadataService>();
        var id = (await catalog.FindOneAsync("Matrix")).Id;

        Assert.Equal([id], (await metadata.ListBrokenNfoAsync(Actor.System, 10, default)).Select(i => i.Id));
        Assert.True((await metadata.GetAsync(Actor.System, id, default)).Value.HasBrokenNfo);

        catalog.Write("Matrix (1999).nfo", Film);
        await catalog.ScanAsync(source.Id);
        await ReadAsync(catalog, all: true);
        Assert.Equal("Die Matrix", (await catalog.Media.GetAsync(Actor.System, id, default)).Value.Item.Title);
        Assert.Empty(await metadata.ListBrokenNfoAsync(Actor.System, 10, default));
        Assert.False((await metadata.GetAsync(Actor.System, id, default)).Value.HasBrokenNfo);
    }

    [Fact]
    public async Task Scan_MovieNfoBesideSeveralCopies_IsOfTheFilmAndYieldsToACopysOwn()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Matrix (1999)/Matrix (1999) 1080p.mkv");
        catalog.Write("Matrix (1999)/Matrix (1999) 720p.mkv");
        catalog.Write("Matrix (1999)/movie.nfo", Film);
        catalog.Write("Flat/Silver Harbor (1994).mkv");
        catalog.Write("Flat/Long Road (1960).mkv");
        catalog.Write("Flat/movie.nfo", Film.Replace("Die Matrix", "Whose?", StringComparison.Ordinal));
        var source = await catalog.AddSourceAsync();
        await catalog.ScanAsync(source.Id);

        Assert.Equal(1, await ReadAsync(catalog, all: false));
        Assert.Equal(0, await ReadAsync(catalog, all: true));
        Assert.Equal(["Die Matrix", "Long Road", "Silver Harbor"], (await catalog.FindAsync()).Items.Select(i => i.Title).Order());

        catalog.Write("Matrix (1999)/Matrix (1999) 720p.nfo", "<movie><title>By the copy</title></movie>");
        await catalog.ScanAsync(source.Id);
        Assert.Equal(1, await ReadAsync(catalog, all: true));
        Assert.Equal(0, await ReadAsync(catalog, all: true));
        Assert.Single((await catalog.FindAsync()).Items, i => i.Title == "By the copy");
    }

    [Fact]
    public async Task DisableMatch_OfASeries_LeavesItsEpisodesWhatTheirFilesSay()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        harness.Server.Bodies["/search/tv"] = """{"results":[{"id":4607,"name":"Lost","first_air_date":"2004-09-22"}]}""";
        harness.Server.Bodies["/tv/4607"] = """{"id":4607,"name":"Lost","first_air_date":"2004-09-22","seasons":[{"season_number":1}]}""";
        harness.Server.Bodies["/tv/4607/season/1"] = """
            {"episodes":[{"episode_number":1,"name":"Pilot","overview":"A plane crashes.","vote_average":7.5},{"episode_number":2,"name":"Pilot 2","overview":"More of it.","vote_average":7}]}
            """;
        var catalog = harness.Catalog;
        catalog.Write("Lost/Season 01/Lost S01E01.mkv");
        catalog.Write("Lost/Season 01/Lost S01E01.nfo", "<episodedetails><plot>The file's text.</plot></episodedetails>");
        catalog.Write("Lost/Season 01/Lost S01E02.mkv");
        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
        await catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);
        await ReadAsync(catalog, all: true);
        const string Values = "SELECT description, rating FROM media_items WHERE kind = 3 ORDER BY episode";
        Assert.Equal(["A plane crashes.|7.5", "More of it.|7"], catalog.QueryRows(Values));

        await catalog.Services.GetRequiredService<MetadataService>().DisableMatchAsync(Actor.System, (await catalog.FindOneAsync("Lost")).Id, default);

        Assert.Equal(["The file's text.|", "|"], catalog.QueryRows(Values));
    }

    [Fact]
    public async Task Scan_NfoOfAnEpisodeThatAProviderKnows_LeavesWhatTheProviderGave()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        harness.Server.Bodies["/search/tv"] = """{"results":[{"id":4607,"name":"Lost","first_air_date":"2004-09-22"}]}""";
        harness.Server.Bodies["/tv/4607"] = """{"id":4607,"name":"Lost","first_air_date":"2004-09-22","seasons":[{"season_number":1}]}""";
        harness.Server.Bodies["/tv/4607/season/1"] = """{"episodes":[{"episode_number":1,"name":"Pilot","overview":"A plane crashes.","vote_average":7.5,"air_date":"2004-09-22"}]}""";
        var catalog = harness.Catalog;
        catalog.Write("Lost/Season 01/Lost S01E01.mkv");
        catalog.Write("Lost/Season 01/Lost S01E02.mkv");
        var source = await catalog.AddSourceAsync();
        await catalog.ScanAsync(source.Id);
        await catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);
        const string Values = "SELECT episode, title, description, rating FROM media_items WHERE kind = 3 ORDER BY episode";
        Assert.Equal(["1|Pilot|A plane crashes.|7.5", "2|||"], catalog.QueryRows(Values));

        catalog.Write("Lost/Season 01/Lost S01E01.nfo", "<episodedetails><title>Pilot</title></episodedetails>");
        catalog.Write("Lost/Season 01/Lost S01E02.nfo", "<episodedetails><plot>They look around.</plot><rating>8</rating></episodedetails>");
        await catalog.ScanAsync(source.Id);
        await ReadAsync(catalog, all: true);
        Assert.Equal(["1|Pilot|A plane crashes.|7.5", "2||They look around.|8"], catalog.QueryRows(Values));

        catalog.Write("Lost/Season 01/Lost S01E01.nfo", "<episodedetails><title>Pilot</title><plot>Another text, told by the file.</plot></episodedetails>");
        catalog.Write("Lost/Season 01/Lost S01E02.nfo", "<episodedetails><plot>They look around for days.</plot></episodedetails>");
        await catalog.ScanAsync(source.Id);
        await ReadAsync(catalog, all: true);
        Assert.Equal(["1|Pilot|A plane crashes.|7.5", "2||They look around for days.|"], catalog.QueryRows(Values));
    }

    [Fact]
    public async Task Scan_ChangedFile_IsReadAgainAndAnEditStays()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Matrix (1999).mkv");
        catalog.Write("Matrix (1999).nfo", Film);
        var source = await catalog.AddSourceAsync();
        await catalog.ScanAsync(source.Id);
        await ReadAsync(catalog, all: false);
        var id = (await catalog.FindOneAsync("Die Matrix")).Id;
        await catalog.Media.EditAsync(Actor.System, id, new MediaEdits { Title = "Mine" }, default);
        catalog.Write("Matrix (1999).nfo", Film.Replace("Ein Hacker", "Jemand", StringComparison.Ordinal));
        await catalog.ScanAsync(source.Id);

        Assert.Equal(1, await ReadAsync(catalog, all: true));

        var film = await catalog.FindOneAsync("Mine");
        Assert.Equal("Jemand & die Welt.", film.Description);
    }

    [Fact]
    public async Task Scan_LargerThanAMebibyte_IsNotRead()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Matrix (1999).mkv");
        catalog.Write("Matrix (1999).nfo", Film + new string(' ', 1024 * 1024));
        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);

        Assert.Equal(0, await ReadAsync(catalog, all: false));
    }

    [Fact]
    public async Task IdInTheFile_BindsWhateverTheNameSays()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        harness.Server.Bodies["/movie/603"] = """{"id":603,"title":"The Matrix","overview":"A hacker learns.","release_date":"1999-03-31","vote_average":8.2,"vote_count":9}""";
        harness.Catalog.Write("Quite another name (1970).mkv");
        harness.Catalog.Write("Quite another name (1970).nfo", "<movie><plot>From the file.</plot><uniqueid type=\"tmdb\">603</uniqueid></movie>");
        await harness.Catalog.ScanAsync((await harness.Catalog.AddSourceAsync()).Id);

        await ReadAsync(harness.Catalog, all: false);

        var film = await harness.Catalog.FindOneAsync("The Matrix");
        Assert.Equal(("A hacker learns.", 1999), (film.Description, film.Year));
        var known = (await harness.Catalog.Services.GetRequiredService<MetadataService>().GetAsync(Actor.System, film.Id, default)).Value;
        Assert.Equal((MatchState.Automatic, "its name or NFO file says tmdb 603"), (known.Match!.State, known.Match.Reasons));
        Assert.DoesNotContain(harness.Server.RequestedUrls, asked => asked.StartsWith("/search", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Some Name (1980) [tmdbid-603].mkv")]
    [InlineData("Some Folder {imdb-tt0133093}/Some Name.mkv")]
    public async Task IdInTheName_Binds(string path)
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        harness.Server.Bodies["/find/tt0133093"] = """{"movie_results":[{"id":603}]}""";
        harness.Server.Bodies["/movie/603"] = """{"id":603,"title":"The Matrix","release_date":"1999-03-31"}""";
        harness.Catalog.Write(path);
        await harness.Catalog.ScanAsync((await harness.Catalog.AddSourceAsync()).Id);

        await harness.Catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);

        Assert.Equal(1999, (await harness.Catalog.FindOneAsync("The Matrix")).Year);
    }

    private static NfoContent? Read(string text) => NfoContent.Parse(Encoding.UTF8.GetBytes(text));

    private static Task<int> ReadAsync(TestCatalog catalog, bool all) => catalog.Services.GetRequiredService<NfoReader>().RunAsync(all, new Progress<ProgressUpdate>(), default);
}
