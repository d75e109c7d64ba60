using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Catalogizer.Tests.Api;

/// <summary>The routes of the running application, as it mapped them.</summary>
internal static class Routes
{
    public static IReadOnlyList<RouteEndpoint> All(TestServer server) => [.. server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>What scripts call: a method and a pattern each.</summary>
    public static IReadOnlyList<(string Method, string Pattern)> Api(TestServer server) =>
    [
        .. from endpoint in All(server)
           let pattern = endpoint.RoutePattern.RawText!.Trim('/')
           where pattern.StartsWith("api/", StringComparison.Ordinal) || pattern.StartsWith("health", StringComparison.Ordinal)
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
           orderby pattern, method
           select (method, pattern),
    ];
}
