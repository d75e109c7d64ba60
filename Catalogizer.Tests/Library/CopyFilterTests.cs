using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Library;

/// <summary>All version filters must match one and the same version, in lists, counts and facets alike.</summary>
public sealed class CopyFilterTests : IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();
    private SourceView _sourceA = null!;
    private SourceView _sourceB = null!;

    public async Task InitializeAsync()
    {
        _catalog.Write("a/Quiet Water (2001) 2160p x265.mkv");
        _catalog.Write("b/Quiet Water (2001) 720p x264.mkv");
        _catalog.Write("b/Some Show/Season 01/Some Show S01E01 1080p x264.mkv");
        _sourceA = await _catalog.AddSourceAsync("A", Path.Combine(_catalog.Root, "a"));
        _sourceB = await _catalog.AddSourceAsync("B", Path.Combine(_catalog.Root, "b"));
        await _catalog.ScanAsync(_sourceA.Id);
        await _catalog.ScanAsync(_sourceB.Id);
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Theory]
    [InlineData("2160p", "A", true)]
    [InlineData("720p", "B", true)]
    [InlineData("2160p", "B", false)]
    [InlineData("720p", "A", false)]
    [InlineData("2160p", null, true)]
    [InlineData("720p", null, true)]
    [InlineData(null, "B", true)]
    public async Task Film_WithCopiesOnTwoSources_IsFoundByWhatOneOfThemIs(string? resolution, string? source, bool found)
    {
        foreach (var words in (string?[])[null, "quiet"])
        {
            var query = new MediaQuery { Query = words, Type = MediaType.Movie, Resolution = resolution, Source = source switch { "A" => _sourceA.Id, "B" => _sourceB.Id, _ => null }, Limit = 10 };
            var page = await _catalog.FindAsync(query);
            var window = await _catalog.Media.WindowAsync(Actor.System, query, 0, 10, default);

            Assert.Equal((found ? 1 : 0, found ? 1 : 0), ((int)page.Total, page.Items.Count));
            Assert.Equal(page.Items, window);
            Assert.All(page.Items, film => Assert.Equal(resolution ?? "720p", film.Best.Resolution));
        }
    }

    [Fact]
    public async Task Facets_OfOneCopy_LeadToAsManyHitsAsTheySay()
    {
        TakeSourceOffline();
        foreach (var query in (MediaQuery[])[new(), new() { Source = _sourceB.Id }, new() { Resolution = "2160p" }, new() { Presence = Presence.Unknown }, new() { Codec = "H.264", Presence = Presence.Present }])
        {
            var facets = (await _catalog.FindAsync(query)).Facets;
            foreach (var (value, count) in facets.Resolution)
            {
                Assert.Equal(count, (await _catalog.FindAsync(query with { Resolution = value })).Total);
            }

            foreach (var (value, count) in facets.Presence)
            {
                Assert.True(Presences.TryParse(value, out var presence));
                Assert.Equal(count, (await _catalog.FindAsync(query with { Presence = presence })).Total);
            }

            foreach (var (value, count) in facets.Source)
            {
                Assert.Equal(count, (await _catalog.FindAsync(query with { Source = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) })).Total);
            }
        }
    }

    [Fact]
    public async Task Availability_IsThatOfTheCopyThatIsShown()
    {
        TakeSourceOffline();

        var offline = Assert.Single((await _catalog.FindAsync(new MediaQuery { Resolution = "2160p" })).Items);
        var any = await _catalog.FindOneAsync("Quiet Water");

        Assert.Equal(("2160p", Presence.Unknown), (offline.Best.Resolution, offline.Presence));
        Assert.Equal(("720p", Presence.Present), (any.Best.Resolution, any.Presence));
        Assert.Empty((await _catalog.FindAsync(new MediaQuery { Resolution = "2160p", Presence = Presence.Present })).Items);
    }

    private void TakeSourceOffline() => _catalog.Execute($"UPDATE sources SET availability = 1 WHERE id = {_sourceA.Id}");
}
