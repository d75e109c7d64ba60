using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>A series as its provider lists it, compared with what the catalogue has.</summary>
public sealed class SeriesGapsTests
{
    [Fact]
    public async Task GetReport_SeriesWithGaps_TellsThemApart()
    {
        var time = new ManualTime();
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", time);
        SetupResponses(harness.Server);
        harness.Catalog.Write("Lost/Season 01/Lost S01E01-E02.mkv");
        harness.Catalog.Write("Lost/Season 01/Lost S01E04.mkv");
        harness.Catalog.Write("Lost/Specials/Lost S00E01.mkv");
        var source = await harness.Catalog.AddSourceAsync();
        await harness.Catalog.ScanAsync(source.Id);
        await harness.Catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);
        var id = (await harness.Catalog.FindOneAsync("Lost")).Id;

        var report = (await GetSeriesGaps(harness).GetReportAsync(Actor.System, id, default)).Value!;

        Assert.Equal("1 Available, 2 Available, 3 Missing, 4 Available, 5 NotAired", Describe(report.RegularSeasons.First()));
        Assert.Equal("1 NotAired", Describe(report.RegularSeasons.Last()));
        Assert.Equal("1 Available, 2 Missing", Describe(report.Specials!));

        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        time.Advance(TimeSpan.FromDays(60));
        var later = (await GetSeriesGaps(harness).GetReportAsync(Actor.System, id, default)).Value!;
        Assert.Equal("TMDB does not answer; this is what it said before.", later.Problem);
        Assert.Equal("1 Available, 2 Available, 3 Missing, 4 Available, 5 Missing", Describe(later.RegularSeasons.First()));
    }

    [Fact]
    public async Task GetReport_SourceOffline_IsNotMissing()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        SetupResponses(harness.Server);
        harness.Catalog.Write("Lost/Season 01/Lost S01E01.mkv");
        var source = await harness.Catalog.AddSourceAsync();
        await harness.Catalog.ScanAsync(source.Id);
        await harness.Catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);
        Directory.Move(harness.Catalog.Root, harness.Catalog.Root + "-gone");
        await harness.Catalog.ScanAsync(source.Id);

        var report = (await GetSeriesGaps(harness).GetReportAsync(Actor.System, (await harness.Catalog.FindOneAsync("Lost")).Id, default)).Value!;

        Assert.Equal(EpisodeStatus.Offline, report.RegularSeasons.First().Episodes[0].Status);
    }

    [Fact]
    public async Task GetReport_FilmOrSeriesWithoutRecord_IsNothing()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Lost/Season 01/Lost S01E01.mkv");
        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);

        Assert.Null((await catalog.Services.GetRequiredService<SeriesGaps>().GetReportAsync(Actor.System, (await catalog.FindOneAsync("Lost")).Id, default)).Value);
    }

    private static SeriesGaps GetSeriesGaps(ProviderHarness harness) => harness.Catalog.Services.GetRequiredService<SeriesGaps>();

    private static string Describe(SeasonReport season) => string.Join(", ", season.Episodes.Select(e => $"{e.Number} {e.Status}"));

    private static void SetupResponses(TestProvider server)
    {
        server.Bodies["/search/tv"] = """{"results":[{"id":4607,"name":"Lost","first_air_date":"2004-09-22"}]}""";
        server.Bodies["/tv/4607"] = """{"id":4607,"name":"Lost","first_air_date":"2004-09-22","seasons":[{"season_number":0},{"season_number":1},{"season_number":2}]}""";
        server.Bodies["/tv/4607/season/0"] = """{"episodes":[{"episode_number":1,"name":"Looking back","air_date":"2005-04-27"},{"episode_number":2,"name":"More","air_date":"2005-05-27"}]}""";
        server.Bodies["/tv/4607/season/1"] = """
            {"episodes":[{"episode_number":1,"name":"Pilot 1","air_date":"2004-09-22"},{"episode_number":2,"name":"Pilot 2","air_date":"2004-09-29"},{"episode_number":3,"name":"Tabula Rasa","air_date":"2004-10-06"},
             {"episode_number":4,"name":"Walkabout","air_date":"2004-10-13"},{"episode_number":5,"name":"To come","air_date":"2026-04-01"}]}
            """;
        server.Bodies["/tv/4607/season/2"] = """{"episodes":[{"episode_number":1,"name":"No day yet","air_date":null}]}""";
    }
}
