using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>Provider settings of an admin take effect at once and permanently, and keys are never returned.</summary>
public sealed class ProviderAdministrationTests
{
    private const string Secret = "very.secret.key";
    private static readonly Actor Anna = new(null, "anna", Permission.All);

    [Fact]
    public async Task Save_Key_HoldsAtOnceAndAfterARestartAndIsNowhereToBeRead()
    {
        using var home = new TemporaryFolder();
        await using var harness = await ProviderHarness.StartAsync(_ => { }, home: home);
        harness.Server.Bodies["/search/movie"] = """{"results":[]}""";
        Assert.Equal(ProviderState.NoKey, harness.FindProvider("tmdb").Status.State);

        var saved = (await GetAdministration(harness.Catalog).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret, Language: "pt-BR"), default)).Value;

        Assert.Equal((true, true, true, ProviderState.Ok), (saved.HasKey, saved.IsKeySetOnPage, saved.IsSwitchedOn, saved.Status.State));
        await harness.Catalog.ReopenAsync();
        await harness.SearchAsync("tmdb", MediaKind.Film, "The Matrix");
        Assert.Equal($"Bearer {Secret}", harness.Server.Keys.Last());
        Assert.Contains("language=pt-BR", harness.Server.RequestedUrls.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, string.Join('\n', harness.Catalog.QueryRows("SELECT key || value FROM settings").Concat(harness.Catalog.QueryRows("SELECT * FROM audit_logs"))), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, System.Text.Json.JsonSerializer.Serialize(GetAdministration(harness.Catalog).List(Anna)), StringComparison.Ordinal);
        Assert.Contains(harness.Catalog.QueryRows("SELECT action || ' ' || target FROM audit_logs"), row => row == "providers.change provider:tmdb");
    }

    [Fact]
    public async Task Save_Off_NobodyAsksAnyMoreAndTheKeyStays()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");

        await GetAdministration(harness.Catalog).SaveAsync(Anna, "tmdb", new ProviderDraft(Enabled: false), default);

        Assert.Empty(harness.Providers.For(MediaKind.Film));
        await GetAdministration(harness.Catalog).SaveAsync(Anna, "tmdb", new ProviderDraft(Enabled: true), default);
        Assert.Single(harness.Providers.For(MediaKind.Film));
    }

    [Theory]
    [InlineData("tmdb", "key\nwith a line", null, null, "apiKey")]
    [InlineData("tmdb", null, "german", null, "language")]
    [InlineData("imdb", null, null, "relative/path", "place")]
    [InlineData("imdb", null, null, "ftp://host/", "place")]
    [InlineData("tmdb", null, null, "http://elsewhere/", "place")]
    public async Task Save_WhatCannotBe_NamesTheFieldAndChangesNothing(string provider, string? key, string? language, string? place, string field)
    {
        await using var catalog = new TestCatalog();

        Assert.Equal(field, (await GetAdministration(catalog).SaveAsync(Anna, provider, new ProviderDraft(null, key, false, language, place), default)).Error!.Field);
        Assert.Empty(catalog.QueryRows("SELECT key FROM settings WHERE key LIKE 'metadata:%'"));
    }

    [Fact]
    public async Task SetOrder_IsObeyedAndTheNextIsAskedWhenTheFirstFails()
    {
        await using var harness = await ProviderHarness.StartAsync(o => (o.Tmdb.ApiKey, o.Omdb.ApiKey) = ("a.b.c", "k"));
        var before = GetAdministration(harness.Catalog).ListByKind(Anna).Single(o => o.Kind == MediaKind.Film).Names;

        Assert.Null(await GetAdministration(harness.Catalog).SetOrderAsync(Anna, MediaKind.Film, [.. before.Reverse()], default));

        Assert.Equal(["omdb", "tmdb"], harness.Providers.For(MediaKind.Film).Select(p => p.Profile.Name));
        Assert.Equal(["tmdb", "omdb"], harness.Providers.For(MediaKind.Series).Select(p => p.Profile.Name));
        Assert.NotNull(await GetAdministration(harness.Catalog).SetOrderAsync(Anna, MediaKind.Film, ["tmdb", "tmdb"], default));

        harness.Server.Override = http =>
        {
            http.Response.StatusCode = http.Request.Query.ContainsKey("apikey") ? 500 : 200;
            return http.Response.WriteAsync(http.Request.Path == "/movie/603" ? """{"id":603,"title":"The Matrix","release_date":"1999-03-31"}""" : """{"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-31"}]}""");
        };
        harness.Catalog.Write("The Matrix (1999).mkv");
        await harness.Catalog.ScanAsync((await harness.Catalog.AddSourceAsync()).Id);
        await harness.Catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);
        Assert.Equal(["Automatic|tmdb|603"], harness.Catalog.QueryRows("SELECT state, provider, external_id FROM media_matches"));
    }

    [Fact]
    public async Task Lent_WhatTheFirstLacksComesFromTheNextAndIsTold()
    {
        await using var harness = await ProviderHarness.StartAsync(o => (o.Tmdb.ApiKey, o.Omdb.ApiKey) = ("a.b.c", "k"));
        harness.Server.Override = http => http.Response.WriteAsync(http.Request.Path.Value switch
        {
            "/search/movie" => """{"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-31"}]}""",
            "/movie/603" => """{"id":603,"title":"The Matrix","release_date":"1999-03-31","imdb_id":"tt0133093","overview":"A hacker learns."}""",
            _ => """{"Title":"The Matrix","Year":"1999","imdbRating":"8.7","Plot":"Other words.","Poster":"N/A","imdbID":"tt0133093","Response":"True"}""",
        });
        harness.Catalog.Write("The Matrix (1999).mkv");
        await harness.Catalog.ScanAsync((await harness.Catalog.AddSourceAsync()).Id);
        await harness.Catalog.Services.GetRequiredService<Enricher>().EnrichAsync(10, new Progress<ProgressUpdate>(), default);

        var film = await harness.Catalog.FindOneAsync("The Matrix");
        var known = (await harness.Catalog.Services.GetRequiredService<MetadataService>().GetAsync(Anna, film.Id, default)).Value;

        Assert.Equal(("A hacker learns.", 8.7), (film.Description, film.Rating));
        Assert.Equal(["title TMDB", "year TMDB", "description TMDB", "rating OMDb"], known.Layers.Select(l => $"{l.Field} {l.Provider}"));
        Assert.Equal(["tmdb", "omdb"], known.Credits.Select(c => c.Name));
    }

    [Fact]
    public async Task Test_SaysWhetherTheKeyIsRight()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        harness.Server.Bodies["/configuration"] = "{}";
        Assert.Null(await GetAdministration(harness.Catalog).TestAsync(Anna, "tmdb", default));

        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        };
        Assert.Equal("TMDB refuses the key that is set for it. Nothing was changed; try again later.", (await GetAdministration(harness.Catalog).TestAsync(Anna, "tmdb", default))!.Message);
        Assert.Equal(ProviderState.KeyRejected, harness.FindProvider("tmdb").Status.State);
        Assert.Equal("apiKey", (await GetAdministration(harness.Catalog).TestAsync(Anna, "tvdb", default))!.Field);
    }

    [Fact]
    public async Task WithoutThePermission_NothingIsShownOrDone()
    {
        await using var catalog = new TestCatalog();
        var edda = new Actor(3, "edda", Permission.For(Role.Editor));

        Assert.Throws<PermissionDeniedException>(() => GetAdministration(catalog).List(edda));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => GetAdministration(catalog).SaveAsync(edda, "tmdb", new ProviderDraft(), default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => GetAdministration(catalog).TestAsync(edda, "tmdb", default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => GetAdministration(catalog).SetOrderAsync(edda, MediaKind.Film, [], default));
    }

    [Fact]
    public async Task Health_ProviderAwayForLong_IsToldAndNeverCritical()
    {
        var time = new ManualTime();
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", time);
        var checker = harness.Catalog.Services.GetRequiredService<HealthChecker>();
        var check = Assert.Single(checker.Checks, c => c.Name == "providers");
        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        Assert.Equal("Not tried yet: TMDB.", (await check.Check(harness.Catalog.Services, default)).Message);
        await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, "One"));

        var result = await check.Check(harness.Catalog.Services, default);
        Assert.Equal((false, "The last call failed: TMDB.", "TMDB answered with 500."), (result.Ok, result.Message, Assert.Single(result.Parts).Message));
        Assert.False(check.IsCritical);
        var watch = harness.Catalog.Services.GetRequiredService<HealthService>();
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
        await using var harness = await ProviderHarness.StartAsync(_ => { });
        harness.Server.Override = http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync("{}");
        };

        var saved = (await GetAdministration(harness.Catalog).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret), default)).Value;

        Assert.Equal((state, fault), (saved.Status.State, saved.Status.LastError));
        Assert.Equal([$"Bearer {Secret}"], harness.Server.Keys);
    }

    [Fact]
    public async Task Save_KeyWithTheBreakerOpen_IsTriedAllTheSame()
    {
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c");
        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, $"Film {i}"));
        }

        Assert.Equal(ProviderState.CircuitOpen, harness.FindProvider("tmdb").Status.State);
        harness.Server.Override = http => http.Response.WriteAsync("{}");

        var saved = (await GetAdministration(harness.Catalog).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret), default)).Value;

        Assert.Equal(ProviderState.Ok, saved.Status.State);
    }

    [Fact]
    public async Task Save_KeyOfAProviderThatHangs_IsSavedAndNotCalledTriedUntilItAnswers()
    {
        var time = new ManualTime();
        await using var harness = await ProviderHarness.StartAsync(_ => { }, time);
        var (asked, result) = (new TaskCompletionSource(), new TaskCompletionSource());
        harness.Server.Override = async http =>
        {
            asked.TrySetResult();
            await result.Task;
            await http.Response.WriteAsync("{}");
        };
        using var heard = harness.Catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is ProviderChanged);

        var saving = GetAdministration(harness.Catalog).SaveAsync(Anna, "tmdb", new ProviderDraft(ApiKey: Secret), default);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ProviderState.NotTried, (await saving).Value.Status.State);
        result.SetResult();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var _ in heard.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            if (harness.FindProvider("tmdb").Status.State == ProviderState.Ok)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task Retry_FailingProvider_IsAskedAgainInItsTimeAndHeardOfWhenItIsBack()
    {
        var time = new ManualTime();
        await using var harness = await ProviderHarness.StartAsync(o => o.Tmdb.ApiKey = "a.b.c", time);
        harness.Server.Override = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<ProviderException>(() => harness.SearchAsync("tmdb", MediaKind.Film, $"Film {i}"));
        }

        var checker = harness.Catalog.Services.GetRequiredService<HealthChecker>();
        await checker.RetryAsync(default);
        Assert.Equal(5, harness.Server.RequestedUrls.Count);

        time.Advance(TimeSpan.FromMinutes(1.1));
        await checker.RetryAsync(default);
        Assert.Equal((6, ProviderState.CircuitOpen), (harness.Server.RequestedUrls.Count, harness.FindProvider("tmdb").Status.State));

        harness.Server.Override = http => http.Response.WriteAsync("{}");
        time.Advance(TimeSpan.FromMinutes(1.1));
        await checker.RetryAsync(default);
        Assert.Equal((7, ProviderState.Ok), (harness.Server.RequestedUrls.Count, harness.FindProvider("tmdb").Status.State));
        await checker.RetryAsync(default);
        Assert.Equal(7, harness.Server.RequestedUrls.Count);
    }

    private static ProviderAdministration GetAdministration(TestCatalog catalog) => catalog.Services.GetRequiredService<ProviderAdministration>();
}
