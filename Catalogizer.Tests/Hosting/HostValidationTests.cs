using System.Net;
using System.Net.Http.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Hosting;

/// <summary>Which host names the program accepts, and what its responses tell browsers.</summary>
[Trait("Category", "Server")]
public sealed class HostValidationTests : IAsyncDisposable
{
    private TestServer? _server;

    public static TheoryData<string, bool> Hosts => new()
    {
        { "localhost", true },
        { "127.0.0.1:8080", true },
        { "[::1]", true },
        { Dns.GetHostName(), true },
        { "evil.example", false },
        { "localhost.evil.example", false },
        { "127.0.0.1.evil.example", false },
        { "192.0.2.7", false },
        { "media.example.org:444", false },
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Host_WithoutAnAddressOfItsOwn_IsThisMachinesOrRefused(string host, bool taken)
    {
        var client = await StartAsync();
        foreach (var path in (string[])["/sign-in", "/health/live", "/api/v1/auth/me", "/library", "/not-there"])
        {
            using var response = await SendAsync(client, path, host);
            Assert.Equal(!taken, response.StatusCode == HttpStatusCode.MisdirectedRequest);
            if (!taken)
            {
                Assert.Contains("Catalogizer:PublicUrl", (await TestServer.ReadJsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
                Assert.DoesNotContain(response.Headers, header => header.Key is "Location" or "Set-Cookie");
            }
        }
    }

    [Theory]
    [InlineData("media.example.org", true)]
    [InlineData("MEDIA.example.org:443", true)]
    [InlineData("localhost", true)]
    [InlineData("media.example.org:8443", false)]
    [InlineData("example.org", false)]
    [InlineData("evil.example", false)]
    public async Task Host_WithAnAddressOfItsOwn_IsThatOrThisMachine(string host, bool taken)
    {
        var client = await StartAsync("--Catalogizer:PublicUrl=https://media.example.org", "--Catalogizer:Proxy:Trusted:0=127.0.0.1");

        using var response = await SendAsync(client, "/sign-in", host, https: true);

        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Fact]
    public async Task Link_WithAnAddressOfItsOwn_BeginsWithIt()
    {
        var client = await StartAsync("--Catalogizer:PublicUrl=https://media.example.org/films/");
        await _server!.AddUserAsync("vera", Role.Viewer);
        var vera = (await _server.Users.ListAsync(Actor.System, default)).Single(u => u.Username == "vera").Id;
        var admin = await _server.CreateApiClientAsync("root");

        var link = (await TestServer.ReadJsonAsync(await admin.PostAsJsonAsync($"/api/v1/users/{vera}/link", new { }))).GetProperty("link").GetString();

        Assert.StartsWith("https://media.example.org/films/choose-password?token=", link, StringComparison.Ordinal);
        Assert.NotNull(client);
    }

    [Theory]
    [InlineData("media.example.org")]
    [InlineData("ftp://media.example.org")]
    [InlineData("https://user@media.example.org")]
    [InlineData("https://media.example.org/?a=b")]
    public async Task PublicUrl_NoAddress_StopsTheStart(string url) =>
        Assert.Contains("Catalogizer:PublicUrl", (await Assert.ThrowsAsync<StartupException>(() => StartAsync($"--Catalogizer:PublicUrl={url}"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Proxy_ThatIsTrusted_NamesTheHost()
    {
        var client = await StartAsync("--Catalogizer:Proxy:Trusted:0=127.0.0.1");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, "/sign-in", "127.0.0.1", ("X-Forwarded-Host", "media.example.org"))).StatusCode);

        await _server!.StopAsync();
        client = await StartAsync("--Catalogizer:Proxy:Trusted:0=192.0.2.1");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await SendAsync(client, "/sign-in", "media.example.org", ("X-Forwarded-Host", "localhost"), ("X-Original-Host", "localhost"))).StatusCode);
    }

    [Fact]
    public async Task Cookies_OverHttpsAtTheRoot_BearThePrefixAndBothNamesEnd()
    {
        var client = await StartAsync("--Catalogizer:Proxy:Trusted:0=127.0.0.1");
        var signedIn = await SignInAsync(client, https: true);

        var set = signedIn.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, set.Count(c => c.StartsWith("__Host-catalogizer.", StringComparison.Ordinal) && c.Contains("; path=/;", StringComparison.Ordinal) && c.Contains("; secure", StringComparison.Ordinal) && !c.Contains("domain", StringComparison.Ordinal)));
        Assert.DoesNotContain(set, c => c.StartsWith("catalogizer.", StringComparison.Ordinal));
        var session = set.Single(c => c.StartsWith("__Host-catalogizer.session=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(client, "/api/v1/auth/me", "localhost", ("Cookie", session), ("X-Forwarded-Proto", "https"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(client, "/api/v1/auth/me", "localhost", ("Cookie", session["__Host-".Length..]), ("X-Forwarded-Proto", "https"))).StatusCode);

        using var page = await SendAsync(client, "/account", "localhost", ("Cookie", session), ("X-Forwarded-Proto", "https"));
        var guard = page.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-catalogizer.antiforgery=", StringComparison.Ordinal)).Split(';')[0];
        var token = TestServer.ReadHiddenFields(await page.Content.ReadAsStringAsync()).First(field => field.Key == "__RequestVerificationToken").Value;
        using var ended = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/sign-out")
        {
            Headers = { { "Cookie", $"{session}; {guard}" }, { "X-Forwarded-Proto", "https" } },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]),
        });
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.Equal(["__Host-catalogizer.session=", "catalogizer.session="], ended.Headers.GetValues("Set-Cookie").Where(c => c.Contains("session=", StringComparison.Ordinal)).Select(c => c.Split(';')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "/films")]
    public async Task Cookies_OverHttpOrBelowAPath_BearThePlainName(bool https, string below)
    {
        var client = await StartAsync("--Catalogizer:Proxy:Trusted:0=127.0.0.1");

        var set = (await SignInAsync(client, https, below)).Headers.GetValues("Set-Cookie").ToList();

        Assert.All(set, cookie => Assert.StartsWith("catalogizer.", cookie, StringComparison.Ordinal));
        Assert.All(set, cookie => Assert.Equal(https, cookie.Contains("; secure", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/sign-in", false, null)]
    [InlineData("/sign-in", true, null)]
    [InlineData("/api/v1/auth/me", false, "no-store")]
    [InlineData("/api/v1/media", true, "no-store")]
    [InlineData("/health", false, "no-store")]
    [InlineData("/metrics", false, "no-store")]
    [InlineData("/not-there", true, null)]
    public async Task Headers_OfEveryKindOfAnswer_TellBrowsersWhatTheyMayNot(string path, bool https, string? cache)
    {
        var client = await StartAsync("--Catalogizer:Proxy:Trusted:0=127.0.0.1");
        var admin = await _server!.CreateApiClientAsync("root");
        using var response = await SendAsync(client, path, "localhost", ("Authorization", admin.DefaultRequestHeaders.Authorization!.ToString()), ("X-Forwarded-Proto", https ? "https" : "http"));

        string? ReadHeader(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
        Assert.Equal(https ? "max-age=31536000" : null, ReadHeader("Strict-Transport-Security"));
        Assert.Equal(("nosniff", "DENY", "same-origin", "same-origin", "same-origin"), (ReadHeader("X-Content-Type-Options"), ReadHeader("X-Frame-Options"), ReadHeader("Referrer-Policy"), ReadHeader("Cross-Origin-Opener-Policy"), ReadHeader("Cross-Origin-Resource-Policy")));
        Assert.NotNull(ReadHeader("Content-Security-Policy"));
        Assert.Null(ReadHeader("Server"));
        if (cache is not null)
        {
            Assert.Contains(cache, ReadHeader("Cache-Control"), StringComparison.Ordinal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<HttpClient> StartAsync(params string[] settings)
    {
        _server = new TestServer { Settings = ["--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning", .. settings] };
        await _server.StartAsync();
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _server.Address };
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient client, bool https, string below = "")
    {
        (string, string)[] headers = [("X-Forwarded-Proto", https ? "https" : "http"), .. below.Length > 0 ? [("X-Forwarded-Prefix", below)] : Array.Empty<(string, string)>()];
        using var page = await SendAsync(client, "/sign-in", "localhost", headers);
        var form = TestServer.ReadHiddenFields(await page.Content.ReadAsStringAsync());
        var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([.. form, KeyValuePair.Create("Form.Username", "root"), KeyValuePair.Create("Form.Password", AccountsFixture.GoodPassword)]),
        };
        request.Headers.Add("Cookie", string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0])));
        Array.ForEach(headers, header => request.Headers.Add(header.Item1, header.Item2));
        var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string host, bool https) =>
        SendAsync(client, path, host, https ? [("X-Forwarded-Proto", "https")] : []);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string host, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value));
        return client.SendAsync(request);
    }
}
