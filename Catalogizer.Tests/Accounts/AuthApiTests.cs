using System.Net;
using System.Net.Http.Json;
using System.Text;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

public sealed class AuthApiTests(AuthApiTests.ServerFixture fixture) : IClassFixture<AuthApiTests.ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    /// <summary>Unique per test, because all tests of the class share one server.</summary>
    private readonly string _anna = $"anna-{Guid.NewGuid():N}";

    [Fact]
    public async Task LogIn_AdminOfTheSettings_GivesTokens()
    {
        var response = await TestServer.LogInAsync(_server.CreateBrowser(), "root");

        var tokens = await TestServer.ReadJsonAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["accessToken", "expiresAt", "refreshToken"], tokens.EnumerateObject().Select(property => property.Name));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", tokens.GetProperty("expiresAt").GetString());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("root", "wrong password")]
    [InlineData("nobody", "wrong password")]
    public async Task LogIn_Wrong_IsUnauthorizedWithOneAnswer(string name, string password)
    {
        var response = await TestServer.LogInAsync(_server.CreateBrowser(), name, password);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await AssertProblemAsync(response, "The user name or the password is not right.");
    }

    [Theory]
    [InlineData("""{"username":"root"}""", "password")]
    [InlineData("""{"password":"x"}""", "username")]
    [InlineData("{}", "username")]
    [InlineData("""{"username":1}""", "username")]
    public async Task LogIn_FieldMissingOrNoText_NamesIt(string body, string field)
    {
        var response = await _server.CreateBrowser().PostAsync("/api/v1/auth/login", Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await TestServer.ReadJsonAsync(response)).GetProperty("errors").GetProperty(field).EnumerateArray());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    public async Task LogIn_BodyNotReadable_IsABadRequest(string body)
    {
        var response = await _server.CreateBrowser().PostAsync("/api/v1/auth/login", Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await AssertProblemAsync(response, "valid JSON");
    }

    [Fact]
    public async Task Refresh_Token_GivesNewOnesOnce()
    {
        var client = _server.CreateBrowser();
        var first = (await TestServer.ReadJsonAsync(await TestServer.LogInAsync(client, "root"))).GetProperty("refreshToken").GetString();

        var again = await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = first });
        var reused = await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = first });

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, reused.StatusCode);
    }

    [Fact]
    public async Task Me_Token_TellsWhoAndWhatTheyMay()
    {
        await _server.AddUserAsync(_anna, Role.Viewer);

        var me = await TestServer.ReadJsonAsync(await (await _server.CreateApiClientAsync(_anna)).GetAsync("/api/v1/auth/me"));

        Assert.Equal(["userId", "username", "role", "permissions", "expiresAt"], me.EnumerateObject().Select(property => property.Name));
        Assert.Equal("viewer", me.GetProperty("role").GetString());
        Assert.Equal(["media.view", "sources.view"], me.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()));
    }

    [Theory]
    [InlineData("cookie")]
    [InlineData("token")]
    [InlineData("key")]
    [InlineData("key without an end")]
    public async Task Me_Each_TellsWhenItEnds(string kind)
    {
        await _server.AddUserAsync(_anna, Role.Viewer);
        var id = (await _server.Users.ListAsync(Actor.System, CancellationToken.None)).Single(u => u.Username == _anna).Id;
        var client = _server.CreateBrowser();
        TimeSpan? life = kind switch { "cookie" => AuthService.SessionLifetime, "token" => TimeSpan.FromMinutes(15), "key" => TimeSpan.FromDays(30), _ => null };
        if (kind == "cookie")
        {
            await TestServer.SignInAsync(client, _anna);
        }
        else if (kind == "token")
        {
            client = await _server.CreateApiClientAsync(_anna);
        }
        else
        {
            var key = await _server.Get<ApiKeys>().AddAsync(new Actor(id, _anna, Permission.For(Role.Viewer)) { Session = "of a browser" }, "script", [Permission.MediaView], life, default);
            client.DefaultRequestHeaders.Authorization = new("Bearer", key.Value);
        }

        var ends = (await TestServer.ReadJsonAsync(await client.GetAsync("/api/v1/auth/me"))).GetProperty("expiresAt");

        if (life is null)
        {
            Assert.Equal(System.Text.Json.JsonValueKind.Null, ends.ValueKind);
        }
        else
        {
            Assert.InRange(ends.GetDateTimeOffset() - DateTimeOffset.UtcNow, life.Value - TimeSpan.FromMinutes(5), life.Value);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer x.y.z")]
    [InlineData("Basic cm9vdDpyb290")]
    public async Task Me_NoGoodToken_IsUnauthorized(string? authorization)
    {
        var client = _server.CreateBrowser();
        if (authorization is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        var response = await client.GetAsync("/api/v1/auth/me");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await AssertProblemAsync(response, "access token");
    }

    [Fact]
    public async Task Users_WithoutThePermission_IsForbiddenAndNothingRuns()
    {
        await _server.AddUserAsync(_anna, Role.Editor);
        var script = await _server.CreateApiClientAsync(_anna);

        var response = await script.PostAsJsonAsync("/api/v1/users", new { username = "mallory", password = AccountsFixture.GoodPassword, role = "admin" });

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await TestServer.ReadJsonAsync(response);
        Assert.Equal("Insufficient permissions", problem.GetProperty("error").GetString());
        Assert.Equal(403, problem.GetProperty("status").GetInt32());
        Assert.DoesNotContain(await _server.Users.ListAsync(Actor.System, CancellationToken.None), user => user.Username == "mallory");
    }

    [Fact]
    public async Task Users_Admin_AddsAndLists()
    {
        var script = await _server.CreateApiClientAsync("root");

        var added = await script.PostAsJsonAsync("/api/v1/users", new { username = _anna, password = AccountsFixture.GoodPassword, role = "editor" });
        var listed = await TestServer.ReadJsonAsync(await script.GetAsync("/api/v1/users"));

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Contains(listed.EnumerateArray(), user => user.GetProperty("username").GetString() == "root");
        var anna = Assert.Single(listed.EnumerateArray(), user => user.GetProperty("username").GetString() == _anna);
        Assert.Equal("editor", anna.GetProperty("role").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, anna.GetProperty("lastSignInAt").ValueKind);
    }

    [Theory]
    [InlineData("""{"username":"anna","password":"short","role":"viewer"}""", "password")]
    [InlineData("""{"username":"","password":"correct horse","role":"viewer"}""", "username")]
    [InlineData("""{"username":"anna","password":"correct horse"}""", "role")]
    [InlineData("""{"username":"ROOT","password":"correct horse","role":"viewer"}""", "username")]
    public async Task Users_RuleBroken_NamesTheField(string body, string field)
    {
        var response = await (await _server.CreateApiClientAsync("root")).PostAsync("/api/v1/users", Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await TestServer.ReadJsonAsync(response)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Route_Unknown_IsAProblemToo()
    {
        var response = await (await _server.CreateApiClientAsync("root")).GetAsync("/api/v1/nothing");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Cookie_UnsafeMethod_NeedsAToken()
    {
        var browser = _server.CreateBrowser();
        await TestServer.SignInAsync(browser, "root");

        var read = await browser.GetAsync("/api/v1/users");
        var written = await browser.PostAsJsonAsync("/api/v1/users", new { username = _anna, password = AccountsFixture.GoodPassword, role = "viewer" });

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, written.StatusCode);
    }

    [Fact]
    public async Task Cookie_ReadFromAnotherSite_NeedsAToken()
    {
        var browser = _server.CreateBrowser();
        await TestServer.SignInAsync(browser, "root");
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/users")).StatusCode);
    }

    [Fact]
    public async Task Token_AfterTheRoleChanged_IsRefused()
    {
        await _server.AddUserAsync(_anna, Role.Admin);
        var script = await _server.CreateApiClientAsync(_anna);
        var anna = (await _server.Users.ListAsync(Actor.System, CancellationToken.None)).Single(user => user.Username == _anna);
        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/v1/users")).StatusCode);

        await _server.Users.SetRoleAsync(Actor.System, anna.Id, Role.Viewer, CancellationToken.None);

        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/api/v1/users")).StatusCode);
    }

    [Theory]
    [InlineData("root", "short", "Catalogizer:Admin:Password")]
    [InlineData("", "long enough by far", "Catalogizer:Admin:UserName")]
    [InlineData("root", "", "Catalogizer:Admin:Password")]
    public async Task Start_AdminOfTheSettingsBreaksARule_StopsWithOneSentence(string name, string password, string setting)
    {
        await using var server = new TestServer { Settings = [$"--Catalogizer:Admin:UserName={name}", $"--Catalogizer:Admin:Password={password}"] };

        var refused = await Assert.ThrowsAsync<StartupException>(server.StartAsync);

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task AssertProblemAsync(HttpResponseMessage response, string sentence)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(sentence, (await TestServer.ReadJsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    public sealed class ServerFixture : IAsyncLifetime
    {
        internal TestServer Server { get; } = new()
        {
            Settings = ["--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Catalogizer:SignIn:AttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning"],
        };

        public Task InitializeAsync() => Server.StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
