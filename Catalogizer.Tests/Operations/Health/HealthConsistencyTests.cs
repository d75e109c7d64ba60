using System.Globalization;
using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Caching;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Sources.Resilience;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Dashboard;
using Catalogizer.Web.Components.Health;
using Catalogizer.Web.Components.Live;
using Catalogizer.Web.Components.Metadata;
using Catalogizer.Web.Components.Sources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Operations.Health;

/// <summary>Reads what each place shows about the providers, sources and caches of a catalogue, for a user who may see them all.</summary>
public abstract class HealthConsistencyTest : PageTest, IAsyncLifetime
{
    private protected static readonly Actor Anna = new(7, "mira", Permission.All);

    private protected HealthConsistencyTest(TimeProvider time, Action<IServiceCollection>? configureServices = null)
        : this(time, TestProvider.StartAsync().GetAwaiter().GetResult(), configureServices)
    {
    }

    private HealthConsistencyTest(TimeProvider time, TestProvider server, Action<IServiceCollection>? configureServices)
        : this(time, server, ProviderHarness.CreateCatalog(server, o => o.Tmdb.ApiKey = "a.b.c", time, configureServices: configureServices))
    {
    }

    private HealthConsistencyTest(TimeProvider time, TestProvider server, TestCatalog catalog)
        : base(time, catalog.AddServicesTo)
    {
        (Server, Catalog) = (server, catalog);
        Visitor.SetClaims([new Claim("user_id", "7"), new Claim("username", "mira"), .. Permission.All.Select(p => new Claim("permissions", p))]);
    }

    private protected TestProvider Server { get; }

    private protected TestCatalog Catalog { get; }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await Catalog.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>Compares the result of <c>/health</c> with the health page's summary, its card and its uptime strip.</summary>
    private protected async Task<IRenderedComponent<HealthMonitor>> AssertConsistentAsync(string check, string part, bool ok, string? why)
    {
        var findings = await Catalog.Services.GetRequiredService<HealthChecker>().CheckAsync(default);
        var finding = findings.Single(f => f.Name == check);
        Assert.Equal((ok, ok), (finding.Ok, finding.Parts.Single(p => p.Name == part).Ok));

        var page = Render<HealthMonitor>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".health-card")));
        Assert.Equal(HealthChecker.GetStatus(findings) == "healthy", page.Markup.Contains("Everything is in order", StringComparison.Ordinal));
        var card = page.FindAll(".health-card").Single(c => c.QuerySelector("h2")!.TextContent == finding.Title);
        Assert.Equal(ok ? "in order" : "fails", card.QuerySelector(".state")!.TextContent);
        Assert.Equal(finding.Message, card.QuerySelector(".health-words")!.TextContent);
        if (ok)
        {
            Assert.Empty(card.QuerySelectorAll(".health-parts"));
        }
        else
        {
            Assert.False(HealthChecker.GetStatus(findings) == "healthy");
            Assert.DoesNotContain("100 %", card.TextContent, StringComparison.Ordinal);
            Assert.Contains($"{part}:", card.QuerySelector(".health-parts")!.TextContent, StringComparison.Ordinal);
            Assert.Contains(why!, card.QuerySelector(".health-parts")!.TextContent, StringComparison.Ordinal);
        }

        return page;
    }

    private protected async Task<long> AddScannedSourceAsync()
    {
        Catalog.Write("A (2001).mkv");
        var id = (await Catalog.AddSourceAsync()).Id;
        await Catalog.ScanAsync(id);
        return id;
    }
}

/// <summary>Every state of a provider and a source, read at each place that shows it: no two places contradict each other.</summary>
public sealed class HealthConsistencyTests : HealthConsistencyTest
{
    private readonly ManualTime _time;

    public HealthConsistencyTests()
        : this(new ManualTime())
    {
    }

    private HealthConsistencyTests(ManualTime time)
        : base(time) => _time = time;

