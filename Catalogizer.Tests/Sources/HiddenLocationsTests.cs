using System.Net.Http.Json;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Api;
using Catalogizer.Tests.Browser;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Analytics;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Sources;

/// <summary>Users who may only view learn no folder, server, share or user of a source from any text.</summary>
public sealed class HiddenLocationsTests(HiddenLocationsTests.Library library) : IClassFixture<HiddenLocationsTests.Library>
{
    /// <summary>Part of every folder, server, share and user of the test's sources, and of nothing else.</summary>
    private const string LocationMarker = "zaunkoenig";

    private readonly ApiServer _api = library.Api;

    [Fact]
    [Trait("Category", "Server")]
    public async Task Routes_AsViewer_TellNoLocation()
    {
        var revealed = new List<string>();
        var found = 0;
        foreach (var address in Routes.Api(_api.Server).Where(r => r.Method == "GET" && r.Pattern != "api/v1/events").SelectMany(r => library.CreateAddresses(r.Pattern)))
        {
            using var response = await _api.Viewer.GetAsync(address);
            var text = response + await response.Content.ReadAsStringAsync();
            found += response.IsSuccessStatusCode ? 1 : 0;
            if (library.RevealsLocation(text))
            {
                revealed.Add($"{address}: {text}");
            }
        }

        Assert.Equal([], revealed);
        Assert.True(found > 25, $"{found} routes answered");
    }

    [Theory]
    [Trait("Category", "Server")]
    [InlineData("sources")]
    [InlineData("sources/status")]
    public async Task Routes_AsEditor_TellLocations(string route) =>
        Assert.Contains(LocationMarker, await _api.Editor.GetStringAsync($"/api/v1/{route}"), StringComparison.Ordinal);

