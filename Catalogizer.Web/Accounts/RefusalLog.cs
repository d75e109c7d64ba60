using Catalogizer.Domain.Auditing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Catalogizer.Web.Accounts;

/// <summary>Records denied requests to pages and endpoints.</summary>
internal sealed class RefusalLog : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _answers = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden)
        {
            await context.NoteRefusalAsync(context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy);
        }

        await _answers.HandleAsync(next, context, policy, authorizeResult);
    }
}

/// <summary>A response that denies a request, and records it.</summary>
internal sealed class Refusal(IResult answer, string? permission = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await httpContext.NoteRefusalAsync(permission);
        await answer.ExecuteAsync(httpContext);
    }
}

internal static class NotedRefusals
{
    private const int LongestPath = 200;

    /// <summary>The kind of object that an id belongs to, by the first segment of the API path.</summary>
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["media"] = "item",
        ["sources"] = "source",
        ["scans"] = "scan",
        ["users"] = "user",
        ["errors"] = "error",
        ["jobs"] = "job",
    };

    public static Task NoteRefusalAsync(this HttpContext http, string? permission)
    {
        var path = http.Request.Path.ToString();
        var kind = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? path;
        return http.RequestServices.GetRequiredService<DeniedRequestLog>().RecordAsync(
            http.ToActor(), http.Request.Method, path.Length <= LongestPath ? path : path[..LongestPath], kind, TargetOf(http, path), permission);
    }

    private static string? TargetOf(HttpContext http, string path) =>
        path.Split('/') is ["", "api", "v1", var first, _, ..] && Kinds.TryGetValue(first, out var kind)
        && (http.Request.RouteValues.GetValueOrDefault("id") ?? http.Request.RouteValues.GetValueOrDefault("name")) is string { Length: <= LongestPath } id
            ? $"{kind}:{id}"
            : null;
}
