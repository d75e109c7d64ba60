using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Catalogizer.Tests.Metadata;

/// <summary>A server on a free port that responds as a provider does, or as a broken one.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestProvider(WebApplication app) => _app = app;

    /// <summary>Replaces all responses; null to use <see cref="Images"/> and <see cref="Bodies"/>.</summary>
    public Func<HttpContext, Task>? Override { get; set; }

    /// <summary>The JSON to respond with, by path without the query.</summary>
    public ConcurrentDictionary<string, string> Bodies { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, byte[]> Images { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> RequestedUrls { get; } = [];

    public ConcurrentQueue<string> Keys { get; } = [];

    public Uri Address => new(_app.Urls.First());

    public static async Task<TestProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var provider = new TestProvider(builder.Build());
        provider._app.Run(provider.RespondAsync);
        await provider._app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task RespondAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        RequestedUrls.Enqueue(path + http.Request.QueryString);
        Keys.Enqueue(http.Request.Headers.Authorization.ToString());
        if (Override is { } instead)
        {
            await instead(http);
        }
        else if (Images.TryGetValue(path, out var picture))
        {
            await http.Response.Body.WriteAsync(picture);
        }
        else if (Bodies.TryGetValue(path, out var body))
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(body);
        }
        else
        {
            http.Response.StatusCode = (int)HttpStatusCode.NotFound;
            await http.Response.WriteAsync("""{"success":false,"status_code":34,"status_message":"The resource you requested could not be found."}""");
        }
    }
}