    [Theory]
    [InlineData("nobody asked", "not tried", true)]
    [InlineData("answers", "ok", true)]
    [InlineData("dead", "does not answer", false)]
    [InlineData("fails", "does not answer", false)]
    [InlineData("fails again and again", "left in peace", false)]
    [InlineData("hangs", "does not answer", false)]
    [InlineData("refuses", "wrong key", false)]
    [InlineData("refused long ago", "wrong key", false)]
    [InlineData("wants a pause", "asked for a pause", true)]
    [InlineData("back", "ok", true)]
    public async Task Provider_InEachState_IsTheSameEverywhere(string state, string word, bool ok)
    {
        await PutProviderInStateAsync(state);

        // The provider's card, and the sentence below it.
        var card = Render<ProvidersPage>();
        card.WaitForAssertion(() => Assert.Equal(word, card.FindAll(".provider .state")[0].TextContent));
        var providerStatus = Catalog.Services.GetRequiredService<ProviderAdministration>().List(Anna)[0].Status;
        Assert.Equal(!ok, card.FindAll(".provider")[0].TextContent.Contains("The last call failed", StringComparison.Ordinal));
        Assert.Equal(!ok, providerStatus.IsFailing);

        await AssertConsistentAsync("providers", "TMDB", ok, providerStatus.LastError);

        // Alerts have a delay: the failure is not reported before it, and is reported after it.
        var watch = Catalog.Services.GetRequiredService<HealthService>();
        Assert.Empty(watch.GetFailing(Anna));
        _time.Advance(TimeSpan.FromMinutes(10));
        await watch.RunChecksAsync(default);
        Assert.Equal(ok, watch.GetFailing(Anna).Count == 0);
        Assert.Equal(ok, !AttentionItem.From(watch.GetFailing(Anna)).Any(c => c.Title == "Providers"));
    }

    [Theory]
    [InlineData("never asked", "not asked yet", true)]
    [InlineData("connected", "connected", true)]
    [InlineData("one call failed", "connected", true)]
    [InlineData("cut", "interrupted", false)]
    [InlineData("being tried", "testing", false)]
    [InlineData("refused", "interrupted", false)]
    [InlineData("away for long", "offline", false)]
    [InlineData("back", "connected", true)]
    [InlineData("put away", "put away", true)]
    public async Task Source_InEachState_IsTheSameEverywhere(string state, string word, bool ok)
    {
        await PutSourceInStateAsync(state);

        var status = Assert.Single(await Catalog.Sources.StatusAsync(Anna, default));
        Assert.Equal(word, status.ToDisplay().Word);
        Assert.Equal(ok, !AttentionItem.From([status]).Any(c => c.Key.StartsWith("away:", StringComparison.Ordinal)));
        var history = (await Catalog.Services.GetRequiredService<SourceTimeline>().ReadAsync(Anna, status.Id, default)).Value;
        var card = Render<SourceCard>(p => p.Add(c => c.Source, status).Add(c => c.Periods, history.Periods));
        Assert.Equal(word, card.Find(".state").TextContent);
        if (!ok)
        {
            Assert.DoesNotContain("answered 100 %", card.Markup, StringComparison.Ordinal);
        }
        else if (state is "connected" or "one call failed")
        {
            Assert.Contains("answered 100 %", card.Markup, StringComparison.Ordinal);
        }

        var counted = Render<ConnectionStatus>();
        var count = state switch { "never asked" => "1 not asked yet", "put away" => "1 put away", _ => $"1 {word}" };
        counted.WaitForAssertion(() => Assert.Contains(count, counted.Find("a").GetAttribute("title"), StringComparison.Ordinal));

        var page = await AssertConsistentAsync("sources", "Films", ok, ok ? null : status.LastError);
        Assert.Equal(word, page.Find(".source-rows .state").TextContent);
        Assert.Equal(!ok, page.Markup.Contains("away for ", StringComparison.Ordinal));
    }

    private async Task PutProviderInStateAsync(string state)
    {
        var hung = new TaskCompletionSource();
        Server.Override = state switch
        {
            "dead" => http =>
            {
                http.Abort();
                return Task.CompletedTask;
            },
            "hangs" => http =>
            {
                hung.SetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
            },
            "fails" or "fails again and again" or "back" => RespondWith(500),
            "refuses" or "refused long ago" => RespondWith(401),
            "wants a pause" => http =>
            {
                (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "3600");
                return Task.CompletedTask;
            },
            _ => http => http.Response.WriteAsync("""{"results":[]}"""),
        };
        if (state == "nobody asked")
        {
            return;
        }

        for (var i = 0; i < (state == "fails again and again" ? 5 : 1); i++)
        {
            var call = CallProviderAsync();
            if (state == "hangs")
            {
                await hung.Task;
                _time.Advance(TimeSpan.FromSeconds(31));
            }

            await call;
        }

        if (state == "refused long ago")
        {
            _time.Advance(TimeSpan.FromMinutes(16));
        }

        if (state == "back")
        {
            Server.Override = http => http.Response.WriteAsync("""{"results":[]}""");
            await CallProviderAsync();
        }
    }

