using System.Net;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

/// <summary>Creating the first account with the printed link. Each test has a server that is not set up yet.</summary>
public sealed class SetupPageTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task SetUp_RightLink_MakesTheAdminAndSignsIn()
    {
        var browser = _server.CreateBrowser();

        var response = await _server.SetupAsync(browser, "anna");

        Assert.Equal(_server.Address, response.Headers.Location);
        var me = await TestServer.ReadJsonAsync(await browser.GetAsync("/api/v1/auth/me"));
        Assert.Equal(("anna", "admin"), (me.GetProperty("username").GetString(), me.GetProperty("role").GetString()));
        Assert.NotNull(Assert.Single(await _server.Users.ListAsync(Actor.System, CancellationToken.None)).LastSignInAt);
    }

    [Fact]
    public async Task SetUp_SentSideBySide_MakesOneAdmin()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => _server.SetupAsync(_server.CreateBrowser(), $"anna{n}")));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Redirect);
        Assert.Single(await _server.Users.ListAsync(Actor.System, CancellationToken.None));
    }

    [Fact]
    public async Task SetUp_OnceOver_ShowsNoFormEvenWithTheToken()
    {
        await _server.SetupAsync(_server.CreateBrowser(), "anna");

        var html = await _server.CreateBrowser().GetStringAsync($"/setup?token={_server.FirstRun.Token}");

        Assert.Contains("Set-up is over", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);
    }
}
