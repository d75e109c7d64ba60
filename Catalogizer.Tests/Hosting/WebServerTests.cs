using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Api;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Hosting;

/// <summary>Responses that do not depend on the endpoint: methods, files, headers, unknown fields, and errors.</summary>
[Trait("Category", "Server")]
public sealed class WebServerTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string ForeignOrigin = "https://evil.example";

    /// <summary>An address of each kind.</summary>
    private static readonly string[] SampleAddresses = ["/", "/library", "/sign-in", "/api/v1/media", "/api/v1/auth/login", "/health/live", "/metrics", "/openapi/v1.json", "/_blazor", "/assets/js/shell.js", "/not-there"];

    [Fact]
    public async Task Trace_AnyAddress_IsRefusedAndSendsNothingBack()
    {
        var browser = await api.SignInBrowserAsync("root");
        foreach (var client in (HttpClient[])[api.Anonymous, api.Admin, browser])
        {
            foreach (var address in SampleAddresses)
            {
                using var request = new HttpRequestMessage(HttpMethod.Trace, address) { Headers = { { "X-Told", "what a proxy added" } } };
                using var response = await client.SendAsync(request);

                Assert.False(response.IsSuccessStatusCode, $"{address}: {(int)response.StatusCode}");
                Assert.DoesNotContain("what a proxy added", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/.git/HEAD")]
    [InlineData("/.git/config")]
    [InlineData("/.gitignore")]
    [InlineData("/.svn/entries")]
    [InlineData("/.env")]
    [InlineData("/appsettings.json")]
    [InlineData("/data/catalogizer.key")]
    [InlineData("/catalogizer.key")]
    [InlineData("/Catalogizer.Web.dll")]
    [InlineData("/Catalogizer.Web.deps.json")]
    [InlineData("/assets")]
    [InlineData("/assets/")]
    [InlineData("/assets/css/")]
    [InlineData("/_content/")]
    [InlineData("/_framework/")]
    public async Task Folders_AndFilesThatAreNoPartOfPages_AreNotServed(string address)
    {
        using var response = await (await api.SignInBrowserAsync("root")).GetAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task OtherSites_AreLetIntoNoAnswer()
    {
        var allowed = new List<string>();
        foreach (var (method, pattern) in Routes.Api(api.Server).Where(route => route.Pattern != "api/v1/events"))
        {
            foreach (var asked in (HttpMethod[])[HttpMethod.Options, new HttpMethod(method)])
            {
                using var request = new HttpRequestMessage(asked, CreateAddress(pattern)) { Headers = { { "Origin", ForeignOrigin }, { "Access-Control-Request-Method", method }, { "Access-Control-Request-Headers", "authorization" } } };
                using var response = await api.Anonymous.SendAsync(request);
                allowed.AddRange(response.Headers.Where(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)).Select(header => $"{asked} {pattern}: {header.Key}"));
            }
        }

        Assert.Equal([], allowed);
    }

    [Fact]
    public async Task Answers_WithABody_NameTheirTypeAndTextsTheirCharacters()
    {
        var browser = await api.SignInBrowserAsync("root");
        var addresses = SampleAddresses.Concat(["/denied", "/api/v1/audit/export", "/api/v1/errors/export", "/api/v1/metrics/export", "/api/v1/duplicates/export", "/api/v1/analytics/tables/types", "/account"])
            .Concat(Routes.Files(api.Server).Select(file => "/" + file));
        var errors = new List<string>();
        foreach (var address in addresses)
        {
            using var response = await browser.GetAsync(address);
            if (response.StatusCode is HttpStatusCode.Redirect)
            {
                continue;
            }

            var body = await response.Content.ReadAsByteArrayAsync();
            var type = response.Content.Headers.ContentType;
            var isText = type?.MediaType is { } media && (media.StartsWith("text/", StringComparison.Ordinal) || media.EndsWith("+xml", StringComparison.Ordinal));
            if (body.Length > 0 && (type is null || (isText && type.CharSet != "utf-8") || (type.MediaType is "text/html" && !Encoding.UTF8.GetString(body).Contains("<html", StringComparison.Ordinal))))
            {
                errors.Add($"{address}: {type}");
            }
        }

        Assert.Equal([], errors);
    }

    [Fact]
    public async Task Pages_OfSomebodySignedIn_AreKeptByNoBrowser()
    {
        var browser = await api.SignInBrowserAsync("root");
        var pages = Routes.Pages(api.Server).Where(page => page.Method == "GET" && !page.Pattern.Contains('{', StringComparison.Ordinal)).ToList();
        var shown = 0;
        foreach (var (_, pattern) in pages)
        {
            using var response = await browser.GetAsync("/" + pattern);
            if (response.Content.Headers.ContentType?.MediaType == "text/html")
            {
                shown++;
                Assert.True(response.Headers.CacheControl is { NoStore: true }, $"/{pattern}: {response.Headers.CacheControl}");
            }
        }

        Assert.True(shown > 12, $"{shown}");
    }

    [Fact]
    public async Task Gets_All_LeaveEverythingAsItWas()
    {
        var browser = await api.SignInBrowserAsync("root");
        var before = await ReadStateAsync();
        foreach (var pattern in Routes.Api(api.Server).Concat(Routes.Pages(api.Server)).Where(route => route.Method is "GET" or "HEAD" && route.Pattern != "api/v1/events").Select(route => route.Pattern))
        {
            foreach (var client in (HttpClient[])[api.Admin, browser])
            {
                using var response = await client.GetAsync(CreateAddress(pattern), HttpCompletionOption.ResponseHeadersRead);
            }
        }

        Assert.Equal(before, await ReadStateAsync());
    }

    [Fact]
    public async Task Fields_ThatAreNotAskedFor_AreRefusedAndChangeNothing()
    {
        var name = $"carla{Guid.NewGuid():N}";
        foreach (var (field, body) in new Dictionary<string, object>
        {
            ["id"] = new { username = name, password = AccountsFixture.GoodPassword, role = "viewer", id = 1 },
            ["permissions"] = new { username = name, password = AccountsFixture.GoodPassword, role = "viewer", permissions = Permission.All },
            ["passwordHash"] = new { username = name, password = AccountsFixture.GoodPassword, role = "viewer", passwordHash = "x" },
            ["securityStamp"] = new { username = name, password = AccountsFixture.GoodPassword, role = "viewer", securityStamp = "x" },
        })
        {
            var problem = await ApiServer.AssertProblemAsync(await api.Admin.PostAsJsonAsync("/api/v1/users", body), 400);
            Assert.NotEmpty(problem.GetProperty("errors").GetProperty(field).EnumerateArray());
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await TestServer.LogInAsync(api.Server.CreateBrowser(), name)).StatusCode);

        var source = await api.AddSourceAsync("asked", "Asked For (2001).mkv");
        await api.ScanAsync(source);
        var film = await api.FindItemAsync("Asked For");
        await ApiServer.AssertProblemAsync(
            await api.Admin.PutAsJsonAsync($"/api/v1/media/{film.GetProperty("id")}", new { description = "Mine.", id = 99, presence = "retired", versionCount = 7, type = "music", poster = ForeignOrigin }), 400);
        Assert.Equal(film.GetRawText(), (await api.FindItemAsync("Asked For")).GetRawText());

        await ApiServer.AssertProblemAsync(await api.Admin.PutAsJsonAsync($"/api/v1/sources/{source}", new { name = "Asked again", id = 99, retiredAt = "2000-01-01T00:00:00.000Z", state = "offline" }), 400);
        Assert.Equal("asked", (await ApiServer.AssertOkAsync(await api.Admin.GetAsync($"/api/v1/sources/{source}"))).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("token")]
    [InlineData("api_key")]
    [InlineData("apikey")]
    [InlineData("Authorization")]
    public async Task Tokens_InTheAddress_AreNotTaken(string name)
    {
        var token = api.Admin.DefaultRequestHeaders.Authorization!.Parameter;

        await ApiServer.AssertProblemAsync(await api.Anonymous.GetAsync($"/api/v1/auth/me?{name}={token}"), 401);
        await ApiServer.AssertProblemAsync(await api.Anonymous.GetAsync($"/api/v1/auth/me?{name}=Bearer%20{token}"), 401);
    }

    [Fact]
    public async Task Parameter_SaidTwice_IsTheFirst()
    {
        await api.ScanAsync(await api.AddSourceAsync("twice", "One (2001).mkv", "Two (2002).mkv"));

        Assert.Single((await api.GetAsync("media?limit=1&limit=200")).GetProperty("items").EnumerateArray());
        await ApiServer.AssertInvalidAsync(await api.Admin.GetAsync("/api/v1/media?limit=0&limit=200"), "limit");
    }

    [Fact]
    public async Task Download_HostileName_StaysInItsHeader()
    {
        var source = await api.AddSourceAsync("names", "we\"ird; name\r\nX-Evil: 1\r\n\r\n<script>.html");
        await api.ScanAsync(source);
        var item = Assert.Single(await api.ListItemsAsync($"limit=200&source={source}"));
        var version = (await api.GetAsync($"media/{item.GetProperty("id")}/versions"))[0].GetProperty("id");

        using var response = await api.Viewer.GetAsync($"/api/v1/versions/{version}/stream");

        Assert.Equal((HttpStatusCode.OK, "attachment"), (response.StatusCode, response.Content.Headers.ContentDisposition?.DispositionType));
        Assert.NotEmpty(response.Content.Headers.ContentDisposition!.FileNameStar!);
        Assert.DoesNotContain(response.Headers.Concat(response.Content.Headers), header => header.Key.Contains("Evil", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain('\n', response.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Contains("X-Evil: 1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);    // the file's content is its own name
    }

    /// <summary>A vector drawing may contain a script, which runs when a browser opens the drawing on its own.</summary>
    [Fact]
    public async Task Download_VectorDrawing_IsShownByNoBrowser()
    {
        var source = await api.AddSourceAsync("drawings", "IMG_20010203_040506.svg");
        await api.ScanAsync(source);
        var item = Assert.Single(await api.ListItemsAsync($"limit=200&source={source}"));
        var version = (await api.GetAsync($"media/{item.GetProperty("id")}/versions"))[0].GetProperty("id");

        using var response = await api.Viewer.GetAsync($"/api/v1/versions/{version}/stream");

        Assert.Equal(("application/octet-stream", "attachment"), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.DispositionType));
    }

    /// <summary>When two parties disagree about where a request ends, a second request can be hidden in the first.</summary>
    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "400", "\"username\"")]
    [InlineData("Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}", "400", null)]
    [InlineData("Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}", "400", null)]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "400", null)]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "400", null)]
    [InlineData("Content-Length: -2\r\n\r\n{}", "400", null)]
    [InlineData("Content-Length : 2\r\n\r\n{}", "400", null)]
    public async Task Request_WhoseEndIsUnclear_IsReadByTheStandardOrRefused(string rest, string status, string? says)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Server.Address.Host, api.Server.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/v1/auth/login HTTP/1.1\r\nHost: {api.Server.Address.Authority}\r\nContent-Type: application/json\r\nConnection: close\r\n{rest}"));
        using var reader = new StreamReader(stream, Encoding.UTF8);

        var response = await reader.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(response, "HTTP/1\\.1 "));
        if (says is not null)
        {
            Assert.Contains(says, response, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refusal_OfWhatIsNotAllowed_IsLoggedWithWhoAndWhat()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await api.Viewer.GetAsync("/api/v1/audit?user=root")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await (await api.SignInBrowserAsync("edda")).GetAsync("/admin/users")).StatusCode);

        Assert.Contains(api.Server.LogMessages, line => Regex.IsMatch(line, @"^vera \(account \d+, from 127\.0\.0\.1\) lacks the permission for GET /api/v1/audit$"));
        Assert.Contains(api.Server.LogMessages, line => Regex.IsMatch(line, @"^edda \(account \d+, from 127\.0\.0\.1\) lacks the permission for GET /admin/users$"));
    }

    /// <summary>Every session starts from a browser without one, so that none carries over from one user, or one sign-in, to the next.</summary>
    [Fact]
    public async Task SignIn_WhileSignedIn_OpensNoSecondSession()
    {
        await api.Server.AddUserAsync("ida", Role.Viewer);
        var browser = api.Server.CreateBrowser();
        var form = TestServer.ReadHiddenFields(await browser.GetStringAsync("/sign-in")).ToList();
        Assert.Equal(HttpStatusCode.Redirect, (await TestServer.SignInAsync(browser, "edda")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/sign-in")).StatusCode);

        using var again = await browser.PostAsync("/sign-in", new FormUrlEncodedContent([.. form, KeyValuePair.Create("Form.Username", "ida"), KeyValuePair.Create("Form.Password", AccountsFixture.GoodPassword)]));

        Assert.DoesNotContain(again.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(cookie => cookie.Contains("session=", StringComparison.Ordinal)));
        Assert.Equal("edda", (await TestServer.ReadJsonAsync(await browser.GetAsync("/api/v1/auth/me"))).GetProperty("username").GetString());
        var ida = (await api.Server.Users.ListAsync(Actor.System, default)).Single(user => user.Username == "ida").Id;
        Assert.Empty(await api.Server.Get<AuthService>().ListSessionsAsync(new Actor(ida, "ida", []) { Session = "of a browser" }, default));
    }

    [Fact]
    public async Task Fault_NobodyForesaw_IsAnsweredWithOneSentenceAndLogged()
    {
        await using var server = new TestServer { Settings = ["--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"] };
        await server.StartAsync();
        var root = await server.CreateApiClientAsync("root");
        using (var connection = server.Get<SqliteFile>().OpenConnection())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "ALTER TABLE api_keys RENAME TO keys_elsewhere";
            command.ExecuteNonQuery();
        }

        var response = await root.GetAsync("/api/v1/users/1/keys");
        var responseText = await response.Content.ReadAsStringAsync();

        await ApiServer.AssertProblemAsync(response, 500);
        Assert.Contains("Something failed here. The server's log has the details.", responseText, StringComparison.Ordinal);
        Assert.All((string[])["api_keys", "SQLite", "Exception", "   at "], inside => Assert.DoesNotContain(inside, responseText, StringComparison.OrdinalIgnoreCase));
        Assert.Contains(server.LogMessages, line => line.Contains("no such table: api_keys", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await root.GetAsync("/api/v1/media")).StatusCode);
    }

    private static string CreateAddress(string pattern) => "/" + Regex.Replace(pattern, @"\{[^}]+\}", "1");

    /// <summary>What users may change, and the last entry of the audit log.</summary>
    private async Task<List<string>> ReadStateAsync()
    {
        var state = new List<string>();
        foreach (var address in (string[])["sources", "audit?limit=1", "errors?status=resolved"])
        {
            state.Add((await api.GetAsync(address)).GetRawText());
        }

        state.AddRange((await api.GetAsync("users")).EnumerateArray().Select(user => $"{user.GetProperty("id")} {user.GetProperty("username")} {user.GetProperty("role")} {user.GetProperty("grants")} {user.GetProperty("disabled")}"));
        return state;
    }
}
