using System.Net;
using System.Net.Sockets;

namespace Catalogizer.Domain.Accounts.Lockout;

/// <summary>Groups addresses for rate limits: a client usually controls its whole /24 or /64.</summary>
public static class NetworkPrefix
{
    /// <summary>The /24 of an IPv4 address, the /64 of an IPv6 address; "unknown" for everything else.</summary>
    public static string From(string? address) =>
        !IPAddress.TryParse(address, out var parsed) ? "unknown"
        : (parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed) is { AddressFamily: AddressFamily.InterNetwork } ipv4 ? $"{new IPAddress([.. ipv4.GetAddressBytes()[..3], 0])}/24"
        : $"{new IPAddress([.. parsed.GetAddressBytes()[..8], 0, 0, 0, 0, 0, 0, 0, 0])}/64";
}
