using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Hosting;

/// <summary>
/// Requests with a browser's cookie must come from our own pages. Browsers apply no cross-origin rules to WebSockets, so the
/// hub's connections are checked whatever their method.
/// </summary>
internal static class SameOrigin
{
    public static void UseSameOrigin(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var isChecked = !(http.Request.IsApi() && http.Request.HasBearerToken()) && (!http.Request.HasSafeMethod() || http.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase));
        if (isChecked && IsCrossOrigin(http.Request))
        {
            return Results.Problem("This request came from another site.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
        }

        return next(http);
    });

    // Scripts send no Origin header. Behind a proxy that terminates TLS the scheme differs, the host does not.
    private static bool IsCrossOrigin(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() == "cross-site")
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsSameHost(from, request.Host));
    }

    private static bool IsSameHost(Uri from, HostString own) =>
        HostString.FromUriComponent(from).Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase)
        && (from.IsDefaultPort ? own.Port is null or 80 or 443 : own.Port == from.Port);
}
