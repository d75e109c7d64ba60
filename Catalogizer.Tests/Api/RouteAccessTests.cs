using Catalogizer.Domain.Accounts;
using Microsoft.AspNetCore.Authorization;

namespace Catalogizer.Tests.Api;

/// <summary>Who may call what: every route of the running application, for everybody.</summary>
[Trait("Category", "Server")]
public sealed class RouteAccessTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Anybody = "";
    private const string SignedIn = "signed in";

    /// <summary>What each route needs. A new route is a new line here.</summary>
    private static readonly Dictionary<string, string> Needs = new()
    {
        ["POST api/v1/auth/login"] = Anybody,
        ["POST api/v1/auth/refresh"] = Anybody,
        ["GET health/live"] = Anybody,
        ["GET health/ready"] = Anybody,
        ["GET api/v1/auth/me"] = SignedIn,
        ["GET health"] = SignedIn,
        ["GET api/v1/users"] = Permission.UsersManage,
        ["POST api/v1/users"] = Permission.UsersManage,
        ["PUT api/v1/users/{id:long}"] = Permission.UsersManage,
        ["DELETE api/v1/users/{id:long}"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/unlock"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/clear-second-factor"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/password"] = Permission.UsersManage,
        ["POST api/v1/users/{id:long}/link"] = Permission.UsersManage,
        ["GET api/v1/media"] = Permission.MediaView,
        ["GET api/v1/media/stats"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}/versions"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}/children"] = Permission.MediaView,
        ["GET api/v1/media/{id:long}/history"] = Permission.MediaView,
        ["PUT api/v1/media/{id:long}"] = Permission.MediaEdit,
        ["GET api/v1/versions/{id:long}/stream"] = Permission.MediaView,
        ["HEAD api/v1/versions/{id:long}/stream"] = Permission.MediaView,
        ["POST api/v1/detect"] = Permission.MediaView,
        ["GET api/v1/analytics/growth"] = Permission.MediaView,
        ["GET api/v1/analytics/tables/{name}"] = Permission.MediaView,
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

    [Fact]
    public void Routes_All_AreInTheTable() =>
        Assert.Equal(Needs.Keys.Order(StringComparer.Ordinal), Routes.Api(api.Server).Select(r => $"{r.Method} {r.Pattern}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Routes_EveryRole_MayWhatItsPermissionsSay()
    {
        var callers = new (HttpClient Client, string Name, Role? Role)[] { (api.Nobody, "nobody", null), (api.Viewer, "viewer", Role.Viewer), (api.Editor, "editor", Role.Editor), (api.Admin, "admin", Role.Admin) };
        var wrong = new List<string>();
        foreach (var (method, pattern) in Routes.Api(api.Server))
        {
            var needs = Needs[$"{method} {pattern}"];
            foreach (var (client, name, role) in callers)
            {
                using var answer = await CallAsync(client, method, pattern);
                var status = (int)answer.StatusCode;
                var refused = needs == Anybody ? 0 : role is null ? 401 : needs != SignedIn && !Permission.Of(role.Value).Contains(needs) ? 403 : 0;
                if (refused == 0 ? status is 401 or 403 or >= 500 or (>= 300 and < 400) : !IsRefused(status, refused, pattern))
                {
                    wrong.Add($"{name} {method} {pattern}: {status}");
                }
                else if (refused != 0 && method != "HEAD" && pattern.StartsWith("api/", StringComparison.Ordinal))
                {
                    var problem = await ApiServer.ProblemAsync(answer, refused);
                    Assert.Equal(refused == 403, problem.TryGetProperty("error", out var error) && error.GetString() == "Insufficient permissions");
                }
            }
        }

        Assert.Equal([], wrong);
    }

    [Fact]
    public void Routes_WithoutRulesOfTheirOwn_AreKnown()
    {
        // For these the rule for everything holds: whoever is signed in.
        string[] known =
        [
            "api/v1/auth/me", "health", "sign-out", "account", "denied", "not-found", "{**path:file}",
            "_blazor", "_blazor/negotiate", "_blazor/disconnect", "_blazor/disconnect/", "_blazor/initializers", "_blazor/initializers/", "_framework/opaque-redirect",
        ];

        var bare = from endpoint in Routes.All(api.Server)
                   where endpoint.Metadata.GetMetadata<IAuthorizeData>() is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                   select endpoint.RoutePattern.RawText!.Trim('/');

        Assert.Equal("", string.Join(", ", bare.Distinct().Except(known)));
    }

    [Fact]
    public void Routes_OpenToAnybody_AreKnown()
    {
        string[] known = ["api/v1/auth/login", "api/v1/auth/refresh", "health/live", "health/ready", "openapi/{documentName}.json", "sign-in", "setup", "choose-password"];

        var open = from endpoint in Routes.All(api.Server)
                   where endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                   let pattern = endpoint.RoutePattern.RawText!.Trim('/')
                   where !pattern.StartsWith("assets/", StringComparison.Ordinal) && !pattern.StartsWith("_content/", StringComparison.Ordinal) && !pattern.StartsWith("_framework/", StringComparison.Ordinal)
                   select pattern;

        Assert.Equal("", string.Join(", ", open.Distinct().Except(known)));
    }

    private static bool IsRefused(int status, int refused, string pattern) => status == refused || (refused == 401 && pattern == "health" && status == 302);

    /// <summary>With ids that are not there and bodies that change nothing.</summary>
    private static Task<HttpResponseMessage> CallAsync(HttpClient client, string method, string pattern)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/" + pattern.Replace("{id:long}", "999999", StringComparison.Ordinal));
        if (method is "POST" or "PUT")
        {
            request.Content = ApiServer.Json("{}");
        }

        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
