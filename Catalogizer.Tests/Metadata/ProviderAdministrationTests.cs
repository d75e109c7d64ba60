using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Health;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>What an admin sets for providers: it holds at once and for good, and keys never come out.</summary>
public sealed class ProviderAdministrationTests
{
    private const string Secret = "very.secret.key";
    private static readonly Actor Anna = new(null, "anna", Permission.All);

    [Fact]
    public async Task Save_Key_HoldsAtOnceAndAfterARestartAndIsNowhereToBeRead()
    {
        using var home = new TemporaryFolder();
        await using var bench = await ProviderBench.StartAsync(_ => { }, home: home);
        bench.Server.Bodies["/search/movie"] = """{"results":[]}""";
        Assert.Equal(ProviderState.NoKey, bench.Provider("tmdb").Status.State);

        var saved = (await Administration(bench.Catalogue).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret, Language: "pt-BR"), default)).Value;

        Assert.Equal((true, true, true, ProviderState.Ok), (saved.HasKey, saved.IsKeySetOnPage, saved.IsSwitchedOn, saved.Status.State));
        await bench.Catalogue.ReopenAsync();
        await bench.SearchAsync("tmdb", MediaKind.Film, "The Matrix");
        Assert.Equal($"Bearer {Secret}", bench.Server.Keys.Last());
        Assert.Contains("language=pt-BR", bench.Server.Asked.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, string.Join('\n', bench.Catalogue.Rows("SELECT key || value FROM settings").Concat(bench.Catalogue.Rows("SELECT * FROM audit_logs"))), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, System.Text.Json.JsonSerializer.Serialize(Administration(bench.Catalogue).List(Anna)), StringComparison.Ordinal);
        Assert.Contains(bench.Catalogue.Rows("SELECT action || ' ' || target FROM audit_logs"), row => row == "providers.change provider:tmdb");
    }

    [Fact]
    public async Task Save_Off_NobodyAsksAnyMoreAndTheKeyStays()
    {
        await using var bench = await ProviderBench.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");

        await Administration(bench.Catalogue).SaveAsync(Anna, "tmdb", new ProviderDraft(Enabled: false), default);

        Assert.Empty(bench.Providers.For(MediaKind.Film));
        await Administration(bench.Catalogue).SaveAsync(Anna, "tmdb", new ProviderDraft(Enabled: true), default);
        Assert.Single(bench.Providers.For(MediaKind.Film));
    }

    [Theory]
    [InlineData("tmdb", "key\nwith a line", null, null, "apiKey")]
    [InlineData("tmdb", null, "german", null, "language")]
    [InlineData("imdb", null, null, "relative/path", "place")]
    [InlineData("imdb", null, null, "ftp://host/", "place")]
    [InlineData("tmdb", null, null, "http://elsewhere/", "place")]
    public async Task Save_WhatCannotBe_NamesTheFieldAndChangesNothing(string provider, string? key, string? language, string? place, string field)
    {
        await using var catalogue = new TestCatalogue();

        Assert.Equal(field, (await Administration(catalogue).SaveAsync(Anna, provider, new ProviderDraft(null, key, false, language, place), default)).Error!.Field);
        Assert.Empty(catalogue.Rows("SELECT key FROM settings WHERE key LIKE 'metadata:%'"));
    }

    [Fact]
    public async Task SetOrder_IsObeyedAndTheNextIsAskedWhenTheFirstFails()
    {
        await using var bench = await ProviderBench.StartAsync(o => (o.Tmdb.ApiKey, o.Omdb.ApiKey) = ("a.b.c", "k"));
        var before = Administration(bench.Catalogue).ListByKind(Anna).Single(o => o.Kind == MediaKind.Film).Names;

        Assert.Null(await Administration(bench.Catalogue).SetOrderAsync(Anna, MediaKind.Film, [.. before.Reverse()], default));

        Assert.Equal(["omdb", "tmdb"], bench.Providers.For(MediaKind.Film).Select(p => p.Profile.Name));
        Assert.Equal(["tmdb", "omdb"], bench.Providers.For(MediaKind.Series).Select(p => p.Profile.Name));
        Assert.NotNull(await Administration(bench.Catalogue).SetOrderAsync(Anna, MediaKind.Film, ["tmdb", "tmdb"], default));

        bench.Server.Instead = http =>
        {
            http.Response.StatusCode = http.Request.Query.ContainsKey("apikey") ? 500 : 200;
            return http.Response.WriteAsync(http.Request.Path == "/movie/603" ? """{"id":603,"title":"The Matrix","release_date":"1999-03-31"}""" : """{"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-31"}]}""");
        };
        bench.Catalogue.Write("The Matrix (1999).mkv");
        await bench.Catalogue.ScanAsync((await bench.Catalogue.AddSourceAsync()).Id);
        await bench.Catalogue.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<Domain.Common.ProgressUpdate>(), default);
        Assert.Equal(["Automatic|tmdb|603"], bench.Catalogue.Rows("SELECT state, provider, external_id FROM media_matches"));
    }

    [Fact]
    public async Task Lent_WhatTheFirstLacksComesFromTheNextAndIsTold()
    {
        await using var bench = await ProviderBench.StartAsync(o => (o.Tmdb.ApiKey, o.Omdb.ApiKey) = ("a.b.c", "k"));
        bench.Server.Instead = http => http.Response.WriteAsync(http.Request.Path.Value switch
        {
            "/search/movie" => """{"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-31"}]}""",
            "/movie/603" => """{"id":603,"title":"The Matrix","release_date":"1999-03-31","imdb_id":"tt0133093","overview":"A hacker learns."}""",
            _ => """{"Title":"The Matrix","Year":"1999","imdbRating":"8.7","Plot":"Other words.","Poster":"N/A","imdbID":"tt0133093","Response":"True"}""",
        });
        bench.Catalogue.Write("The Matrix (1999).mkv");
        await bench.Catalogue.ScanAsync((await bench.Catalogue.AddSourceAsync()).Id);
        await bench.Catalogue.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<Domain.Common.ProgressUpdate>(), default);

        var film = await bench.Catalogue.OneAsync("The Matrix");
        var known = (await bench.Catalogue.Services.GetRequiredService<MetadataService>().GetAsync(Anna, film.Id, default)).Value;

        Assert.Equal(("A hacker learns.", 8.7), (film.Description, film.Rating));
        Assert.Equal(["title TMDB", "year TMDB", "description TMDB", "rating OMDb"], known.Layers.Select(l => $"{l.Field} {l.Provider}"));
        Assert.Equal(["tmdb", "omdb"], known.Credits.Select(c => c.Name));
    }

    [Fact]
    public async Task Try_SaysWhetherTheKeyIsRight()
    {
        await using var bench = await ProviderBench.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        bench.Server.Bodies["/configuration"] = "{}";
        Assert.Null(await Administration(bench.Catalogue).TestAsync(Anna, "tmdb", default));

        bench.Server.Instead = http =>
        {
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        };
        Assert.Equal("TMDB refuses the key that is set for it. Nothing was changed; try again later.", (await Administration(bench.Catalogue).TestAsync(Anna, "tmdb", default))!.Message);
        Assert.Equal(ProviderState.KeyRejected, bench.Provider("tmdb").Status.State);
        Assert.Equal("apiKey", (await Administration(bench.Catalogue).TestAsync(Anna, "tvdb", default))!.Field);
    }

    [Fact]
    public async Task WithoutThePermission_NothingIsShownOrDone()
    {
        await using var catalogue = new TestCatalogue();
        var edda = new Actor(3, "edda", Permission.For(Role.Editor));

        Assert.Throws<PermissionDeniedException>(() => Administration(catalogue).List(edda));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Administration(catalogue).SaveAsync(edda, "tmdb", new ProviderDraft(), default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Administration(catalogue).TestAsync(edda, "tmdb", default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Administration(catalogue).SetOrderAsync(edda, MediaKind.Film, [], default));
    }

    [Fact]
    public async Task Health_ProviderAwayForLong_IsToldAndNeverCritical()
    {
        var time = new ManualTime();
        await using var bench = await ProviderBench.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", time);
        var checker = bench.Catalogue.Services.GetRequiredService<HealthChecker>();
        var check = Assert.Single(checker.Checks, c => c.Name == "providers");
        bench.Server.Instead = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        Assert.Equal("Not tried yet: TMDB.", (await check.Check(bench.Catalogue.Services, default)).Message);
        await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, "One"));

        var answer = await check.Check(bench.Catalogue.Services, default);
        Assert.Equal((false, "The last call failed: TMDB.", "TMDB answered with 500."), (answer.Ok, answer.Message, Assert.Single(answer.Parts).Message));
        Assert.False(check.IsCritical);
        var watch = bench.Catalogue.Services.GetRequiredService<HealthService>();
        await watch.RunChecksAsync(default);
        Assert.Empty(watch.GetFailing(Anna));
        time.Advance(TimeSpan.FromMinutes(10));
        await watch.RunChecksAsync(default);
        Assert.Equal("Providers", Assert.Single(watch.GetFailing(Anna)).Title);
    }

    [Theory]
    [InlineData(200, ProviderState.Ok, null)]
    [InlineData(401, ProviderState.KeyRejected, "TMDB refuses the key that is set for it.")]
    [InlineData(500, ProviderState.Failing, "TMDB answered with 500.")]
    public async Task Save_Key_IsTriedAndItsAnswerShown(int status, ProviderState state, string? fault)
    {
        await using var bench = await ProviderBench.StartAsync(_ => { });
        bench.Server.Instead = http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync("{}");
        };

        var saved = (await Administration(bench.Catalogue).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret), default)).Value;

        Assert.Equal((state, fault), (saved.Status.State, saved.Status.LastError));
        Assert.Equal([$"Bearer {Secret}"], bench.Server.Keys);
    }

    [Fact]
    public async Task Save_KeyWithTheBreakerOpen_IsTriedAllTheSame()
    {
        await using var bench = await ProviderBench.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        bench.Server.Instead = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, $"Film {i}"));
        }

        Assert.Equal(ProviderState.CircuitOpen, bench.Provider("tmdb").Status.State);
        bench.Server.Instead = http => http.Response.WriteAsync("{}");

        var saved = (await Administration(bench.Catalogue).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret), default)).Value;

        Assert.Equal(ProviderState.Ok, saved.Status.State);
    }

    [Fact]
    public async Task Save_KeyOfAProviderThatHangs_IsSavedAndNotCalledTriedUntilItAnswers()
    {
        var time = new ManualTime();
        await using var bench = await ProviderBench.StartAsync(_ => { }, time);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Server.Instead = async http =>
        {
            asked.TrySetResult();
            await answer.Task;
            await http.Response.WriteAsync("{}");
        };
        using var heard = bench.Catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is ProviderChanged);

        var saving = Administration(bench.Catalogue).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret), default);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ProviderState.NotTried, (await saving).Value.Status.State);
        answer.SetResult();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var _ in heard.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            if (bench.Provider("tmdb").Status.State == ProviderState.Ok)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Retry_FailingProvider_IsAskedAgainInItsTimeAndHeardOfWhenItIsBack()
    {
        var time = new ManualTime();
        await using var bench = await ProviderBench.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", time);
        bench.Server.Instead = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<ProviderException>(() => bench.SearchAsync("tmdb", MediaKind.Film, $"Film {i}"));
        }

        var checker = bench.Catalogue.Services.GetRequiredService<HealthChecker>();
        await checker.RetryAsync(default);
        Assert.Equal(5, bench.Server.Asked.Count);

        time.Advance(TimeSpan.FromMinutes(1.1));
        await checker.RetryAsync(default);
        Assert.Equal((6, ProviderState.CircuitOpen), (bench.Server.Asked.Count, bench.Provider("tmdb").Status.State));

        bench.Server.Instead = http => http.Response.WriteAsync("{}");
        time.Advance(TimeSpan.FromMinutes(1.1));
        await checker.RetryAsync(default);
        Assert.Equal((7, ProviderState.Ok), (bench.Server.Asked.Count, bench.Provider("tmdb").Status.State));
        await checker.RetryAsync(default);
        Assert.Equal(7, bench.Server.Asked.Count);
    }

    private static ProviderAdministration Administration(TestCatalogue catalogue) => catalogue.Services.GetRequiredService<ProviderAdministration>();
}