    [Fact]
    [Trait("Category", "Server")]
    public async Task Sources_AsViewer_HaveNameKindAndCounts()
    {
        var sources = await ApiServer.AssertOkAsync(await _api.Viewer.GetAsync("/api/v1/sources"));
        var status = await ApiServer.AssertOkAsync(await _api.Viewer.GetAsync("/api/v1/sources/status"));

        Assert.Equal([("Films", "local"), ("Gone", "local"), ("Share", "smb")], sources.EnumerateArray().Select(s => (s.GetProperty("name").GetString(), s.GetProperty("protocol").GetString())));
        var gone = status.GetProperty("sources").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "Gone");
        Assert.Equal(1, gone.GetProperty("unknownFiles").GetInt32());
        Assert.Equal("It cannot be read right now.", gone.GetProperty("lastError").GetString());
        Assert.StartsWith("The source could not be read", gone.GetProperty("lastScan").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Stream_UnreadFile_SaysWhyWithoutTheFolder()
    {
        var version = library.Versions["Gone"];

        var toViewer = await ApiServer.AssertProblemAsync(await _api.Viewer.GetAsync($"/api/v1/versions/{version}/stream"), 503);
        var toEditor = await ApiServer.AssertProblemAsync(await _api.Editor.GetAsync($"/api/v1/versions/{version}/stream"), 503);

        Assert.Equal("The source does not answer. Try again later.", toViewer.GetProperty("detail").GetString());
        Assert.Contains(LocationMarker, toEditor.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Events_AsViewer_TellNoLocation()
    {
        await using var viewer = await EventStreamListener.ListenAsync(_api.Viewer);
        await using var editor = await EventStreamListener.ListenAsync(_api.Editor);
        _api.Server.Get<EventStreamer>().Publish(new SourceAlert(library.Sources["Gone"], "Gone", IsOffline: true, $"/{LocationMarker}/gone could not be read."));
        var scan = (await ApiServer.AssertOkAsync(await _api.Admin.PostAsJsonAsync($"/api/v1/sources/{library.Sources["Gone"]}/scan", new { }))).GetProperty("scanId").GetInt64();

        var toViewer = await viewer.ReadUntilScanEndedAsync(scan);
        var toEditor = await editor.ReadUntilScanEndedAsync(scan);

        Assert.Contains(toViewer, revealed => revealed.Name == "source.alert");
        Assert.DoesNotContain(toViewer, revealed => library.RevealsLocation(revealed.Data.GetRawText()));
        Assert.Contains(toEditor, revealed => revealed.Name == "source.alert" && library.RevealsLocation(revealed.Data.GetRawText()));
        Assert.Contains(toEditor, revealed => revealed.Name == "scan.progressed" && library.RevealsLocation(revealed.Data.GetRawText()));
    }

    [Fact]
    [Trait("Category", "Browser")]
    public async Task Pages_AsViewer_ShowNoLocation()
    {
        await using var viewer = await Chromium.VisitAsync(_api.Server.Address, "vera", AccountsFixture.GoodPassword);
        await using var editor = await Chromium.VisitAsync(_api.Server.Address, "edda", AccountsFixture.GoodPassword);
        string[] pages =
        [
            "/", "/library", "/analytics", "/sources", "/account", .. library.Items.SelectMany(id => (string[])[$"/item/{id}", $"/item/{id}/compare"]),
            .. library.Sources.Values.SelectMany(id => (string[])[$"/sources/{id}/files", $"/sources/{id}/files?path=inner"]).Except([$"/sources/{library.Sources["Share"]}/files?path=inner"]), .. library.Scans.Select(id => $"/sources/scans/{id}"),
        ];
        var revealed = new List<string>();
        foreach (var page in pages)
        {
            await viewer.NavigateAsync(page);
            if (page == $"/item/{library.FailedItem}")
            {
                await Expect(viewer.Page.Locator("main")).ToContainTextAsync("The file cannot be read as media.");
            }

            if (library.RevealsLocation(await viewer.Page.ContentAsync()))
            {
                revealed.Add(page);
            }
        }

        Assert.Equal([], revealed);
        foreach (var page in (string[])["/sources", "/", $"/sources/{library.Sources["Films"]}/files?path=inner", $"/item/{library.FailedItem}"])
        {
            // What is hidden from the viewer is shown to the editor.
            await editor.NavigateAsync(page);
            await Expect(editor.Page.Locator("main")).ToContainTextAsync(LocationMarker);
        }
    }

    /// <summary>Sources that are readable, gone and never reached, with messages about each wherever one is stored.</summary>
    public sealed class Library : IAsyncLifetime
    {
        public ApiServer Api { get; } = new();

        public Dictionary<string, long> Sources { get; } = [];

        public Dictionary<string, long> Versions { get; } = [];

        public List<long> Items { get; } = [];

        public List<long> Scans { get; } = [];

        /// <summary>An item with a version whose analysis failed.</summary>
        public long FailedItem { get; private set; }

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            foreach (var (name, film) in new[] { ("Films", "Calm (2001).mkv"), ("Gone", "Quiet Water (2002).mkv") })
            {
                Api.Server.Write($"{LocationMarker} {name}/inner/{film}", film);
                await AddAsync(name, new { name, protocol = "local", path = Api.Server.PathOf($"{LocationMarker} {name}"), watch = false });
            }

            await AddAsync("Share", new
            {
                name = "Share", protocol = "smb", host = $"{LocationMarker}-host.invalid", share = $"{LocationMarker}-share", folder = $"{LocationMarker}-folder", domain = $"{LocationMarker}-domain", username = $"{LocationMarker}-user",
                password = "a password", watch = false,
            });
            Directory.Delete(Api.Server.PathOf($"{LocationMarker} Gone"), recursive: true);
            await ScanAsync("Gone");
            foreach (var item in await Api.ListItemsAsync())
            {
                Items.Add(item.GetProperty("id").GetInt64());
                var version = (await Api.GetAsync($"media/{Items[^1]}/versions"))[0];
                Versions.Add(Sources.Single(s => s.Value == version.GetProperty("sourceId").GetInt64()).Key, version.GetProperty("id").GetInt64());
                FailedItem = Versions.ContainsKey("Films") && FailedItem == 0 ? Items[^1] : FailedItem;
            }

            using var connection = Api.Server.Get<SqliteFile>().OpenConnection();
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                UPDATE folders SET error = '/{LocationMarker}/inner could not be read.' WHERE path = 'inner';
                DELETE FROM version_analyses;
                INSERT INTO version_analyses (version_id, at, error, modified_at, size, tries, look)
                SELECT v.id, 1, '/{LocationMarker}/film could not be read.', f.modified_at, f.size, 99, {AnalysisState.CurrentRevision} FROM media_versions v JOIN files f ON f.version_id = v.id;
                """;
            Assert.True(await command.ExecuteNonQueryAsync() > 0);
        }

        public async Task DisposeAsync() => await Api.DisposeAsync();

        public bool RevealsLocation(string text) => text.Contains(LocationMarker, StringComparison.OrdinalIgnoreCase) || text.Contains(Api.Server.PathOf(""), StringComparison.Ordinal);

        /// <summary>The addresses of a route for the existing objects.</summary>
        public IEnumerable<string> CreateAddresses(string pattern)
        {
            IEnumerable<string> values = pattern switch
            {
                _ when pattern.StartsWith("api/v1/media/", StringComparison.Ordinal) => Items.Select(id => $"{id}"),
                _ when pattern.StartsWith("api/v1/versions/", StringComparison.Ordinal) => Versions.Values.Select(id => $"{id}"),
                _ when pattern.StartsWith("api/v1/sources/", StringComparison.Ordinal) => Sources.Values.Select(id => $"{id}"),
                _ when pattern.StartsWith("api/v1/scans/", StringComparison.Ordinal) => Scans.Select(id => $"{id}"),
                _ when pattern.StartsWith("api/v1/analytics/tables", StringComparison.Ordinal) => AnalyticsTables.Names,
                _ => ["1"],
            };
            return values.Select(value => "/" + System.Text.RegularExpressions.Regex.Replace(pattern, @"\{[^}]+\}", value)).Distinct();
        }

        private async Task AddAsync(string name, object source)
        {
            Sources[name] = (await ApiServer.AssertOkAsync(await Api.Admin.PostAsJsonAsync("/api/v1/sources", source))).GetProperty("id").GetInt64();
            await ScanAsync(name);
        }

        private async Task ScanAsync(string name) => Scans.Add((await Api.ScanAsync(Sources[name])).GetProperty("id").GetInt64());
    }
}
