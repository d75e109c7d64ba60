using System.Net;
using Catalogizer.Domain.Common;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Catalogizer.Web.Hosting;

/// <summary>The reverse proxies in front of the application.</summary>
[SettingsSection("Catalogizer:Proxy")]
public sealed class ProxyOptions : System.ComponentModel.DataAnnotations.IValidatableObject
{
    /// <summary>
    /// The addresses or networks (10.0.0.0/8) of proxies whose headers are accepted for the client's address, the scheme, the host and the
    /// path that the application is below. Default: none, since anyone can send those headers.
    /// </summary>
    public IList<string> Trusted { get; } = [];

    internal IEnumerable<IPNetwork> Networks => Trusted.Select(ParseNetwork).OfType<IPNetwork>();

    public IEnumerable<System.ComponentModel.DataAnnotations.ValidationResult> Validate(System.ComponentModel.DataAnnotations.ValidationContext validationContext) =>
        Trusted.Where(text => ParseNetwork(text) is null)
            .Select(text => new System.ComponentModel.DataAnnotations.ValidationResult($"'{text}' is neither an address nor a network such as 10.0.0.0/8.", [nameof(Trusted)]));

    private static IPNetwork? ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}

internal static class TrustedProxyExtensions
{
    /// <summary>Must come before everything that uses the address that a request came from.</summary>
    public static void UseTrustedProxy(this WebApplication app)
    {
        var networks = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Networks.ToList();
        if (networks.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedPrefix,
            ForwardLimit = null, // no fixed limit: goes back as far as proxies are trusted, and no further
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        networks.ForEach(options.KnownIPNetworks.Add);
        app.UseForwardedHeaders(options);
    }
}
