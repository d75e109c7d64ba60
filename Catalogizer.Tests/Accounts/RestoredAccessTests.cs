using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

/// <summary>A restored backup brings back accounts, but nothing that opens one without its password.</summary>
[Trait("Category", "Server")]
public sealed class RestoredAccessTests : IAsyncDisposable
{
    private readonly TestServer _originalServer = new();
    private readonly TemporaryFolder _home = new();

    [Fact]
    public async Task Restore_WhatOpenedAccountsBefore_OpensNothing()
    {
        await _originalServer.StartAsync();
        await _originalServer.AddUserAsync("anna", Role.Admin);
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = _originalServer.Address };
        await TestServer.SignInAsync(browser, "anna");
        var tokens = await TestServer.ReadJsonAsync(await TestServer.LogInAsync(_originalServer.CreateBrowser(), "anna"));
        var anna = (await _originalServer.Users.ListAsync(Actor.System, default)).Single();
        var key = (await _originalServer.Get<ApiKeys>().AddAsync(new Actor(anna.Id, "anna", Permission.All) { Session = "of a browser" }, "script", [Permission.MediaView], null, default)).Value;
        var link = (await _originalServer.Get<PasswordLinks>().CreateAsync(Actor.System, anna.Id, default)).Value;
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.True((await _originalServer.Get<CatalogBackup>().WriteAsync(_home.PathOf("backup"), default)).IsOk);
        await _originalServer.StopAsync();

        using (var data = DataDirectory.Open(new StorageOptions { DataDirectory = _originalServer.PathOf("data") }, _home.Path))
        {
            data.AcquireLock();
            Assert.True((await CatalogBackup.RestoreAsync(data, TestCatalog.Key, _home.PathOf("backup"), default)).IsOk);
        }

        await using var after = new TestServer { DataTemplate = _originalServer.PathOf("data") };
        await after.StartAsync();
        using var sameBrowser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = after.Address };
        sameBrowser.DefaultRequestHeaders.Add("Cookie", cookies.GetCookieHeader(_originalServer.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, (await sameBrowser.GetAsync("/api/v1/auth/me")).StatusCode);
        foreach (var bearer in (string[])[tokens.GetProperty("accessToken").GetString()!, key])
        {
            var script = after.CreateBrowser();
            script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/api/v1/auth/me")).StatusCode);
        }

        var refreshed = await after.CreateBrowser().PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
        Assert.IsType<PasswordLinkExpired>((await after.Get<PasswordLinks>().RedeemAsync(link, "a longer one of mine", null, default)).Error);
        Assert.Equal(HttpStatusCode.OK, (await TestServer.LogInAsync(after.CreateBrowser(), "anna")).StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _originalServer.DisposeAsync();
        _home.Dispose();
    }
}
