using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.NetworkInformation;
using Catalogizer.Domain.Common;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Hosting;

/// <summary>The public address of the server.</summary>
[SettingsSection("Catalogizer")]
public sealed class PublicOptions : IValidatableObject
{
    /// <summary>
    /// Such as <c>https://media.example.org</c>, with the path if the application is below one. Requests for other hosts are rejected, and
    /// links start with it. Default: none; then this server's own names and addresses are accepted, and the host that a trusted proxy sends.
    /// </summary>
    public string? PublicUrl { get; set; }

    internal Uri? Url => string.IsNullOrEmpty(PublicUrl) ? null : new Uri(PublicUrl.TrimEnd('/'));

    /// <summary>The beginning of links, without a trailing slash; null if no address is set.</summary>
    internal string? Root => Url?.AbsoluteUri.TrimEnd('/');

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(PublicUrl) && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" }))
        {
            yield return new ValidationResult($"'{PublicUrl}' is no address such as https://media.example.org.", [nameof(PublicUrl)]);
        }
    }
}

/// <summary>
/// Rejects requests for hosts that are not ours. Otherwise the browser would treat a page of another site, whose name is made to resolve
/// to this server (DNS rebinding), as one of ours, and links would contain any host that a request names.
/// </summary>
internal static class HostValidation
{
    private static readonly string[] LocalDomains = [".local", ".lan", ".home.arpa", ".internal"];

    /// <summary>A container does not know the names of the machine that runs it.</summary>
    private static readonly bool IsInContainer = Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true";

    private static readonly object FromProxyKey = new();

    /// <summary>Must come before the headers of proxies are read, which change the remote address of a request.</summary>
    public static void UseProxyMarker(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Networks.ToList();
        app.Use((http, next) =>
        {
            if (http.Connection.RemoteIpAddress is { } from && trusted.Exists(network => network.Contains(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from)))
            {
                http.Items[FromProxyKey] = true;
            }

            return next(http);
        });
    }

    /// <summary>Must come after the headers of proxies are read.</summary>
    public static void UseKnownHosts(this WebApplication app)
    {
        var publicUrl = app.Services.GetRequiredService<IOptions<PublicOptions>>().Value.Url;
        app.Use((http, next) => IsKnownHost(http, publicUrl) ? next(http) : Results.Problem(
            $"This server does not go by the name '{http.Request.Host.Value}'. Open it by its own address, or set Catalogizer:PublicUrl to the one that people open.",
            statusCode: StatusCodes.Status421MisdirectedRequest).ExecuteAsync(http));
    }

    private static bool IsKnownHost(HttpContext http, Uri? publicUrl)
    {
        var requested = http.Request.Host;
        var host = requested.Host.Trim('[', ']').TrimEnd('.');
        if (host.Length == 0 || IsLoopback(host))
        {
            return true;
        }

        if (publicUrl is not null)
        {
            return host.Equals(publicUrl.IdnHost, StringComparison.OrdinalIgnoreCase) && (requested.Port ?? (http.Request.IsHttps ? 443 : 80)) == publicUrl.Port;
        }

        return http.Items.ContainsKey(FromProxyKey) || IsOwnAddress(http, host) || IsOwnName(host) || (IsInContainer && IsLocalNetworkHost(host));
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwnAddress(HttpContext http, string host) =>
        IPAddress.TryParse(host, out var address) && http.Connection.LocalIpAddress is { } local && (local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local).Equals(address);

    private static bool IsOwnName(string host)
    {
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        var name = properties.HostName;
        return ((string[])[name, name.Split('.')[0], $"{name.Split('.')[0]}.local", $"{name}.{properties.DomainName}"]).Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>IP addresses, and names that cannot be registered: no other site can have one.</summary>
    private static bool IsLocalNetworkHost(string host) =>
        IPAddress.TryParse(host, out _) || !host.Contains('.', StringComparison.Ordinal) || Array.Exists(LocalDomains, domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
}
