using System.Net;
using System.Text;
using Catalogizer.Domain.Analytics;

namespace Catalogizer.Tests.Api;

/// <summary>Growth and tables over the API.</summary>
[Trait("Category", "Server")]
public sealed class AnalyticsApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Growth_AfterAScan_HasTodayWithItsTotals()
    {
        var source = await api.AddSourceAsync("grown", "Films/A Wonder (1994) 1080p.mkv", "Films/=SUM(1) (1995) 1080p.mkv");
        await api.ScanAsync(source);
        await api.Server.Get<AnalyticsService>().TakeSnapshotAsync(default);

        var growth = await api.GetAsync("analytics/growth");

        ApiServer.AssertShape(growth, "from:string", "to:string", "days:array");
        var today = growth.GetProperty("days").EnumerateArray().Last();
        ApiServer.AssertShape(today, "day:string", "works:number", "versions:number", "files:number", "bytes:number", "estimated:bool");
        Assert.Equal(growth.GetProperty("to").GetString(), today.GetProperty("day").GetString());
        Assert.Equal((2, 2), (today.GetProperty("works").GetInt32(), today.GetProperty("files").GetInt32()));
        Assert.Equal(2, (await api.GetAsync("media/stats")).GetProperty("items").GetInt32());

        using var table = await api.Viewer.GetAsync("/api/v1/analytics/tables/largest-files");
        Assert.Equal("text/csv", table.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", table.Content.Headers.ContentDisposition!.DispositionType);
        var text = Encoding.UTF8.GetString(await table.Content.ReadAsByteArrayAsync());
        Assert.StartsWith("\uFEFFFile,Bytes\r\n", text, StringComparison.Ordinal);
        Assert.Contains("grown: Films/=SUM(1) (1995) 1080p.mkv", text, StringComparison.Ordinal);
        using var types = await api.Viewer.GetAsync("/api/v1/analytics/tables/types");
        Assert.Contains("Films,2,2,", await types.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-02-30", "to")]
    [InlineData("from=2026-03-02&to=2026-03-01", "from")]
    [InlineData("from=9999-01-01", "from")]
    public async Task Growth_DaysThatAreNone_AreNamed(string query, string field) =>
        await ApiServer.AssertInvalidAsync(await api.Viewer.GetAsync($"/api/v1/analytics/growth?{query}"), field);

    [Fact]
    public async Task Growth_EarliestDays_AreAnswered() =>
        Assert.Equal(HttpStatusCode.OK, (await api.Viewer.GetAsync("/api/v1/analytics/growth?to=0001-01-02")).StatusCode);

    [Theory]
    [InlineData("growth")]
    [InlineData("tables/types")]
    public async Task Analytics_NobodySignedIn_AreRefused(string route) =>
        await ApiServer.AssertProblemAsync(await api.Anonymous.GetAsync($"/api/v1/analytics/{route}"), 401);

    [Fact]
    public async Task Table_ThatIsNone_IsNotFound() =>
        await ApiServer.AssertProblemAsync(await api.Viewer.GetAsync("/api/v1/analytics/tables/users"), 404);
}
