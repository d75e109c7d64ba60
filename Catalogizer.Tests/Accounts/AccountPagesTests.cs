using System.Net;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

public sealed class AccountPagesTests(AccountPagesTests.ServerFixture fixture) : IClassFixture<AccountPagesTests.ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    /// <summary>Unique per test, because all tests of the class share one server.</summary>
    private readonly string _anna = $"anna-{Guid.NewGuid():N}";

    [Fact]
    public async Task Page_NobodySignedIn_LeadsToSignInWithTheWayBack()
    {
        var response = await _server.CreateBrowser().GetAsync("/library?type=movie");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Flibrary%3Ftype%3Dmovie", response.Headers.Location!.PathAndQuery);
    }

    [Fact]
    public async Task SignIn_RightPassword_SetsTheCookieAndGoesBack()
    {
        await _server.AddUserAsync(_anna, Role.Viewer);
        var browser = _server.CreateBrowser();

        var response = await TestServer.SignInAsync(browser, _anna, page: "/sign-in?returnUrl=%2Flibrary%3Ftype%3Dmovie");

        Assert.Equal(new Uri(_server.Address, "/library?type=movie"), response.Headers.Location);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("catalogizer.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("expires=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Theory]
    [InlineData("https://example.org/")]
    [InlineData("//example.org")]
    [InlineData("/\\example.org")]
    [InlineData("javascript:alert(1)")]
    public async Task SignIn_ForeignReturnUrl_GoesHome(string returnUrl)
    {
        await _server.AddUserAsync(_anna, Role.Viewer);

        var response = await TestServer.SignInAsync(_server.CreateBrowser(), _anna, page: $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(_server.Address, response.Headers.Location);
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysSoAndKeepsTheName()
    {
        await _server.AddUserAsync(_anna, Role.Viewer);

        var response = await TestServer.SignInAsync(_server.CreateBrowser(), _anna, "not it at all");

        var html = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("The user name or the password is not right.", html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{_anna}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("not it at all", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_AfterFiveFailures_ShowsTheLock()
    {
        await _server.AddUserAsync(_anna, Role.Viewer);
        var browser = _server.CreateBrowser();
        for (var i = 0; i < 5; i++)
        {
            await TestServer.SignInAsync(browser, _anna, "not it at all");
        }

        var response = await TestServer.SignInAsync(browser, _anna);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("Too many wrong attempts", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in", "sign-in")]
    [InlineData("/setup", "setup")]
    public async Task Form_WithoutAntiforgeryToken_IsRefused(string page, string handler)
    {
        var response = await _server.CreateBrowser().PostAsync(page, new FormUrlEncodedContent([
            new("_handler", handler),
            new("Form.Token", _server.FirstRun.Token),
            new("Form.Username", "mallory"),
            new("Form.Password", AccountsFixture.GoodPassword),
            new("Form.Repeat", AccountsFixture.GoodPassword)]));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(await _server.FirstRun.IsOpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task SignOut_WithoutAntiforgeryToken_IsRefused()
    {
        var browser = await CreateSignedInClientAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task SignOut_Cookie_IsWorthlessToWhoeverCopiedIt()
    {
        var browser = await CreateSignedInClientAsync();
        var token = ReadHiddenField(await (await browser.GetAsync("/denied")).Content.ReadAsStringAsync(), "__RequestVerificationToken");
        var copy = _server.CreateBrowser();
        copy.DefaultRequestHeaders.Add("Cookie", _cookie);
        Assert.Equal(HttpStatusCode.OK, (await copy.GetAsync("/api/v1/auth/me")).StatusCode);

        var response = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));

        Assert.Equal("/sign-in", response.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await copy.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?token=")]
    [InlineData("/setup?token=wrong")]
    public async Task SetUp_WrongLink_ShowsNoForm(string link)
    {
        var response = await _server.CreateBrowser().GetAsync(link);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("<form", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_EveryAnswer_CarryThePolicy()
    {
        foreach (var address in new[] { "/sign-in", "/nowhere", "/api/v1/auth/me", "/_framework/blazor.web.js" })
        {
            var response = await _server.CreateBrowser().GetAsync(address);

            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'self'; script-src 'self'", policy, StringComparison.Ordinal);
            Assert.Contains("object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
            Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["same-origin"], response.Headers.GetValues("Referrer-Policy"));
            Assert.True(response.Headers.Contains("Permissions-Policy"));
        }
    }

    [Fact]
    public async Task Headers_InlineScripts_AllCarryTheNonceOfTheirAnswer()
    {
        var response = await _server.CreateBrowser().GetAsync("/sign-in");

        var html = await response.Content.ReadAsStringAsync();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var script in html.Split("<script").Skip(1).Select(rest => rest[..rest.IndexOf('>', StringComparison.Ordinal)]).Where(tag => !tag.Contains("src=", StringComparison.Ordinal)))
        {
            Assert.Contains($"'nonce-{WebUtility.HtmlDecode(ReadAttribute(script, "nonce=\""))}'", policy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://127.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("own", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Hub_Origin_MustBeOurs(string? origin, HttpStatusCode expected)
    {
        var browser = await CreateSignedInClientAsync();

        Assert.Equal(expected, (await browser.SendAsync(CreateRequest(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", origin))).StatusCode);
    }

    [Fact]
    public async Task Hub_WebSocketFromAnotherSite_IsRefused()
    {
        var browser = await CreateSignedInClientAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(CreateRequest(HttpMethod.Get, "/_blazor?id=x", "http://evil.example"))).StatusCode);
    }

    [Fact]
    public async Task Hub_NobodySignedIn_OpensNoCircuit() =>
        Assert.Equal(HttpStatusCode.Redirect, (await _server.CreateBrowser().PostAsync("/_blazor/negotiate?negotiateVersion=1", null)).StatusCode);

    [Fact]
    public async Task Form_FromAnotherSite_IsRefused() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.CreateBrowser().SendAsync(CreateRequest(HttpMethod.Post, "/sign-in", "http://evil.example"))).StatusCode);

    private string _cookie = "";

    private async Task<HttpClient> CreateSignedInClientAsync()
    {
        await _server.AddUserAsync(_anna, Role.Viewer);
        var browser = _server.CreateBrowser();
        var response = await TestServer.SignInAsync(browser, _anna);
        _cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("catalogizer.session=", StringComparison.Ordinal)).Split(';')[0];
        return browser;
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, string address, string? origin)
    {
        var request = new HttpRequestMessage(method, address);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? _server.Address.GetLeftPart(UriPartial.Authority) : origin);
        }

        return request;
    }

    private static string ReadHiddenField(string html, string name) => ReadAttribute(html[html.IndexOf($"name=\"{name}\"", StringComparison.Ordinal)..], "value=\"");

    private static string ReadAttribute(string text, string before)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[start..text.IndexOf('"', start)];
    }

    /// <summary>A server without an administrator, so that setup is still open.</summary>
    public sealed class ServerFixture : IAsyncLifetime
    {
        internal TestServer Server { get; } = new() { Settings = ["--Catalogizer:SignIn:AttemptsPerMinute=1000"] };

        public Task InitializeAsync() => Server.StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
