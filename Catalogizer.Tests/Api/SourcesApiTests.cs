using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Catalogizer.Tests.Api;

/// <summary>Adding, changing and watching sources over the API.</summary>
[Trait("Category", "Server")]
public sealed class SourcesApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Post_Folder_AnswersTheSourceAndScansNothing()
    {
        api.Server.Write("calm/A (2001).mkv");
        var response = await api.Admin.PostAsJsonAsync("/api/v1/sources", new { name = "Calm", protocol = "local", path = api.Server.PathOf("calm"), purpose = "backup", mode = "mostlyOffline", watch = false, schedule = "0 0 3 * * ?" });

        var source = await ApiServer.AssertOkAsync(response);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/v1/sources/{source.GetProperty("id")}", response.Headers.Location?.OriginalString);
        ApiServer.AssertShape(
            source, "id:number", "name:string", "protocol:string", "path:string", "host:string?", "port:number?", "share:string?", "folder:string?", "domain:string?", "username:string?",
            "encryption:string?", "purpose:string", "mode:string", "watch:bool", "schedule:string?");
        Assert.False(source.TryGetProperty("password", out _));
        Assert.Equal(("backup", "mostlyOffline", false), (source.GetProperty("purpose").GetString(), source.GetProperty("mode").GetString(), source.GetProperty("watch").GetBoolean()));
        Assert.Equal(source.GetRawText(), (await api.GetAsync($"sources/{source.GetProperty("id")}")).GetRawText());
        Assert.Contains(source.GetRawText(), (await api.GetAsync("sources")).EnumerateArray().Select(s => s.GetRawText()));
        var status = await GetStatusAsync(source.GetProperty("id").GetInt64());
        Assert.Equal((JsonValueKind.Null, 0), (status.GetProperty("lastScan").ValueKind, status.GetProperty("presentFiles").GetInt32()));
    }

    [Fact]
    public async Task Status_Sources_HasEveryFieldAndAddsUp()
    {
        var source = await api.AddSourceAsync("status", "A (2001).mkv", "B (2002).mkv");
        await api.ScanAsync(source);

        var all = await api.GetAsync("sources/status");

        var one = await GetStatusAsync(source);
        ApiServer.AssertShape(
            one, "id:number", "name:string", "protocol:string", "state:string", "since:time", "lastConnectedAt:time", "lastError:string?", "attempt:number", "nextAttemptAt:time?",
            "watching:string", "presentFiles:number", "unknownFiles:number", "missingFiles:number", "freeBytes:number", "totalBytes:number");
        Assert.Equal(("closed", 2, 0, 0), (one.GetProperty("state").GetString(), one.GetProperty("presentFiles").GetInt32(), one.GetProperty("unknownFiles").GetInt32(), one.GetProperty("missingFiles").GetInt32()));
        Assert.Contains(one.GetProperty("watching").GetString(), new[] { "live", "polled", "off" });
        var summary = all.GetProperty("summary");
        Assert.Equal(["total", "closed", "halfOpen", "open", "offline"], summary.EnumerateObject().Select(p => p.Name));
        Assert.Equal(summary.GetProperty("total").GetInt32(), all.GetProperty("sources").GetArrayLength());
        Assert.Equal(summary.GetProperty("total").GetInt32(), summary.EnumerateObject().Skip(1).Sum(p => p.Value.GetInt32()));
    }

    [Fact]
    public async Task Post_WhatCannotBe_NamesTheFieldAndSaysWhy()
    {
        api.Server.Write("errors/inner/A (2001).mkv");
        api.Server.Write("a file", "x");
        await api.AddSourceAsync("errors/inner");
        var path = api.Server.PathOf("errors/free");
        Directory.CreateDirectory(path);
        var cases = new (object Body, string Field, string Says)[]
        {
            (new { name = "Errors/INNER", protocol = "local", path }, "name", "already called"),
            (new { protocol = "local", path }, "name", "name"),
            (new { name = "  ", protocol = "local", path }, "name", "name"),
            (new { name = new string('x', 101), protocol = "local", path }, "name", "100"),
            (new { name = "e1", protocol = "local", path = api.Server.PathOf("errors/inner") }, "path", "is this folder already"),
            (new { name = "e2", protocol = "local", path = api.Server.PathOf("errors/inner") + "/" }, "path", "is this folder already"),
            (new { name = "e3", protocol = "local", path = path + "/../inner/./" }, "path", "is this folder already"),
            (new { name = "e4", protocol = "local", path = api.Server.PathOf("errors") }, "path", "holds the source"),
            (new { name = "e5", protocol = "local", path = api.Server.PathOf("errors/inner/deeper") }, "path", "lies inside"),
            (new { name = "e6", protocol = "local", path = "films/relative" }, "path", "absolute"),
            (new { name = "e7", protocol = "local" }, "path", "folder"),
            (new { name = "e8", protocol = "local", path = api.Server.PathOf("nowhere") }, "path", "nowhere"),
            (new { name = "e9", protocol = "local", path = api.Server.PathOf("a file") }, "path", "a file"),
            (new { name = "e10", protocol = "gopher", path }, "protocol", "gopher"),
            (new { name = "e11", protocol = "local", path, schedule = "every night" }, "schedule", "cron"),
            (new { name = "e12", protocol = "local", path, purpose = "fun" }, "purpose", "main"),
            (new { name = "e13", protocol = "local", path, mode = "sometimes" }, "mode", "alwaysOn"),
        };
        foreach (var (body, field, says) in cases)
        {
            Assert.Contains(says, await ApiServer.AssertInvalidAsync(await api.Admin.PostAsJsonAsync("/api/v1/sources", body), field), StringComparison.Ordinal);
        }

        Assert.DoesNotContain((await api.GetAsync("sources")).EnumerateArray(), s => s.GetProperty("name").GetString()!.StartsWith('e') && s.GetProperty("name").GetString() != "errors/inner");
    }

    [Fact]
    public async Task Post_MuchIsWrong_NamesEveryField()
    {
        var response = await api.Admin.PostAsJsonAsync("/api/v1/sources", new { name = "", protocol = "local", path = "relative", purpose = "fun", mode = "sometimes", schedule = "now and then" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["mode", "name", "path", "purpose", "schedule"], problem.GetProperty("errors").EnumerateObject().Select(f => f.Name).Order());
    }

    [Fact]
    public async Task ResetRetireReviveTimeline_Source_AreToldAsPagesTellThem()
    {
        var source = await api.AddSourceAsync("turns", "A (2001).mkv");
        await api.ScanAsync(source);

        var reset = await ApiServer.AssertOkAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/reset", null));
        await ApiServer.AssertOkAsync(await api.Admin.DeleteAsync($"/api/v1/sources/{source}"));
        var revived = await ApiServer.AssertOkAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/revive", null));
        var timeline = await api.GetAsync($"sources/{source}/timeline");

        Assert.Equal(source, reset.GetProperty("id").GetInt64());
        Assert.Equal(source, revived.GetProperty("id").GetInt64());
        Assert.Equal(168, timeline.GetProperty("byHour").GetArrayLength());
        ApiServer.AssertShape(timeline.GetProperty("periods")[0], "state:string", "since:time", "until:time?", "why:string?", "latencyMs:number?");
        Assert.Equal(HttpStatusCode.NotFound, (await api.Admin.GetAsync("/api/v1/sources/99999/timeline")).StatusCode);
    }

    [Fact]
    public async Task Browse_Folder_AnswersWhatIsInIt()
    {
        api.Server.Write("shelf/films/A (2001).mkv");
        api.Server.Write("shelf/notes.txt");

        var listing = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync("/api/v1/sources/browse", new { protocol = "local", path = api.Server.PathOf("shelf") }));

        Assert.Equal(["films"], listing.GetProperty("folders").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        Assert.Equal(1, listing.GetProperty("files").GetInt32());
    }

    [Fact]
    public async Task Move_PlaceWithSomeOfTheFiles_TellsWhatIsNotThere()
    {
        var source = await api.AddSourceAsync("before", "A (2001).mkv", "B (2002).mkv");
        await api.ScanAsync(source);
        Directory.CreateDirectory(api.Server.PathOf("after"));
        File.Copy(api.Server.PathOf("before/A (2001).mkv"), api.Server.PathOf("after/A (2001).mkv"));

        var preview = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/move", new { path = api.Server.PathOf("after") }));

        Assert.Equal((2, 1), (preview.GetProperty("known").GetInt32(), preview.GetProperty("found").GetInt32()));
        Assert.Equal(["B (2002).mkv"], preview.GetProperty("notThere").EnumerateArray().Select(f => f.GetString()));
    }

    [Theory]
    [InlineData("full", true, "ok")]
    [InlineData("empty", true, "empty")]
    [InlineData("absent", false, "notFound")]
    [InlineData(null, false, "invalid")]
    public async Task Test_Source_AnswersOkCodeAndMessage(string? folder, bool ok, string code)
    {
        api.Server.Write("trial/full/A (2001).mkv");
        Directory.CreateDirectory(api.Server.PathOf("trial/empty"));

        var test = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync("/api/v1/sources/test", new { name = "Trial", protocol = "local", path = folder is null ? null : api.Server.PathOf($"trial/{folder}") }));

        ApiServer.AssertShape(test, "ok:bool", "code:string", "message:string");
        Assert.Equal((ok, code), (test.GetProperty("ok").GetBoolean(), test.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Put_SomeFields_LeavesTheOthers()
    {
        var source = await api.AddSourceAsync("change", "A (2001).mkv");

        var changed = await ApiServer.AssertOkAsync(await api.Admin.PutAsJsonAsync($"/api/v1/sources/{source}", new { name = "Changed", schedule = "0 0 3 * * ?" }));
        var cleared = await ApiServer.AssertOkAsync(await api.Admin.PutAsJsonAsync($"/api/v1/sources/{source}", new { schedule = "" }));

        Assert.Equal(("Changed", api.Server.PathOf("change"), "0 0 3 * * ?"), (changed.GetProperty("name").GetString(), changed.GetProperty("path").GetString(), changed.GetProperty("schedule").GetString()));
        Assert.Equal(("Changed", JsonValueKind.Null), (cleared.GetProperty("name").GetString(), cleared.GetProperty("schedule").ValueKind));
    }

    [Fact]
    public async Task Delete_Source_ArchivesItAndKeepsItsItems()
    {
        var source = await api.AddSourceAsync("retire", "A Retiree (2001).mkv");
        await api.ScanAsync(source);
        var item = (await api.FindItemAsync("A Retiree")).GetProperty("id").GetInt64();

        await ApiServer.AssertOkAsync(await api.Admin.DeleteAsync($"/api/v1/sources/{source}"));

        Assert.Empty((await api.GetAsync("media?query=Retiree")).GetProperty("items").EnumerateArray());
        Assert.Equal(item, Assert.Single((await api.GetAsync("media?query=Retiree&presence=retired")).GetProperty("items").EnumerateArray()).GetProperty("id").GetInt64());
        Assert.Equal("retired", (await api.GetAsync($"media/{item}")).GetProperty("presence").GetString());
        await ApiServer.AssertProblemAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/scan", new { }), 409);
        Assert.True(File.Exists(api.Server.PathOf("retire/A Retiree (2001).mkv")));
    }

    [Fact]
    public async Task PauseResume_Source_StopsAndAllowsScans()
    {
        var source = await api.AddSourceAsync("paused", "A Paused Film (2001).mkv");

        var paused = await ApiServer.AssertOkAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/pause", null));
        var refused = await ApiServer.AssertProblemAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/scan", new { }), 409);
        var status = await GetStatusAsync(source);
        await ApiServer.AssertOkAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/resume", null));
        await api.ScanAsync(source);

        Assert.True(paused.GetProperty("paused").GetBoolean());
        Assert.Equal((true, "off"), (status.GetProperty("paused").GetBoolean(), status.GetProperty("watching").GetString()));
        Assert.Contains("paused", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await GetStatusAsync(source)).GetProperty("presentFiles").GetInt64());
    }

    [Fact]
    public async Task Remove_PreviewThenToken_RemovesAndUndoBringsBack()
    {
        var source = await api.AddSourceAsync("mistake", "A Mistaken Film (2001).mkv", "Another Mistake (2002).mkv");
        await api.ScanAsync(source);
        var item = (await api.FindItemAsync("A Mistaken Film")).GetProperty("id").GetInt64();

        var preview = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/remove", new { preview = true }));
        var token = preview.GetProperty("token").GetString();
        var removed = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/remove", new { token }));

        ApiServer.AssertShape(preview, "numbers:object", "token:string", "expiresAt:time");
        ApiServer.AssertShape(preview.GetProperty("numbers"), "items:number", "copies:number", "files:number", "bytes:number", "shared:number", "keptItems:number", "kept:array");
        Assert.Equal((2, 2), (preview.GetProperty("numbers").GetProperty("items").GetInt32(), preview.GetProperty("numbers").GetProperty("files").GetInt32()));
        ApiServer.AssertShape(removed, "id:number", "name:string", "removedAt:time", "purgedAt:time", "isPurging:bool");
        Assert.Equal(HttpStatusCode.NotFound, (await api.Admin.GetAsync($"/api/v1/sources/{source}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Admin.GetAsync($"/api/v1/media/{item}")).StatusCode);
        Assert.Contains((await api.GetAsync("sources/removed")).EnumerateArray(), s => s.GetProperty("id").GetInt64() == source);
        await ApiServer.AssertProblemAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/remove", new { token }), 404);

        var undone = await ApiServer.AssertOkAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/undo-remove", null));

        Assert.Equal("mistake", undone.GetProperty("name").GetString());
        Assert.Equal("A Mistaken Film", (await api.GetAsync($"media/{item}")).GetProperty("title").GetString());
        await ApiServer.AssertProblemAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/undo-remove", null), 404);
    }

    [Fact]
    public async Task Remove_WithoutAToken_Is400() =>
        await ApiServer.AssertProblemAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{await api.AddSourceAsync("untaken", "A (2001).mkv")}/remove", new { }), 400);

    private async Task<JsonElement> GetStatusAsync(long source) =>
        (await api.GetAsync("sources/status")).GetProperty("sources").EnumerateArray().Single(s => s.GetProperty("id").GetInt64() == source);
}
