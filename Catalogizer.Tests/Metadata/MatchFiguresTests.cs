using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Metadata;

/// <summary>How well works are matched by themselves, against a made register with look-alikes.</summary>
public sealed class MatchFiguresTests(ITestOutputHelper output)
{
    /// <summary>Set CATALOGIZER_TITLES to 100000 for the full size.</summary>
    private static readonly int Titles = int.Parse(Environment.GetEnvironmentVariable("CATALOGIZER_TITLES") ?? "8000", CultureInfo.InvariantCulture);

    [Fact]
    public void Judge_MadeLibrary_IsRightAndHardlyEverWrong()
    {
        var (right, wrong, doubtful) = new MatchFigures(Titles).Judge(Math.Min(Titles / 4, 20_000));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Titles} titles: right {right:P2}, wrong {wrong:P2}, left to a person {doubtful:P2}"));
        Assert.InRange(right, 0.98, 1);
        Assert.InRange(wrong, 0, 0.005);
    }

    /// <summary>The same through the server, the channel and the catalogue; then ten refreshes of everything, and everybody away.</summary>
    [Fact]
    public async Task Library_ThroughTheProvider_IsMatchedAndTenRefreshesLoseNoEdit()
    {
        var figures = new MatchFigures(2000);
        await using var bench = await ProviderBench.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        bench.Server.Instead = http => AnswerAsync(figures, http);
        foreach (var film in figures.Titles.DistinctBy(t => (TextNormalizer.ToSortTitle(t.Title), t.Year)).Take(12))
        {
            bench.Catalogue.Write($"{film.Title.Replace(":", "", StringComparison.Ordinal)} ({film.Year}).mkv");
        }

        await bench.Catalogue.ScanAsync((await bench.Catalogue.AddSourceAsync()).Id);
        var enricher = bench.Catalogue.Services.GetRequiredService<Enricher>();
        await enricher.EnrichAsync(100, new Progress<ProgressUpdate>(), default);
        Assert.Equal(12, bench.Catalogue.Count("SELECT count(*) FROM media_matches WHERE state = 'Automatic'"));

        var edited = (await bench.Catalogue.FindAsync()).Items.Take(6).ToList();
        foreach (var item in edited)
        {
            await bench.Catalogue.Media.EditAsync(Actor.System, item.Id, new Domain.Media.MediaEdits { Title = $"Mine {item.Id}", Rating = 1 }, default);
        }

        for (var i = 0; i < 10; i++)
        {
            await enricher.RefreshAsync(1000, DateTimeOffset.MaxValue, default);
        }

        foreach (var item in edited)
        {
            Assert.Equal(1, (await bench.Catalogue.OneAsync($"Mine {item.Id}")).Rating);
        }

        bench.Server.Instead = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await enricher.RefreshAsync(1000, DateTimeOffset.MaxValue, default);
        Assert.Equal(12, bench.Catalogue.Count("SELECT count(*) FROM media_items WHERE description = 'A film.'"));
    }

    private static Task AnswerAsync(MatchFigures figures, HttpContext http)
    {
        object Film(Domain.Metadata.Metadata film) => new { id = int.Parse(film.ExternalId, CultureInfo.InvariantCulture), title = film.Title, original_title = film.OriginalTitle, release_date = $"{film.Year}-01-01", overview = "A film." };
        var path = http.Request.Path.Value!;
        return path == "/search/movie"
            ? http.Response.WriteAsJsonAsync(new { results = figures.Search(http.Request.Query["query"]!, int.TryParse(http.Request.Query["year"], out var year) ? year : null).Select(Film) })
            : http.Response.WriteAsJsonAsync(Film(figures.Titles.Single(t => path == $"/movie/{t.ExternalId}")));
    }
}
