using Catalogizer.Domain.Auditing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Catalogizer.Web.Accounts;

/// <summary>Records denied requests to pages and endpoints.</summary>
internal sealed class DeniedRequestHandler : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _defaultHandler = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden)
        {
            await context.RecordDeniedRequestAsync(context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy);
        }

        await _defaultHandler.HandleAsync(next, context, policy, authorizeResult);
    }
}

/// <summary>A response that denies a request, and records it.</summary>
internal sealed class DeniedResult(IResult inner, string? permission = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await httpContext.RecordDeniedRequestAsync(permission);
        await inner.ExecuteAsync(httpContext);
    }
}

internal static class DeniedRequestExtensions
{
    private const int MaxPathLength = 200;

    /// <summary>The kind of object that an id belongs to, by the first segment of the API path.</summary>
    private static readonly Dictionary<string, string> TargetKinds = new(StringComparer.Ordinal)
    {
        ["media"] = "item",
        ["sources"] = "source",
        ["scans"] = "scan",
        ["users"] = "user",
        ["errors"] = "error",
        ["jobs"] = "job",
    };

    public static Task RecordDeniedRequestAsync(this HttpContext http, string? permission)
    {
        var path = http.Request.Path.ToString();
        var kind = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? path;
        return http.RequestServices.GetRequiredService<DeniedRequestLog>().RecordAsync(
            http.ToActor(), http.Request.Method, path.Length <= MaxPathLength ? path : path[..MaxPathLength], kind, FindTarget(http, path), permission);
    }

    private static string? FindTarget(HttpContext http, string path) =>
        path.Split('/') is ["", "api", "v1", var first, _, ..] && TargetKinds.TryGetValue(first, out var kind)
        && (http.Request.RouteValues.GetValueOrDefault("id") ?? http.Request.RouteValues.GetValueOrDefault("name")) is string { Length: <= MaxPathLength } id
            ? $"{kind}:{id}"
            : null;
}
