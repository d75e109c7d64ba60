using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Metadata;

/// <summary>How well items are matched automatically, against a made-up register with look-alikes.</summary>
public sealed class MatchSimulationTests(ITestOutputHelper output)
{
    /// <summary>Set CATALOGIZER_TITLES to 100000 for the full size.</summary>
    private static readonly int TitleCount = int.Parse(Environment.GetEnvironmentVariable("CATALOGIZER_TITLES") ?? "8000", CultureInfo.InvariantCulture);

    [Fact]
    public void Judge_MadeLibrary_IsRightAndHardlyEverWrong()
    {
        var (right, wrong, doubtful) = new MatchSimulation(TitleCount).Evaluate(Math.Min(TitleCount / 4, 20_000));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TitleCount} titles: right {right:P2}, wrong {wrong:P2}, left to a person {doubtful:P2}"));
        Assert.InRange(right, 0.98, 1);
        Assert.InRange(wrong, 0, 0.005);
    }

    /// <summary>The same through the server, the channel and the catalogue; then ten refreshes of everything, and a provider outage.</summary>
    [Fact]
    public async Task Library_ThroughTheProvider_IsMatchedAndTenRefreshesLoseNoEdit()
    {
        var simulation = new MatchSimulation(2000);
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        harness.Server.Override = http => RespondAsync(simulation, http);
        foreach (var film in simulation.Titles.DistinctBy(t => (TextNormalizer.FoldWithoutArticle(t.Title), t.Year)).Take(12))
        {
            harness.Catalog.Write($"{film.Title.Replace(":", "", StringComparison.Ordinal)} ({film.Year}).mkv");
        }

        await harness.Catalog.ScanAsync((await harness.Catalog.AddSourceAsync()).Id);
        var enricher = harness.Catalog.Services.GetRequiredService<Enricher>();
        await enricher.EnrichAsync(100, new Progress<ProgressUpdate>(), default);
        Assert.Equal(12, harness.Catalog.Count("SELECT count(*) FROM media_matches WHERE state = 'Automatic'"));

        var edited = (await harness.Catalog.FindAsync()).Items.Take(6).ToList();
        foreach (var item in edited)
        {
            await harness.Catalog.Media.EditAsync(Actor.System, item.Id, new MediaEdits { Title = $"Mine {item.Id}", Rating = 1 }, default);
        }

        for (var i = 0; i < 10; i++)
        {
            await enricher.RefreshAsync(1000, DateTimeOffset.MaxValue, default);
        }

        foreach (var item in edited)
        {
            Assert.Equal(1, (await harness.Catalog.FindOneAsync($"Mine {item.Id}")).Rating);
        }

        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await enricher.RefreshAsync(1000, DateTimeOffset.MaxValue, default);
        Assert.Equal(12, harness.Catalog.Count("SELECT count(*) FROM media_items WHERE description = 'A film.'"));
    }

    private static Task RespondAsync(MatchSimulation simulation, HttpContext http)
    {
        object DescribeFilm(Domain.Metadata.Metadata film) => new { id = int.Parse(film.ExternalId, CultureInfo.InvariantCulture), title = film.Title, original_title = film.OriginalTitle, release_date = $"{film.Year}-01-01", overview = "A film." };
        var path = http.Request.Path.Value!;
        return path == "/search/movie"
            ? http.Response.WriteAsJsonAsync(new { results = simulation.Search(http.Request.Query["query"]!, int.TryParse(http.Request.Query["year"], out var year) ? year : null).Select(DescribeFilm) })
            : http.Response.WriteAsJsonAsync(DescribeFilm(simulation.Titles.Single(t => path == $"/movie/{t.ExternalId}")));
    }
}
