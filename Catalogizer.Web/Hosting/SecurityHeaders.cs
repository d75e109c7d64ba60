using System.Security.Cryptography;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Hosting;

/// <summary>The headers by which every response tells the browser what not to allow.</summary>
internal static class SecurityHeaders
{
    private static readonly object NonceKey = new();

    /// <summary>Marks an inline script of our own pages, such as an import map: <c>nonce="@Http.GetCspNonce()"</c>.</summary>
    public static string GetCspNonce(this HttpContext http)
    {
        if (http.Items[NonceKey] is not string nonce)
        {
            http.Items[NonceKey] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        }

        return nonce;
    }

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        // Set at the last moment, so that nothing later, including the framework's own policy, replaces them.
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = CreatePolicy(http);
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (http.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            // All our texts are UTF-8, including static files, which do not declare it.
            if (headers.ContentType is [{ } type] && IsText(type) && !type.Contains("charset", StringComparison.OrdinalIgnoreCase))
            {
                headers.ContentType = type + "; charset=utf-8";
            }

            // Responses that depend on permissions must not be cached, unless the endpoint says otherwise.
            if (headers.CacheControl.Count == 0 && http.Request.IsApi())
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(http);
    });

    private static bool IsText(string type) => type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);

    // A page that requested no nonce has no inline script, and must not be able to run one.
    private static string CreatePolicy(HttpContext http)
    {
        var scripts = http.Items[NonceKey] is string nonce ? $"'self' 'nonce-{nonce}'" : "'self'";
        return $"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            + "connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";
    }
}
