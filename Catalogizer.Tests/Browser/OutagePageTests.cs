using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Http;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>All external services fail and recover while pages are open in a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class OutagePageTests : IAsyncLifetime
{
    private TestProvider _tmdb = null!;
    private RedisServer _redis = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        (_tmdb, _redis) = (await TestProvider.StartAsync(), await RedisServer.StartAsync());
        _server = new TestServer
        {
            Settings =
            [
                "--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning",
                $"--Catalogizer:Metadata:Tmdb:BaseAddress={_tmdb.Address}", "--Catalogizer:Metadata:Tmdb:ApiKey=a.b.c", $"--Catalogizer:Redis:ConnectionString=127.0.0.1:{_redis.Port}",
            ],
        };
        await _server.StartAsync();
        _server.Write("films/Dune (1984).mkv");
        await SeededServer.ScanAsync(_server, "Films", _server.PathOf("films"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _redis.DisposeAsync();
        await _tmdb.DisposeAsync();
    }

    [Fact]
    public async Task Health_EverythingOutsideDeadAndBack_IsSaidWithoutAReload()
    {
        await using var visitor = await Chromium.VisitAsync(_server.Address, "anna", AccountsFixture.GoodPassword);
        var page = visitor.Page;
        await visitor.NavigateAsync("/admin/health");
        await Expect(page.GetByText("Everything is in order", new() { Exact = true })).ToBeVisibleAsync();

        _tmdb.Override = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await _redis.StopAsync();
        Directory.Move(_server.PathOf("films"), _server.PathOf("away"));
        await _server.Get<ProviderAdministration>().TestAsync(Actor.System, "tmdb", default);
        await _server.Get<ScanService>().StartAsync(Actor.System, 1, ScanKind.Quick, default);

        await Expect(page.GetByText("It works, but not everything is in order")).ToBeVisibleAsync();
        await Expect(page.Locator(".health-parts li").Filter(new() { HasText = "Films: away for" })).ToContainTextAsync("Asked again");
        await Expect(page.Locator(".health-parts li").Filter(new() { HasText = "TMDB:" })).ToContainTextAsync("TMDB answered with 500.");
        await Expect(page.Locator(".health-parts li").Filter(new() { HasText = "Redis:" })).ToContainTextAsync("It cannot be reached.");
        await Expect(page.GetByText("Everything is in order", new() { Exact = true })).ToHaveCountAsync(0);
        await visitor.AssertUsableAsync("health-trouble");
        await visitor.NavigateAsync("/admin/providers");
        await Expect(page.Locator(".provider .state").First).ToHaveTextAsync("does not answer");
        await visitor.AssertUsableAsync("providers-trouble");
        await visitor.NavigateAsync("/sources");
        await Expect(page.Locator(".source-trouble")).ToContainTextAsync("Away for");
        await visitor.AssertUsableAsync("sources-trouble");

        await visitor.NavigateAsync("/admin/health");
        _tmdb.Override = http => http.Response.WriteAsync("{}");
        Directory.Move(_server.PathOf("away"), _server.PathOf("films"));
        Assert.Null(await _server.Get<ProviderAdministration>().TestAsync(Actor.System, "tmdb", default));

        await Expect(page.Locator(".health-parts li").Filter(new() { HasText = "Films:" })).ToHaveCountAsync(0);
        await Expect(page.Locator(".health-parts li").Filter(new() { HasText = "TMDB:" })).ToHaveCountAsync(0);
    }
}
