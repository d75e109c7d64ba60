using System.Net;

namespace Catalogizer.Web.Accounts;

/// <summary>Whether a password typed into this page would cross a network unencrypted.</summary>
internal static class PlainHttp
{
    // Only this method believes the header of an untrusted proxy: it decides about a warning, not about access.
    public static bool IsExposed(HttpContext http) =>
        !http.Request.IsHttps
        && http.Request.Headers["X-Forwarded-Proto"].ToString() != "https"
        && !(IsLoopbackHost(http.Request.Host.Host) && (http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)));

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
