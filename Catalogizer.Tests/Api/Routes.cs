using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Catalogizer.Tests.Api;

/// <summary>The routes of the running application, as it mapped them.</summary>
internal static class Routes
{
    public static IReadOnlyList<RouteEndpoint> All(TestServer server) => [.. server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>The routes for scripts, each as a method and a pattern.</summary>
    public static IReadOnlyList<(string Method, string Pattern)> Api(TestServer server) =>
    [
        .. from endpoint in All(server)
           let pattern = PatternOf(endpoint)
           where IsApi(pattern)
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
           orderby pattern, method
           select (method, pattern),
    ];

    /// <summary>The routes for browsers, without static files. A route without a method is listed with both methods that browsers use.</summary>
    public static IReadOnlyList<(string Method, string Pattern)> Pages(TestServer server) =>
    [
        .. (from endpoint in All(server)
            let pattern = PatternOf(endpoint)
            where !IsApi(pattern) && !IsFile(endpoint)
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
            orderby pattern, method
            select (method, pattern)).Distinct(),
    ];

    /// <summary>Scripts, styles and images, each once.</summary>
    public static IReadOnlyList<string> Files(TestServer server) => [.. All(server).Where(IsFile).Select(PatternOf).Distinct()];

    private static string PatternOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Trim('/');

    private static bool IsApi(string pattern) => pattern.StartsWith("api/", StringComparison.Ordinal) || pattern.StartsWith("health", StringComparison.Ordinal) || pattern == "metrics";

    private static bool IsFile(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null;
}
