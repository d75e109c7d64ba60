using Microsoft.AspNetCore.Identity;

namespace Catalogizer.Web.Accounts;

/// <summary>The authentication schemes.</summary>
internal static class AuthSchemes
{
    /// <summary>Selects one of the other schemes for each request.</summary>
    public const string ByRequest = "Catalogizer";

    public const string Bearer = "Bearer";

    public static string Cookie => IdentityConstants.ApplicationScheme;

    private static readonly PathString[] ApiPaths = ["/api", "/health", "/metrics"];

    /// <summary>Whether a request is for scripts, which get problem details instead of pages.</summary>
    public static bool IsApi(this HttpRequest request) => Array.Exists(ApiPaths, api => request.Path.StartsWithSegments(api, StringComparison.OrdinalIgnoreCase));

    public static bool HasBearerToken(this HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the method is safe: it changes nothing.</summary>
    public static bool HasSafeMethod(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    /// <summary>
    /// Pages and everything else outside the API accept only the cookie: a token or key would allow more there than it was created for. The
    /// API accepts tokens and keys, and the cookie only for safe requests from our own pages: changes need a token, which no other site can
    /// make a browser send.
    /// </summary>
    public static string For(HttpContext http) =>
        http.Request.IsApi() && (http.Request.HasBearerToken() || !(http.Request.HasSafeMethod() && IsFromOwnPages(http.Request))) ? Bearer : Cookie;

    private static bool IsFromOwnPages(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}
