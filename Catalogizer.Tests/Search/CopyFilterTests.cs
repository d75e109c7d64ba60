using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Search;

/// <summary>Filters on copies are asked of one and the same copy, in lists, counts and facets alike.</summary>
public sealed class CopyFilterTests : IAsyncLifetime
{
    private readonly TestCatalogue _catalogue = new();
    private SourceView _a = null!;
    private SourceView _b = null!;

    public async Task InitializeAsync()
    {
        _catalogue.Write("a/Quiet Water (2001) 2160p x265.mkv");
        _catalogue.Write("b/Quiet Water (2001) 720p x264.mkv");
        _catalogue.Write("b/Some Show/Season 01/Some Show S01E01 1080p x264.mkv");
        _a = await _catalogue.AddSourceAsync("A", Path.Combine(_catalogue.Root, "a"));
        _b = await _catalogue.AddSourceAsync("B", Path.Combine(_catalogue.Root, "b"));
        await _catalogue.ScanAsync(_a.Id);
        await _catalogue.ScanAsync(_b.Id);
    }

    public async Task DisposeAsync() => await _catalogue.DisposeAsync();

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
            var query = new MediaQuery { Query = words, Type = MediaType.Movie, Resolution = resolution, Source = source switch { "A" => _a.Id, "B" => _b.Id, _ => null }, Limit = 10 };
            var page = await _catalogue.FindAsync(query);
            var window = await _catalogue.Media.WindowAsync(Actor.System, query, 0, 10, default);

            Assert.Equal((found ? 1 : 0, found ? 1 : 0), ((int)page.Total, page.Items.Count));
            Assert.Equal(page.Items, window);
            Assert.All(page.Items, film => Assert.Equal(resolution ?? "720p", film.Best.Resolution));
        }
    }

    [Fact]
    public async Task Facets_OfOneCopy_LeadToAsManyHitsAsTheySay()
    {
        GoAway();
        foreach (var query in (MediaQuery[])[new(), new() { Source = _b.Id }, new() { Resolution = "2160p" }, new() { Presence = Presence.Unknown }, new() { Codec = "H.264", Presence = Presence.Present }])
        {
            var facets = (await _catalogue.FindAsync(query)).Facets;
            foreach (var (value, count) in facets.Resolution)
            {
                Assert.Equal(count, (await _catalogue.FindAsync(query with { Resolution = value })).Total);
            }

            foreach (var (value, count) in facets.Presence)
            {
                Assert.True(Presences.TryParse(value, out var presence));
                Assert.Equal(count, (await _catalogue.FindAsync(query with { Presence = presence })).Total);
            }

            foreach (var (value, count) in facets.Source)
            {
                Assert.Equal(count, (await _catalogue.FindAsync(query with { Source = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) })).Total);
            }
        }
    }

    [Fact]
    public async Task Availability_IsThatOfTheCopyThatIsShown()
    {
        GoAway();

        var offline = Assert.Single((await _catalogue.FindAsync(new MediaQuery { Resolution = "2160p" })).Items);
        var any = await _catalogue.OneAsync("Quiet Water");

        Assert.Equal(("2160p", Presence.Unknown), (offline.Best.Resolution, offline.Presence));
        Assert.Equal(("720p", Presence.Present), (any.Best.Resolution, any.Presence));
        Assert.Empty((await _catalogue.FindAsync(new MediaQuery { Resolution = "2160p", Presence = Presence.Present })).Items);
    }

    private void GoAway() => _catalogue.Execute($"UPDATE sources SET availability = 1 WHERE id = {_a.Id}");
}
