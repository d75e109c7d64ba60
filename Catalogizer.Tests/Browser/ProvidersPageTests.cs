using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>Setting up providers, a series with gaps, fixing a match, and deciding uncertain matches by keyboard, in a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class ProvidersPageTests : IAsyncLifetime
{
    private TestProvider _tmdb = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _tmdb = await TestProvider.StartAsync();
        _tmdb.Bodies["/configuration"] = "{}";
        _tmdb.Bodies["/search/tv"] = """{"results":[{"id":4607,"name":"Lost","first_air_date":"2004-09-22"}]}""";
        _tmdb.Bodies["/tv/4607"] = """{"id":4607,"name":"Lost","overview":"An island.","first_air_date":"2004-09-22","seasons":[{"season_number":0},{"season_number":1}]}""";
        _tmdb.Bodies["/tv/4607/season/0"] = """{"episodes":[{"episode_number":1,"name":"Looking back","air_date":"2005-04-27"}]}""";
        _tmdb.Bodies["/tv/4607/season/1"] = """{"episodes":[{"episode_number":1,"name":"Pilot","air_date":"2004-09-22"},{"episode_number":2,"name":"Tabula Rasa","air_date":"2004-09-29"},{"episode_number":3,"name":"To come","air_date":"2900-04-01"}]}""";
        _tmdb.Bodies["/search/movie"] = """{"results":[{"id":1,"title":"Dune","release_date":"1984-12-14"},{"id":2,"title":"Dune","release_date":"2021-09-15"}]}""";
        _tmdb.Bodies["/movie/1"] = """{"id":1,"title":"Dune","overview":"The old one.","release_date":"1984-12-14"}""";
        _tmdb.Bodies["/movie/2"] = """{"id":2,"title":"Dune","overview":"The new one.","release_date":"2021-09-15"}""";
        _server = new TestServer
        {
            Settings =
            [
                "--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning",
                $"--Catalogizer:Metadata:Tmdb:BaseAddress={_tmdb.Address}", $"--Catalogizer:Metadata:Tmdb:ImageBaseAddress={_tmdb.Address}",
            ],
        };
        await _server.StartAsync();
        _server.Write("films/Lost/Season 01/Lost S01E01 720p.mkv");
        _server.Write("films/Dune.mkv");
        _server.Write("films/Dune 1080p/Dune.avi");
        await SeededServer.ScanAsync(_server, "Films", _server.PathOf("films"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tmdb.DisposeAsync();
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Provider_FromKeyToDecision(int width)
    {
        await using var visitor = await Chromium.VisitAsync(_server.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await page.SetViewportSizeAsync(width, 900);
        await visitor.NavigateAsync("/admin/providers");
        await page.FillAsync("#tmdb-key", "a.b.c");
        await page.GetByLabel("Ask TMDB", new() { Exact = true }).CheckAsync();
        await visitor.Button("Save TMDB").ClickAsync();
        await Expect(page.GetByText("Saved. TMDB answers and takes the key.", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.Button("Test the key of TMDB").ClickAsync();
        await Expect(page.GetByText("TMDB answers and takes the key.", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.AssertUsableAsync("providers-found");

        await _server.Get<Enricher>().EnrichAsync(100, new Progress<ProgressUpdate>(), default);
        var series = Assert.Single((await _server.Get<MediaService>().PageAsync(Actor.System, new MediaQuery { Type = MediaType.TvShow }, default)).Value.Items).Id;
        await visitor.NavigateAsync($"/item/{series}");
        await page.Locator(".gaps-season summary").First.ClickAsync();
        await Expect(page.GetByText("comes 1 April 2900")).ToBeVisibleAsync();
        await visitor.AssertUsableAsync("series-found");
        await visitor.Button("Fix the match").ClickAsync();
        await visitor.Button("Search").ClickAsync();
        await Expect(visitor.Button("Take Lost 2004")).ToBeVisibleAsync();
        await visitor.AssertUsableAsync("fix-found");
        await visitor.Button("Take Lost 2004").ClickAsync();
        await Expect(page.GetByText("chosen by a person")).ToBeVisibleAsync();

        await visitor.NavigateAsync("/matches");
        await Expect(page.Locator(".match-doubt").First).ToBeFocusedAsync();
        await visitor.AssertUsableAsync("matches-found");
        await page.Keyboard.PressAsync("a");
        await Expect(visitor.Page.GetByText("Nothing to decide")).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }
}
