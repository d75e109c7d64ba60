using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Tests.Api;

/// <summary>Who may call what: every route of the running application, for every kind of caller.</summary>
[Trait("Category", "Server")]
public sealed class RouteAccessTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Anonymous = "";
    private const string SignedIn = "signed in";

    /// <summary>The permission that each route needs. A new route needs a new line here.</summary>
    private static readonly Dictionary<string, string> RoutePermissions = new()
    {
        ["POST api/v1/auth/login"] = Anonymous,
        ["POST api/v1/auth/refresh"] = Anonymous,
        ["GET health/live"] = Anonymous,
        ["GET health/ready"] = Anonymous,
        ["GET api/v1/auth/me"] = SignedIn,
        ["POST api/v1/auth/logout"] = SignedIn,
        ["GET health"] = SignedIn,
        ["GET metrics"] = Permission.SystemView,
        ["GET api/v1/users"] = Permission.UsersManage,
        ["POST api/v1/users"] = Permission.UsersManage,
        ["PUT api/v1/users/{id:long}"] = Permission.UsersManage,
        ["DELETE api/v1/users/{id:long}"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/unlock"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/clear-second-factor"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/password"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/link"] = Permission.UsersManage,
        ["GET api/v1/users/{id:long}/keys"] = Permission.UsersManage,
        ["DELETE api/v1/users/{id:long}/keys"] = Permission.UsersManage,
        ["GET api/v1/media"] = Permission.MediaView,
        ["GET api/v1/media/stats"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}/versions"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}/children"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}/history"] = Permission.MediaView,
        ["PUT api/v1/media/{id:long}"] = Permission.MediaEdit,
        ["POST api/v1/media/{id:long}/match"] = Permission.MediaEdit,
        ["POST api/v1/media/{id:long}/refresh"] = Permission.MediaEdit,
        ["POST api/v1/media/{id:long}/merge"] = Permission.MediaEdit,
        ["GET api/v1/media/{id:long}/joins"] = Permission.MediaView,
        ["DELETE api/v1/media/joins/{id:long}"] = Permission.MediaEdit,
        ["POST api/v1/versions/{id:long}/split"] = Permission.MediaEdit,
        ["GET api/v1/artwork/{hash}"] = Permission.MediaView,
        ["GET api/v1/versions/{id:long}/stream"] = Permission.MediaView,
        ["HEAD api/v1/versions/{id:long}/stream"] = Permission.MediaView,
        ["POST api/v1/detect"] = Permission.MediaView,
        ["GET api/v1/analytics/growth"] = Permission.MediaView,
        ["GET api/v1/analytics/tables/{name}"] = Permission.MediaView,
        ["GET api/v1/duplicates/export"] = Permission.MediaEdit,
        ["GET api/v1/events"] = Permission.MediaView,
        ["GET api/v1/sources"] = Permission.SourcesView,
        ["GET api/v1/sources/status"] = Permission.SourcesView,
        ["GET api/v1/sources/{id:long}"] = Permission.SourcesView,
        ["POST api/v1/sources"] = Permission.SourcesManage,
        ["PUT api/v1/sources/{id:long}"] = Permission.SourcesManage,
        ["DELETE api/v1/sources/{id:long}"] = Permission.SourcesManage,
        ["POST api/v1/sources/test"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/scan"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/reconnect"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/reset"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/revive"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/pause"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/resume"] = Permission.SourcesManage,
        ["GET api/v1/sources/removed"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/remove"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/undo-remove"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/purge"] = Permission.SourcesManage,
        ["POST api/v1/sources/{id:long}/move"] = Permission.SourcesManage,
        ["POST api/v1/sources/shares"] = Permission.SourcesManage,
        ["POST api/v1/sources/browse"] = Permission.SourcesManage,
        ["GET api/v1/sources/{id:long}/timeline"] = Permission.SourcesView,
        ["GET api/v1/jobs"] = Permission.JobsManage,
        ["GET api/v1/jobs/history"] = Permission.JobsManage,
        ["POST api/v1/jobs/{name}/run"] = Permission.JobsManage,
        ["POST api/v1/jobs/{name}/retry"] = Permission.JobsManage,
        ["POST api/v1/jobs/{name}/pause"] = Permission.JobsManage,
        ["POST api/v1/jobs/{name}/resume"] = Permission.JobsManage,
        ["POST api/v1/jobs/{name}/cancel"] = Permission.JobsManage,
        ["PUT api/v1/jobs/{name}/schedule"] = Permission.JobsManage,
        ["GET api/v1/audit"] = Permission.SystemView,
        ["GET api/v1/audit/export"] = Permission.SystemView,
        ["GET api/v1/errors"] = Permission.SystemView,
        ["GET api/v1/errors/export"] = Permission.SystemView,
        ["PUT api/v1/errors/{id:long}"] = Permission.SystemView,
        ["GET api/v1/metrics/export"] = Permission.SystemView,
        ["GET api/v1/scans/{id:long}"] = Permission.SourcesView,
        ["POST api/v1/scans/{id:long}/cancel"] = Permission.SourcesManage,
        ["POST api/v1/scans/{id:long}/resolve"] = Permission.SourcesManage,
    };

    /// <summary>The same for pages, for their hub, and for everything else that a browser requests.</summary>
    private static readonly Dictionary<string, string> PagePermissions = new()
    {
        ["sign-in"] = Anonymous,
        ["setup"] = Anonymous,
        ["choose-password"] = Anonymous,
        ["openapi/{documentName}.json"] = Anonymous,
        ["sign-out"] = SignedIn,
        ["account"] = SignedIn,
        ["denied"] = SignedIn,
        ["not-found"] = SignedIn,
        ["{**path:file}"] = SignedIn,
        ["_blazor"] = SignedIn,
        ["_blazor/negotiate"] = SignedIn,
        ["_blazor/disconnect"] = SignedIn,
        ["_blazor/initializers"] = SignedIn,
        ["_framework/opaque-redirect"] = SignedIn,
        [""] = Permission.MediaView,
        ["library"] = Permission.MediaView,
        ["item/{Id:long}"] = Permission.MediaView,
        ["item/{Id:long}/compare"] = Permission.MediaView,
        ["sources"] = Permission.SourcesView,
        ["sources/scans/{Id:long}"] = Permission.SourcesView,
        ["sources/{Id:long}/files"] = Permission.SourcesView,
        ["sources/add"] = Permission.SourcesManage,
        ["sources/{Id:long}/edit"] = Permission.SourcesManage,
        ["failed-files"] = Permission.SourcesView,
        ["analytics"] = Permission.MediaView,
        ["matches"] = Permission.MediaEdit,
        ["duplicates"] = Permission.MediaEdit,
        ["admin/users"] = Permission.UsersManage,
        ["admin/providers"] = Permission.MetadataManage,
        ["admin/health"] = Permission.SystemView,
        ["admin/jobs"] = Permission.JobsManage,
        ["hangfire"] = Permission.JobsManage,
        ["admin/audit"] = Permission.SystemView,
        ["admin/errors"] = Permission.SystemView,
        ["admin/metrics"] = Permission.SystemView,
    };

    [Fact]
    public void Routes_All_AreInTheTable() =>
        Assert.Equal(RoutePermissions.Keys.Order(StringComparer.Ordinal), Routes.Api(api.Server).Select(r => $"{r.Method} {r.Pattern}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Routes_EveryRole_MayWhatItsPermissionsSay()
    {
        var callers = new (HttpClient Client, string Name, IReadOnlyList<string>? May)[]
        {
            (api.Anonymous, "nobody", null), (api.Viewer, "viewer", Permission.For(Role.Viewer)), (api.Editor, "editor", Permission.For(Role.Editor)), (api.Admin, "admin", Permission.All),
            (await CreateApiKeyClientAsync(Permission.SourcesView), "key", [Permission.SourcesView]),
        };
        var errors = new List<string>();
        foreach (var (method, pattern) in Routes.Api(api.Server))
        {
            var needs = RoutePermissions[$"{method} {pattern}"];
            foreach (var (client, name, permissions) in callers)
            {
                // Logging out would revoke the token that the other calls use.
                using var response = await CallAsync(pattern == "api/v1/auth/logout" && permissions is not null && name != "key" ? await CreateSignedInClientAsync() : client, method, pattern);
                var status = (int)response.StatusCode;
                var refused = needs == Anonymous ? 0 : permissions is null ? 401 : needs != SignedIn && !permissions.Contains(needs) ? 403 : 0;
                if (refused == 0 ? status is 401 or 403 or >= 500 or (>= 300 and < 400) : !IsRefused(status, refused, pattern))
                {
                    errors.Add($"{name} {method} {pattern}: {status}");
                }
                else if (refused != 0 && method != "HEAD" && pattern.StartsWith("api/", StringComparison.Ordinal))
                {
                    var problem = await ApiServer.AssertProblemAsync(response, refused);
                    Assert.Equal(refused == 403, problem.TryGetProperty("error", out var error) && error.GetString() == "Insufficient permissions");
                }
            }
        }

        Assert.Equal([], errors);
    }

    [Fact]
    public void Pages_All_AreInTheTable() =>
        Assert.Equal(PagePermissions.Keys.Order(StringComparer.Ordinal), Routes.Pages(api.Server).Select(p => p.Pattern).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Pages_EveryRole_MayWhatItsPermissionsSay()
    {
        var callers = new (HttpClient Browser, string Name, IReadOnlyList<string>? May)[]
        {
            (api.Server.CreateBrowser(), "nobody", null), (await api.SignInBrowserAsync("vera"), "viewer", Permission.For(Role.Viewer)),
            (await api.SignInBrowserAsync("edda"), "editor", Permission.For(Role.Editor)), (await api.SignInBrowserAsync("root"), "admin", Permission.All),
        };
        var errors = new List<string>();
        foreach (var (method, pattern) in Routes.Pages(api.Server))
        {
            var needs = PagePermissions[pattern];
            foreach (var (browser, name, permissions) in callers)
            {
                using var response = await CallAsync(browser, method, pattern);
                var to = response.Headers.Location is { } location ? new Uri(api.Server.Address, location).AbsolutePath : "";
                var expected = needs == Anonymous ? "" : permissions is null ? "/sign-in" : needs != SignedIn && !permissions.Contains(needs) ? "/denied" : "";
                if ((to is "/sign-in" or "/denied" ? to : "") != expected || (int)response.StatusCode >= 500)
                {
                    errors.Add($"{name} {method} /{pattern}: {(int)response.StatusCode} {to}");
                }
            }
        }

        Assert.Equal([], errors);
    }

    [Fact]
    public async Task Pages_TokensAndKeys_OpenNothingThatIsNotForAnybody()
    {
        var callers = new (HttpClient Script, string Name)[] { (api.Admin, "token"), (await CreateApiKeyClientAsync([.. ApiKeys.AllowedScopes]), "key") };
        var errors = new List<string>();
        foreach (var (method, pattern) in Routes.Pages(api.Server))
        {
            foreach (var (script, name) in callers)
            {
                using var response = await CallAsync(script, method, pattern);
                var to = response.Headers.Location is { } location ? new Uri(api.Server.Address, location).AbsolutePath : "";
                if (PagePermissions[pattern] == Anonymous ? (int)response.StatusCode >= 500 : to != "/sign-in")
                {
                    errors.Add($"{name} {method} /{pattern}: {(int)response.StatusCode} {to}");
                }
            }
        }

        Assert.Equal([], errors);
    }

    [Fact]
    public async Task Api_Cookie_ReadsWhatItsPermissionsSayAndChangesNothing()
    {
        var callers = new (HttpClient Browser, string Name, IReadOnlyList<string> May)[]
        {
            (await api.SignInBrowserAsync("vera"), "viewer", Permission.For(Role.Viewer)), (await api.SignInBrowserAsync("edda"), "editor", Permission.For(Role.Editor)), (await api.SignInBrowserAsync("root"), "admin", Permission.All),
        };
        var errors = new List<string>();
        foreach (var (method, pattern) in Routes.Api(api.Server))
        {
            var needs = RoutePermissions[$"{method} {pattern}"];
            foreach (var (browser, name, permissions) in callers)
            {
                using var response = await CallAsync(browser, method, pattern);
                var status = (int)response.StatusCode;
                var refused = needs == Anonymous ? 0 : method is not ("GET" or "HEAD") ? 401 : needs != SignedIn && !permissions.Contains(needs) ? 403 : 0;
                if (refused == 0 ? (status is 401 && needs != Anonymous) || status is 403 or >= 500 : status != refused)
                {
                    errors.Add($"{name} {method} {pattern}: {status}");
                }
            }
        }

        Assert.Equal([], errors);
    }

    [Fact]
    public async Task Pages_OverWhatIsNotThere_SaySoWith404()
    {
        var browser = await api.SignInBrowserAsync("root");
        foreach (var (method, pattern) in Routes.Pages(api.Server).Where(p => p.Method == "GET" && p.Pattern.Contains("{id:long}", StringComparison.OrdinalIgnoreCase)))
        {
            using var response = await CallAsync(browser, method, pattern);
            var page = await response.Content.ReadAsStringAsync();

            Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
            Assert.Contains("<section class=\"face\">", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Files_OfThePages_AreForAnybody()
    {
        var files = Routes.Files(api.Server);

        Assert.True(files.Count > 20, $"{files.Count}");
        foreach (var file in files)
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, (await api.Anonymous.GetAsync("/" + file)).StatusCode);
        }
    }

    private async Task<HttpClient> CreateApiKeyClientAsync(params string[] scopes)
    {
        var root = (await api.GetAsync("auth/me")).GetProperty("userId").GetInt64();
        var key = await api.Server.Get<ApiKeys>().AddAsync(new Actor(root, "root", Permission.All) { Session = "of a browser" }, "a few things", scopes, null, default);
        var script = api.Server.CreateBrowser();
        script.DefaultRequestHeaders.Authorization = new("Bearer", key.Value);
        return script;
    }

    /// <summary>Signs in through the service, because the endpoint limits attempts.</summary>
    private async Task<HttpClient> CreateSignedInClientAsync()
    {
        var tokens = (await api.Server.Get<AuthService>().LogInAsync("vera", Tests.Accounts.AccountsFixture.GoodPassword, null, new SignInOrigin(null, null), default)).Value;
        var script = api.Server.CreateBrowser();
        script.DefaultRequestHeaders.Authorization = new("Bearer", tokens.AccessToken);
        return script;
    }

    private static bool IsRefused(int status, int refused, string pattern) => status == refused || (refused == 401 && pattern == "health" && status == 302);

    /// <summary>Uses ids that do not exist and bodies that change nothing.</summary>
    private static Task<HttpResponseMessage> CallAsync(HttpClient client, string method, string pattern)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/" + pattern
            .Replace("{id:long}", "999999", StringComparison.OrdinalIgnoreCase)
            .Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{**path:file}", "no.such", StringComparison.Ordinal));
        if (method is "POST" or "PUT")
        {
            request.Content = ApiServer.CreateJsonBody("{}");
        }

        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
