using System.Net;
using Catalogizer.Domain.Accounts;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

/// <summary>The first account by the printed link: each on a server that nobody has set up.</summary>
public sealed class SetUpPageTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task SetUp_RightLink_MakesTheAdminAndSignsIn()
    {
        var browser = _server.Browser();

        var answer = await _server.SetUpAsync(browser, "anna");

        Assert.Equal(_server.Address, answer.Headers.Location);
        var me = await TestServer.JsonAsync(await browser.GetAsync("/api/v1/auth/me"));
        Assert.Equal(("anna", "admin"), (me.GetProperty("username").GetString(), me.GetProperty("role").GetString()));
        Assert.NotNull(Assert.Single(await _server.Users.ListAsync(Actor.System, CancellationToken.None)).LastSignInAt);
    }

    [Fact]
    public async Task SetUp_SentSideBySide_MakesOneAdmin()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => _server.SetUpAsync(_server.Browser(), $"anna{n}")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
        Assert.Single(await _server.Users.ListAsync(Actor.System, CancellationToken.None));
    }

    [Fact]
    public async Task SetUp_OnceOver_ShowsNoFormEvenWithTheToken()
    {
        await _server.SetUpAsync(_server.Browser(), "anna");

        var html = await _server.Browser().GetStringAsync($"/setup?token={_server.FirstRun.Token}");

        Assert.Contains("Set-up is over", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);
    }
}
