using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>The home and analytics pages, open in a browser during a scan.</summary>
[Trait("Category", "Browser")]
public sealed class HomePageTests : IAsyncLifetime
{
    private const int NewItemCount = 2500;

    private readonly TestServer _server = new()
    {
        Settings = ["--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"],
    };

    public async Task InitializeAsync()
    {
        _server.Write("films/A Wonder (1994) 1080p x264.mkv");
        _server.Write("films/Some Show/Season 01/Some Show S01E01 720p.mkv");
        await _server.StartAsync();
        await SeededServer.ScanAsync(_server, "Films", _server.PathOf("films"));
        AddEarlierSnapshots();
    }

    /// <summary>Adds snapshots as earlier days would have left them.</summary>
    private void AddEarlierSnapshots()
    {
        using var file = SqliteFile.Open(_server.PathOf("data/catalogizer.db"), File.ReadAllText(_server.PathOf("data/catalogizer.key")).Trim());
        using var connection = file.OpenConnection();
        for (var back = 90; back > 0; back -= 3)
        {
            var day = DateTime.UtcNow.AddDays(-back).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            SqlCipher.Execute(connection, string.Create(CultureInfo.InvariantCulture,
                $"INSERT INTO analytics_days (day, taken_at, works, versions, files, bytes, from_first_seen) VALUES ('{day}', 0, {2 - (back / 60)}, 2, 2, {(100 - back) * 1000}, {(back > 60 ? 1 : 0)})"));
        }
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Home_ScanOfAnotherSource_ShowsNewCardsAndTotalsWithoutAReload()
    {
        await using var visitor = await Chromium.VisitAsync(_server.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await visitor.NavigateAsync("/");
        var all = page.Locator(".tile strong").First;
        await Expect(all).ToHaveTextAsync("2");
        await page.SetViewportSizeAsync(390, 700);
        await page.EvaluateAsync("() => { window.sameDocument = true; scrollTo({ top: 180, behavior: 'instant' }); window.seen = document.elementFromPoint(195, 90); }");
        var seenAt = await page.EvaluateAsync<int>("() => Math.round(seen.getBoundingClientRect().top)");

        for (var i = 0; i < NewItemCount; i++)
        {
            _server.Write($"more/{i % 50:00}/Newcomer {SeededServer.CreateWord(i)} ({1950 + (i % 70)}) 2160p x265.mkv");
        }

        await ScanAsync("More", _server.PathOf("more"));

        await Expect(page.Locator(".poster-row .card-title").First).ToContainTextAsync("Newcomer");
        await Expect(all).ToHaveTextAsync((NewItemCount + 2).ToString("N0", CultureInfo.InvariantCulture));
        await Expect(page.Locator(".source-row")).ToHaveCountAsync(2);
        await Expect(page.Locator(".feed")).ToContainTextAsync("More was scanned");
        await Expect(page.Locator("[aria-live=polite]", new() { HasText = "More was scanned" })).Not.ToHaveCountAsync(0);
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        Assert.InRange(await page.EvaluateAsync<int>("() => Math.round(seen.getBoundingClientRect().top)"), seenAt - 1, seenAt + 1);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Analytics_Bars_LeadToTheFilteredLibraryAndTablesToAFile()
    {
        await using var visitor = await Chromium.VisitAsync(_server.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await visitor.NavigateAsync("/analytics");
        await Expect(page.Locator("section[aria-labelledby=chart-growth] .rz-chart path").First).ToBeAttachedAsync();
        await page.Locator("section[aria-labelledby=chart-types] a.chart-bar").First.ClickAsync();
        await Expect(page).ToHaveURLAsync("/library?type=movie");
        await page.GoBackAsync();
        await visitor.WaitUntilInteractiveAsync();
        await visitor.AssertFitsAsync("analytics-grown");

        var codecs = page.Locator("section[aria-labelledby=chart-codecs]");
        var file = await page.RunAndWaitForDownloadAsync(() => codecs.Locator("a[download]").ClickAsync());
        Assert.Equal("codecs.csv", file.SuggestedFilename);
        Assert.Contains("H.264,1,1,", await File.ReadAllTextAsync(await file.PathAsync()), StringComparison.Ordinal);
        await codecs.Locator("summary").ClickAsync();
        await codecs.Locator("tbody a").First.ClickAsync();
        await Expect(page).ToHaveURLAsync("/library?codec=H.264");
        await Expect(page.Locator(".page-summary")).ToHaveTextAsync("1 hit");
        visitor.AssertNoErrors();
    }

    /// <summary>Uses the API as a script does, without touching the page.</summary>
    private async Task ScanAsync(string name, string path)
    {
        using var script = new HttpClient { BaseAddress = new Uri(_server.Address, "/api/v1/") };
        var session = await script.PostAsJsonAsync("auth/login", new { username = "anna", password = AccountsFixture.GoodPassword });
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await session.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        var source = await (await script.PostAsJsonAsync("sources", new { name, protocol = "local", path })).Content.ReadFromJsonAsync<JsonElement>();
        using var started = await script.PostAsJsonAsync($"sources/{source.GetProperty("id").GetInt64()}/scan", new { kind = "full" });
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
    }
}
