using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Catalogizer.Domain.Catalog;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Tests.Api;

/// <summary>The logs over the API. Permissions are tested in <see cref="RouteAccessTests"/>.</summary>
[Trait("Category", "Server")]
public sealed class LogsApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Audit_DeedOfTheApi_HasItsLineWithItsShape()
    {
        await api.AddSourceAsync("=Audited");

        var page = await api.GetAsync("audit?action=sources.add&user=root");

        var entry = page.GetProperty("entries").EnumerateArray().First(e => e.GetProperty("after").GetString()!.Contains("=Audited", StringComparison.Ordinal));
        ApiServer.AssertShape(entry, "id:number", "at:time", "userId:number", "userName:string", "address:string", "action:string", "target:string", "targetName:string", "before:string?", "after:string");
        var table = await (await api.Admin.GetAsync("/api/v1/audit/export?action=sources.")).Content.ReadAsStringAsync();
        Assert.StartsWith("time,user,userId,address,action,target,before,after,targetName\r\n", table.TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Contains(",root,", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_RefusedRequests_AreEntriesWithWhoAndWhat()
    {
        var source = await api.AddSourceAsync("Forbidden");
        await ApiServer.AssertProblemAsync(await api.Viewer.PostAsync($"/api/v1/sources/{source}/scan", null), 403);
        await ApiServer.AssertProblemAsync(await api.Viewer.PostAsync($"/api/v1/sources/{source}/scan", null), 403);
        await ApiServer.AssertProblemAsync(await api.Viewer.GetAsync("/api/v1/audit"), 403);
        await ApiServer.AssertProblemAsync(await api.Viewer.GetAsync("/metrics"), 403);
        using var page = await (await api.SignInBrowserAsync("vera")).GetAsync("/admin/users");
        var root = (await api.GetAsync("auth/me")).GetProperty("userId").GetInt64();
        var ulla = (await api.Server.Users.AddAsync(Actor.System, "ulla", Accounts.AccountsFixture.GoodPassword, Role.Editor, default)).Value.Id;
        await api.Server.Users.SetGrantsAsync(Actor.System, ulla, [Permission.UsersManage], default);
        await ApiServer.AssertProblemAsync(await (await api.Server.CreateApiClientAsync("ulla")).DeleteAsync($"/api/v1/users/{root}"), 403);

        var entries = (await api.GetAsync("audit?action=accounts.refused")).GetProperty("entries").EnumerateArray().Reverse().Select(e => $"{e.GetProperty("userName")} {e.GetProperty("targetName")} {e.GetProperty("after")}");

        Assert.Equal(
            [
                $$"""vera Forbidden {"method":"POST","path":"/api/v1/sources/{{source}}/scan","permission":"sources.manage"}""",
                """vera  {"method":"GET","path":"/api/v1/audit","permission":"system.view"}""",
                """vera  {"method":"GET","path":"/metrics","permission":null}""",
                """vera  {"method":"GET","path":"/admin/users","permission":"users.manage"}""",
            ],
            entries.Take(4));
        Assert.Equal($$"""ulla root {"method":"DELETE","path":"/api/v1/users/{{root}}","permission":null}""", entries.Last());
    }

    [Fact]
    public async Task Audit_Pages_FollowEachOther()
    {
        await api.AddSourceAsync("One");
        await api.AddSourceAsync("Two");
        var first = await api.GetAsync("audit?limit=1");
        var next = await api.GetAsync($"audit?limit=1&before={first.GetProperty("nextCursor").GetInt64()}");

        Assert.True(next.GetProperty("entries")[0].GetProperty("id").GetInt64() < first.GetProperty("entries")[0].GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Errors_LoggedOne_IsListedToldAndTriaged()
    {
        await using var ear = await Support.EventStreamListener.ListenAsync(api.Admin);
        api.Server.Get<ILoggerFactory>().CreateLogger("Catalogizer.Domain.Sources.Test").LogError("=A formula, and nothing else");
        await ear.ReadUntilAsync(told => told.Name == "records.changed");

        var error = (await api.GetAsync("errors?status=new&find=formula")).GetProperty("errors")[0];
        ApiServer.AssertShape(error, "id:number", "component:string", "kind:string", "place:string", "message:string", "details:string?", "firstSeen:time", "lastSeen:time", "count:number", "status:string");
        var id = error.GetProperty("id").GetInt64();
        var set = await ApiServer.AssertOkAsync(await api.Admin.PutAsJsonAsync($"/api/v1/errors/{id}", new { status = "resolved" }));
        Assert.Equal("resolved", set.GetProperty("status").GetString());
        await ApiServer.AssertProblemAsync(await api.Admin.PutAsJsonAsync("/api/v1/errors/999999", new { status = "ignored" }), 404);
        await ApiServer.AssertInvalidAsync(await api.Admin.PutAsJsonAsync($"/api/v1/errors/{id}", new { }), "status");
        await ApiServer.AssertInvalidAsync(await api.Admin.GetAsync("/api/v1/errors?status=lost"), "status");
        Assert.Contains("\"'=A formula, and nothing else\"", await (await api.Admin.GetAsync("/api/v1/errors/export")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_WhoAsks_IsAnsweredByTheirRights()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusCodeAsync(api.Anonymous, "/metrics"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetStatusCodeAsync(api.Viewer, "/metrics"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetStatusCodeAsync(api.Editor, "/metrics"));
        using var response = await api.Admin.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("catalogizer_active_connections{kind=\"stream\"}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_Requests_AreCountedByRoute()
    {
        await api.GetAsync("media/stats");
        await api.GetAsync("media/stats");

        var text = await api.Admin.GetStringAsync("/metrics");

        Assert.Matches("catalogizer_requests_total\\{route=\"/api/v1/media/stats\",status=\"2xx\"\\} [2-9]", text);
    }

    [Fact]
    public async Task Metrics_EventStream_IsAConnectionUntilItEnds()
    {
        await using (await Support.EventStreamListener.ListenAsync(api.Admin))
        {
            Assert.Matches("kind=\"stream\"\\} [1-9]", await api.Admin.GetStringAsync("/metrics"));
        }
    }

    [Fact]
    public async Task Metrics_TokenOfTheSettings_IsEnough()
    {
        await using var server = new Support.TestServer { Settings = ["--Catalogizer:Metrics:Token=a-collectors-own-token", "--Logging:LogLevel:Default=Warning"] };
        await server.StartAsync();
        var collector = server.CreateBrowser();

        collector.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a-collectors-own-token");
        Assert.Equal(HttpStatusCode.OK, await GetStatusCodeAsync(collector, "/metrics"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusCodeAsync(collector, "/api/v1/audit"));
        collector.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "another-token-altogether");
        Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusCodeAsync(collector, "/metrics"));
    }

    private static async Task<HttpStatusCode> GetStatusCodeAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(address);
        return response.StatusCode;
    }
}
