using Microsoft.Net.Http.Headers;

namespace Catalogizer.Web.Hosting;

/// <summary>
/// Over HTTPS at the root of a host, our cookies are called <c>__Host-…</c>: then no other site of the domain, and nobody on an
/// unencrypted line, can set one (RFC 6265bis, 4.1.3.2). Over plain HTTP or below a path browsers refuse that name, and the plain one stands.
/// </summary>
internal static class CookieNames
{
    private const string AppPrefix = "catalogizer.";
    private const string HostPrefix = "__Host-";

    public static void UseCookieNames(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (!http.Request.IsHttps || http.Request.PathBase.HasValue)
        {
            return next(http);
        }

        // One without the prefix may have been set by somebody else, and counts for nothing here.
        var sent = http.Request.Headers.Cookie.SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        http.Request.Headers.Cookie = string.Join("; ", sent
            .Where(cookie => !cookie.StartsWith(AppPrefix, StringComparison.Ordinal))
            .Select(cookie => cookie.StartsWith(HostPrefix + AppPrefix, StringComparison.Ordinal) ? cookie[HostPrefix.Length..] : cookie));
        http.Response.OnStarting(() =>
        {
            var set = http.Response.Headers.SetCookie;
            http.Response.Headers.SetCookie = set.SelectMany(cookie => AddHostPrefix(cookie ?? "")).ToArray();
            return Task.CompletedTask;
        });
        return next(http);
    });

    private static IEnumerable<string> AddHostPrefix(string cookie)
    {
        if (!cookie.StartsWith(AppPrefix, StringComparison.Ordinal) || !SetCookieHeaderValue.TryParse(cookie, out var parsed))
        {
            yield return cookie;
            yield break;
        }

        // What ends under its own name ends under the plain one of before, too.
        if (parsed.Expires <= DateTimeOffset.UnixEpoch.AddDays(1))
        {
            yield return cookie;
        }

        parsed.Name = HostPrefix + parsed.Name;
        (parsed.Secure, parsed.Path, parsed.Domain) = (true, "/", null);
        yield return parsed.ToString();
    }
}