    private async Task CallProviderAsync()
    {
        try
        {
            await Catalog.Services.GetRequiredService<ProviderManager>().Find("tmdb")!.SearchAsync(ProviderHarness.CreateQuery(MediaKind.Film, Guid.NewGuid().ToString()), default);
        }
        catch (ProviderException)
        {
            // The result is read from the places that show it.
        }
    }

    private async Task PutSourceInStateAsync(string state)
    {
        if (state == "never asked")
        {
            await Catalog.AddSourceAsync();
            return;
        }

        var id = await AddScannedSourceAsync();
        if (state == "put away")
        {
            await Catalog.Sources.UpdateAsync(Anna, id, new SourceDraft { Mode = "mostlyOffline" }, default);
        }

        var circuit = Catalog.Services.GetRequiredService<CircuitRegistry>().Find(id)!;
        _time.Advance(TimeSpan.FromMinutes(3));
        switch (state)
        {
            case "connected":
                break;
            case "one call failed":
                Assert.True(circuit.TryEnter(out var call, out _));
                circuit.Exit(call, new SourceException(SourceErrorKind.TimedOut, "The cable is loose.") { IsSourceWide = true });
                break;
            case "refused":
                circuit.Trip(new SourceException(SourceErrorKind.Forbidden, "The key does not fit.") { IsSourceWide = true });
                break;
            default:
                circuit.Trip(new SourceException(SourceErrorKind.Unreachable, "The cable is out.") { IsSourceWide = true });
                break;
        }

        if (state is "being tried" or "away for long" or "back")
        {
            _time.Advance(state == "away for long" ? TimeSpan.FromMinutes(11) : TimeSpan.FromSeconds(6));
            Assert.True(circuit.TryBeginProbe());
        }

        if (state == "away for long")
        {
            circuit.ReportFailure(new CircuitCall(_time.GetTimestamp(), true), new SourceException(SourceErrorKind.Unreachable, "The cable is out.") { IsSourceWide = true });
        }
        else if (state == "back")
        {
            circuit.ReportSuccess(new CircuitCall(_time.GetTimestamp(), true));
        }

        if (state != "connected")
        {
            _time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    private static Func<HttpContext, Task> RespondWith(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}

/// <summary>A source that is really cut off and comes back.</summary>
public sealed class CutSourceConsistencyTests() : HealthConsistencyTest(TimeProvider.System)
{
    [Fact]
    public async Task Source_CutAndBack_IsTheSameEverywhereWhileItIsWatched()
    {
        var source = await AddScannedSourceAsync();
        await using var kept = await ReconnectingSource.StartAsync(Catalog);
        await AssertConsistentAsync("sources", "Films", ok: true, null);

        Directory.Move(Catalog.Root, Catalog.Root + ".away");
        await Catalog.ScanAsync(source, ScanKind.Quick);
        var away = await kept.WaitUntilAsync(s => s.State != "closed");
        await AssertConsistentAsync("sources", "Films", ok: false, away.LastError);

        Directory.Move(Catalog.Root + ".away", Catalog.Root);
        await kept.WaitUntilAsync(s => s.State == "closed");
        await AssertConsistentAsync("sources", "Films", ok: true, null);
    }
}

/// <summary>A Redis server that is killed and restarted.</summary>
[Trait("Category", "Server")]
public sealed class SharedCacheConsistencyTests : HealthConsistencyTest, IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time;
    private readonly RedisServer _redis;

    public SharedCacheConsistencyTests()
        : this(new ManualTime(), RedisServer.StartAsync().GetAwaiter().GetResult())
    {
    }

    private SharedCacheConsistencyTests(ManualTime time, RedisServer redis)
        : base(time, services => services.AddRedis().Configure<RedisOptions>(o => o.ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}"))) =>
        (_time, _redis) = (time, redis);

    ValueTask IAsyncDisposable.DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task SharedCache_KilledAndBack_IsTheSameEverywhere()
    {
        await AssertConsistentAsync("cache", "Redis", ok: true, null);

        await _redis.StopAsync();
        await AssertConsistentAsync("cache", "Redis", ok: false, "It cannot be reached.");

        await using var again = await RedisServer.StartOnPortAsync(_redis.Port);
        using var timeout = new CancellationTokenSource(WaitTimeout);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var checker = Catalog.Services.GetRequiredService<HealthChecker>();
        while (!(await checker.CheckAsync(timeout.Token)).Single(f => f.Name == "cache").Ok)
        {
            _time.Advance(TimeSpan.FromSeconds(31));        // the cache is not used for half a minute after each failure
            await pace.WaitForNextTickAsync(timeout.Token);
        }

        await AssertConsistentAsync("cache", "Redis", ok: true, null);
    }
}
