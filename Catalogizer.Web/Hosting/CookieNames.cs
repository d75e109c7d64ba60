using Microsoft.Net.Http.Headers;

namespace Catalogizer.Web.Hosting;

/// <summary>
/// Over HTTPS at the root of a host, our cookies are named <c>__Host-…</c>, so that no other site of the domain and no attacker on an
/// unencrypted connection can set one (RFC 6265bis, 4.1.3.2). Over plain HTTP or below a path, browsers reject that name, so the plain name stays.
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

        // A cookie without the prefix may have been set by another site, so it is ignored.
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

        // A cookie that is deleted under its prefixed name is also deleted under its earlier plain name.
        if (parsed.Expires <= DateTimeOffset.UnixEpoch.AddDays(1))
        {
            yield return cookie;
        }

        parsed.Name = HostPrefix + parsed.Name;
        (parsed.Secure, parsed.Path, parsed.Domain) = (true, "/", null);
        yield return parsed.ToString();
    }
}
