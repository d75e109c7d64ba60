using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Catalogizer.Tests.Api;

/// <summary>Input that the API does not understand is rejected and named.</summary>
[Trait("Category", "Server")]
public sealed class BogusInputTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Address_UnknownParameter_IsNamedByEveryRoute()
    {
        foreach (var (method, pattern) in Routes.Api(api.Server).Where(r => r.Pattern.StartsWith("api/", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/{FillPattern(pattern)}?bogus=1");
            if (method is "POST" or "PUT")
            {
                request.Content = ApiServer.CreateJsonBody(CreateBody(method, pattern));
            }

            using var response = await api.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

            Assert.True((int)response.StatusCode == 400, $"{method} {pattern}: {response.StatusCode}");
            if (method != "HEAD")
            {
                await ApiServer.AssertInvalidAsync(response, "bogus");
            }
        }
    }

    [Fact]
    public async Task Body_UnknownField_IsNamedByEveryRouteThatReadsOne()
    {
        var routes = Routes.All(api.Server).Where(e => e.Metadata.GetMetadata<IAcceptsMetadata>() is not null).ToList();
        Assert.True(routes.Count > 15, $"{routes.Count} routes");

        foreach (var route in routes)
        {
            var method = Assert.Single(route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods);
            using var request = new HttpRequestMessage(new HttpMethod(method), "/" + FillPattern(route.RoutePattern.RawText!.Trim('/'))) { Content = ApiServer.CreateJsonBody("""{"bogus":true}""") };

            using var response = await api.Admin.SendAsync(request);

            Assert.True((int)response.StatusCode == 400, $"{method} {route.RoutePattern.RawText}: {response.StatusCode}");
            await ApiServer.AssertInvalidAsync(response, "bogus");
        }
    }

    [Theory]
    [InlineData("media?type=bogus", "type")]
    [InlineData("media?year=bogus", "year")]
    [InlineData("media?yearFrom=bogus", "yearFrom")]
    [InlineData("media?yearTo=bogus", "yearTo")]
    [InlineData("media?rating=bogus", "rating")]
    [InlineData("media?source=bogus", "source")]
    [InlineData("media?presence=bogus", "presence")]
    [InlineData("media?sort=bogus", "sort")]
    [InlineData("media?limit=bogus", "limit")]
    [InlineData("media?cursor=bogus", "cursor")]
    [InlineData("analytics/growth?from=bogus", "from")]
    [InlineData("analytics/growth?to=bogus", "to")]
    [InlineData("duplicates/export?kind=bogus", "kind")]
    [InlineData("duplicates/export?source=bogus", "source")]
    [InlineData("duplicates/export?type=bogus", "type")]
    [InlineData("jobs/history?state=bogus", "state")]
    [InlineData("jobs/history?skip=bogus", "skip")]
    [InlineData("jobs/history?limit=bogus", "limit")]
    [InlineData("errors?status=bogus", "status")]
    [InlineData("errors?skip=bogus", "skip")]
    [InlineData("errors?limit=bogus", "limit")]
    [InlineData("errors/export?status=bogus", "status")]
    [InlineData("metrics/export?range=bogus", "range")]
    [InlineData("audit?from=bogus", "from")]
    [InlineData("audit?to=bogus", "to")]
    [InlineData("audit?before=bogus", "before")]
    [InlineData("audit?limit=bogus", "limit")]
    [InlineData("audit/export?from=bogus", "from")]
    public async Task Address_BogusValue_NamesTheParameter(string address, string parameter) =>
        await ApiServer.AssertInvalidAsync(await api.Admin.GetAsync($"/api/v1/{address}"), parameter);

    [Theory]
    [InlineData("POST", "sources", "port", "\"bogus\"")]
    [InlineData("POST", "sources", "watch", "\"bogus\"")]
    [InlineData("POST", "sources", "name", "1")]
    [InlineData("POST", "sources", "protocol", "\"bogus\"")]
    [InlineData("PUT", "media/1", "year", "\"bogus\"")]
    [InlineData("PUT", "media/1", "rating", "\"bogus\"")]
    [InlineData("PUT", "media/1", "title", "1")]
    [InlineData("PUT", "media/1", "description", "1")]
    [InlineData("POST", "media/1/match", "provider", "1")]
    [InlineData("POST", "media/1/merge", "into", "\"bogus\"")]
    [InlineData("POST", "versions/1/split", "item", "\"bogus\"")]
    [InlineData("POST", "versions/1/split", "year", "\"bogus\"")]
    [InlineData("POST", "detect", "paths", "\"bogus\"")]
    [InlineData("POST", "detect", "explain", "\"bogus\"")]
    [InlineData("POST", "users", "role", "\"bogus\"")]
    [InlineData("POST", "users", "invite", "\"bogus\"")]
    [InlineData("PUT", "users/1", "disabled", "\"bogus\"")]
    [InlineData("PUT", "users/1", "permissions", "\"bogus\"")]
    [InlineData("PUT", "errors/1", "status", "\"bogus\"")]
    [InlineData("POST", "scans/1/resolve", "decision", "\"bogus\"")]
    [InlineData("PUT", "jobs/retention/schedule", "schedule", "\"bogus\"")]
    public async Task Body_BogusValue_NamesTheField(string method, string address, string field, string value)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/{address}") { Content = ApiServer.CreateJsonBody($$"""{"{{field}}":{{value}}}""") };

        await ApiServer.AssertInvalidAsync(await api.Admin.SendAsync(request), field);
    }

    /// <summary>An empty object where a body is read, so that only the parameter is invalid.</summary>
    private string CreateBody(string method, string pattern) =>
        Routes.All(api.Server).Any(e => e.RoutePattern.RawText!.Trim('/') == pattern && e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(method)
            && e.Metadata.GetMetadata<IAcceptsMetadata>() is not null) ? "{}" : "";

    private static string FillPattern(string pattern)
    {
        var filled = new StringBuilder();
        foreach (var part in pattern.Split('/'))
        {
            filled.Append(filled.Length == 0 ? "" : "/").Append(!part.StartsWith('{') ? part : part.Contains(":long", StringComparison.Ordinal) ? "999999" : "retention");
        }

        return filled.ToString();
    }
}
