using Microsoft.AspNetCore.Identity;

namespace Catalogizer.Web.Accounts;

/// <summary>The ways to prove who one is.</summary>
internal static class AuthSchemes
{
    /// <summary>Chooses one of the others by the request.</summary>
    public const string ByRequest = "Catalogizer";

    public const string Bearer = "Bearer";

    public static string Cookie => IdentityConstants.ApplicationScheme;

    private static readonly PathString[] ApiPaths = ["/api", "/health", "/metrics"];

    /// <summary>Whether scripts ask, which get problems and not pages.</summary>
    public static bool IsApi(this HttpRequest request) => Array.Exists(ApiPaths, api => request.Path.StartsWithSegments(api, StringComparison.OrdinalIgnoreCase));

    public static bool HasBearerToken(this HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the method promises to change nothing.</summary>
    public static bool HasSafeMethod(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    /// <summary>
    /// The cookie alone for pages and whatever else is no API: a token or key there would be good for more than it was made for. The API
    /// takes tokens and keys, and the cookie for safe requests of our own pages only: what changes something there needs a token, which no
    /// other site can make a browser send.
    /// </summary>
    public static string For(HttpContext http) =>
        http.Request.IsApi() && (http.Request.HasBearerToken() || !(http.Request.HasSafeMethod() && IsFromOwnPages(http.Request))) ? Bearer : Cookie;

    private static bool IsFromOwnPages(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}
