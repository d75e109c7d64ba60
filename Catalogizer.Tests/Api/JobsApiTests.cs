using System.Net;
using System.Net.Http.Json;

namespace Catalogizer.Tests.Api;

/// <summary>Jobs over the API. Permissions are tested in <see cref="RouteAccessTests"/>.</summary>
[Trait("Category", "Server")]
public sealed class JobsApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Get_Jobs_HaveTheirShape()
    {
        var overview = await api.GetAsync("jobs");

        var check = overview.GetProperty("jobs").EnumerateArray().Single(j => j.GetProperty("name").GetString() == "integrity-check");
        ApiServer.AssertShape(
            check, "name:string", "title:string", "about:string", "schedule:string?", "scheduleInWords:string", "usualSchedule:string?", "paused:bool", "nextRunAt:time?", "current:object?", "last:object?");
        ApiServer.AssertShape(overview, "jobs:array", "running:array", "queued:array");
    }

    [Fact]
    public async Task Run_ScanOfASource_IsAcceptedToldAndInTheHistory()
    {
        var source = await api.AddSourceAsync("Jobbed", "A Film (2001).mkv");
        await using var ear = await Support.EventStreamListener.ListenAsync(api.Admin);

        using var response = await api.Admin.PostAsync($"/api/v1/jobs/scan:{source}/run", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await ear.ReadUntilAsync(told => told.Name == "job.changed" && told.Data.GetProperty("job").GetString() == $"scan:{source}" && told.Data.GetProperty("state").GetString() == "succeeded");

        var run = (await api.GetAsync($"jobs/history?job=scan:{source}&state=succeeded")).GetProperty("runs")[0];
        ApiServer.AssertShape(run, "id:string", "job:string", "title:string", "state:string", "startedAt:time", "durationSeconds:number", "message:string", "by:string");
        Assert.Equal(("succeeded", "root", "Scan of Jobbed"), (run.GetProperty("state").GetString(), run.GetProperty("by").GetString(), run.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task PauseAndResume_Job_AnswerItAsItIs()
    {
        Assert.True((await ApiServer.AssertOkAsync(await api.Admin.PostAsync("/api/v1/jobs/retention/pause", null))).GetProperty("paused").GetBoolean());
        Assert.False((await ApiServer.AssertOkAsync(await api.Admin.PostAsync("/api/v1/jobs/retention/resume", null))).GetProperty("paused").GetBoolean());
    }

    [Fact]
    public async Task Schedule_SetAndWrong_IsTakenOrRefusedWithTheField()
    {
        var job = await ApiServer.AssertOkAsync(await api.Admin.PutAsJsonAsync("/api/v1/jobs/retention/schedule", new { schedule = "0 0 5 * * ?" }));
        Assert.Equal("every day at 05:00", job.GetProperty("scheduleInWords").GetString());

        Assert.Contains("second, minute, hour", await ApiServer.AssertInvalidAsync(await api.Admin.PutAsJsonAsync("/api/v1/jobs/retention/schedule", new { schedule = "at five" }), "schedule"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownJob_AndWrongMoment_AreProblems()
    {
        await ApiServer.AssertProblemAsync(await api.Admin.PostAsync("/api/v1/jobs/no-such-job/run", null), 404);
        await ApiServer.AssertProblemAsync(await api.Admin.PostAsync("/api/v1/jobs/retention/cancel", null), 409);
        await ApiServer.AssertInvalidAsync(await api.Admin.GetAsync("/api/v1/jobs/history?state=lost"), "state");
    }

    [Theory]
    [InlineData("/admin/jobs")]
    [InlineData("/hangfire")]
    public async Task Dashboard_EditorAndViewer_AreRefused(string page)
    {
        foreach (var name in (string[])["edda", "vera"])
        {
            using var response = await (await api.SignInBrowserAsync(name)).GetAsync(page);
            Assert.Equal((HttpStatusCode.Redirect, "/denied"), (response.StatusCode, new Uri(api.Server.Address, response.Headers.Location!).AbsolutePath));
        }
    }

    [Fact]
    public async Task Hangfire_Admin_IsLedToTheJobs()
    {
        using var response = await (await api.SignInBrowserAsync("root")).GetAsync("/hangfire");

        Assert.Equal((HttpStatusCode.Redirect, "/admin/jobs"), (response.StatusCode, response.Headers.Location?.ToString()));
    }
}
