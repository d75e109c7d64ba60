using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Api;

/// <summary>Starting, watching and resolving scans over the API.</summary>
[Trait("Category", "Server")]
public sealed class ScansApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Scan_First_IsAcceptedAndFullAndTellsEverything()
    {
        var source = await api.AddSourceAsync("first", "A (2001).mkv", "sub/B (2002).mkv", "@eaDir/x.jpg");

        var response = await api.Admin.PostAsync($"/api/v1/sources/{source}/scan", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = (await ApiServer.AssertOkAsync(response)).GetProperty("scanId").GetInt64();
        Assert.Equal($"/api/v1/scans/{id}", response.Headers.Location?.OriginalString);
        var scan = await api.WaitForScanAsync(id);
        ApiServer.AssertShape(
            scan, "id:number", "sourceId:number", "kind:string", "state:string", "listed:number", "added:number", "changed:number", "moved:number", "missing:number", "unknown:number",
            "failedFolders:number", "startedAt:time", "finishedAt:time", "held:object?");
        Assert.Equal((id, source, "full", "completed"), (scan.GetProperty("id").GetInt64(), scan.GetProperty("sourceId").GetInt64(), scan.GetProperty("kind").GetString(), scan.GetProperty("state").GetString()));
        Assert.Equal((2, 2, 0, 0), (scan.GetProperty("listed").GetInt32(), scan.GetProperty("added").GetInt32(), scan.GetProperty("missing").GetInt32(), scan.GetProperty("failedFolders").GetInt32()));
        Assert.Equal(JsonValueKind.Null, scan.GetProperty("held").ValueKind);

        var next = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/scan", new { }));
        Assert.Equal("quick", (await api.WaitForScanAsync(next.GetProperty("scanId").GetInt64())).GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("""{"kind":"thorough"}""")]
    [InlineData("""{"kind":1}""")]
    [InlineData("{")]
    public async Task Scan_WrongBody_IsAProblem(string body)
    {
        var source = await api.AddSourceAsync("body" + body.Length);

        await ApiServer.AssertProblemAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/scan", ApiServer.CreateJsonBody(body)), 400);
    }

    [Fact]
    public async Task Scan_AskedForByMany_NeverRunsTwiceAtATime()
    {
        var source = await api.AddSourceAsync("busy", [.. Enumerable.Range(0, 1500).Select(i => $"{i % 30}/Busy {i} (2001).mkv")]);

        var responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/scan", new { kind = "full" })));

        var ids = new SortedSet<long>();
        foreach (var response in responses)
        {
            ids.Add((await ApiServer.AssertOkAsync(response)).GetProperty("scanId").GetInt64());
        }

        // Requests during a scan return that scan; another one starts only after it has ended.
        var ended = DateTimeOffset.MinValue;
        foreach (var id in ids)
        {
            var scan = await api.WaitForScanAsync(id);
            Assert.True(scan.GetProperty("requestedAt").GetDateTimeOffset() >= ended);
            ended = scan.GetProperty("finishedAt").GetDateTimeOffset();
        }

        Assert.Equal(1500, (await api.WaitForScanAsync(ids.Min)).GetProperty("added").GetInt32());
    }

    [Fact]
    public async Task Scan_SeenEndedByAScript_GivesWayToTheNext()
    {
        var source = await api.AddSourceAsync("again", "A (2001).mkv");
        await using var ear = await EventStreamListener.ListenAsync(api.Admin);
        var seen = new HashSet<long>();
        for (var i = 0; i < 20; i++)
        {
            var id = (await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync($"/api/v1/sources/{source}/scan", new { }))).GetProperty("scanId").GetInt64();
            Assert.True(seen.Add(id), "A scan that had ended was answered as the one that runs.");
            await ear.ReadUntilScanEndedAsync(id);
            Assert.Equal("completed", (await api.GetAsync($"scans/{id}")).GetProperty("state").GetString());
        }
    }

    [Fact]
    public async Task Scan_SourceVanished_FailsAndMarksNothingMissing()
    {
        var source = await api.AddSourceAsync("vanish", "Vanishing (2001).mkv", "sub/Vanishing Too (2002).mkv");
        await api.ScanAsync(source);
        Directory.Move(api.Server.PathOf("vanish"), api.Server.PathOf("vanished"));

        var scan = await api.ScanAsync(source);

        Assert.Equal(("failed", 0), (scan.GetProperty("state").GetString(), scan.GetProperty("missing").GetInt32()));
        ApiServer.AssertShape(scan, "reason:string", "finishedAt:time");
        Assert.InRange(scan.GetProperty("finishedAt").GetDateTimeOffset() - scan.GetProperty("requestedAt").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        var items = await api.ListItemsAsync($"limit=200&source={source}");
        Assert.Equal(["unknown", "unknown"], items.Select(i => i.GetProperty("presence").GetString()));
        Assert.Equal(2, (await api.GetAsync($"media?presence=unknown&source={source}")).GetProperty("total").GetInt32());

        Directory.Move(api.Server.PathOf("vanished"), api.Server.PathOf("vanish"));
        await ApiServer.AssertOkAsync(await api.Admin.PostAsync($"/api/v1/sources/{source}/reconnect", null));
        await api.ScanAsync(source);
        Assert.All(await api.ListItemsAsync($"limit=200&source={source}"), i => Assert.Equal("present", i.GetProperty("presence").GetString()));
    }

    [Theory]
    [InlineData("hold", "held", "present", HttpStatusCode.OK)]
    [InlineData("accept", "completed", "missing", HttpStatusCode.Conflict)]
    [InlineData("retire", "completed", "retired", HttpStatusCode.Conflict)]
    public async Task Resolve_EmptiedSource_AnswersOnceItIsApplied(string decision, string state, string presence, HttpStatusCode again)
    {
        var name = "emptied " + decision;
        var source = await api.AddSourceAsync(name, $"Films/First of {decision} (2001).mkv", $"Films/Second of {decision} (2002).mkv", $"Third of {decision} (2003).mkv");
        await api.ScanAsync(source);
        Directory.Delete(api.Server.PathOf(name), recursive: true);
        Directory.CreateDirectory(api.Server.PathOf(name));

        var held = await api.ScanAsync(source);

        Assert.Equal(("held", 3), (held.GetProperty("state").GetString(), held.GetProperty("missing").GetInt32()));
        Assert.Equal(3, held.GetProperty("held").GetProperty("missing").GetInt32());
        var folders = held.GetProperty("held").GetProperty("folders");
        Assert.Equal(["Films", ""], folders.EnumerateArray().Select(f => f.GetProperty("folder").GetString()));
        Assert.Equal([2, 1], folders.EnumerateArray().Select(f => f.GetProperty("lost").GetInt32()));
        Assert.All(await api.ListItemsAsync($"source={source}"), i => Assert.Equal("present", i.GetProperty("presence").GetString()));

        var resolved = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync($"/api/v1/scans/{held.GetProperty("id")}/resolve", new { decision }));

        Assert.Equal(state, resolved.GetProperty("state").GetString());
        var items = await api.ListItemsAsync($"source={source}&presence={presence}");
        Assert.Equal(3, items.Count);
        Assert.All(items, i => Assert.Equal(presence, i.GetProperty("presence").GetString()));
        Assert.Equal(again, (await api.Admin.PostAsJsonAsync($"/api/v1/scans/{held.GetProperty("id")}/resolve", new { decision })).StatusCode);
    }

    [Fact]
    public async Task Resolve_WithoutADecision_NamesTheField() => await ApiServer.AssertInvalidAsync(await api.Admin.PostAsJsonAsync("/api/v1/scans/1/resolve", new { }), "decision");

    [Fact]
    public async Task Resolve_UnknownDecision_IsAProblem() => await ApiServer.AssertProblemAsync(await api.Admin.PostAsJsonAsync("/api/v1/scans/1/resolve", new { decision = "forget" }), 400);

    [Fact]
    public async Task Cancel_EndedScan_IsAConflict()
    {
        var source = await api.AddSourceAsync("cancel", "A (2001).mkv");
        var scan = await api.ScanAsync(source);

        await ApiServer.AssertProblemAsync(await api.Admin.PostAsync($"/api/v1/scans/{scan.GetProperty("id")}/cancel", null), 409);
    }
}
