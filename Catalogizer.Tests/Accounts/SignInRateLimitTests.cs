using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

/// <summary>Rate limits and logs across all ways to sign in. Each test has a server with the default limits that logs as much as it can.</summary>
public sealed class SignInRateLimitTests : IAsyncLifetime
{
    private readonly TestServer _server = new()
    {
        Settings =
        [
            "--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}",
            "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace",
        ],
    };

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Doors_TenAttemptsOverAllOfThem_CloseTogether()
    {
        var client = _server.CreateBrowser();
        for (var i = 0; i < 4; i++)
        {
            await TestServer.LogInAsync(client, $"nobody{i}", "wrong password");
            await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = "made up" });
        }

        await TestServer.SignInAsync(client, "nobody9", "wrong password");
        Assert.Equal(HttpStatusCode.Unauthorized, (await TestServer.SignInAsync(client, "nobody10", "wrong password")).StatusCode);

        var login = await TestServer.LogInAsync(client, "root");
        var refresh = await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = "made up" });
        var form = await TestServer.SignInAsync(client, "root");

        Assert.All([login, refresh, form], response => Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode));
        Assert.All([login, refresh, form], response => Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60));
        Assert.Equal("application/problem+json", login.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Too many attempts", (await TestServer.ReadJsonAsync(login)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_AtTheirMostTalkative_HoldNoSecret()
    {
        await _server.AddUserAsync("anna", Role.Viewer);
        var client = _server.CreateBrowser();
        var tokens = await TestServer.ReadJsonAsync(await TestServer.LogInAsync(client, "anna"));
        var (access, refresh) = (tokens.GetProperty("accessToken").GetString()!, tokens.GetProperty("refreshToken").GetString()!);
        await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = refresh });
        await TestServer.LogInAsync(client, "anna", "a wrong secret");
        await TestServer.SignInAsync(client, "anna");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        await client.GetAsync("/api/v1/auth/me");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access + "x");
        await client.GetAsync("/api/v1/auth/me");

        Assert.Contains(_server.LogMessages, line => line.Contains("/api/v1/auth/me", StringComparison.Ordinal));
        foreach (var secret in new[] { AccountsFixture.GoodPassword, "a wrong secret", access.Split('.')[2], refresh, _server.FirstRun.Token })
        {
            Assert.DoesNotContain(_server.LogMessages, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }
}
