using System.Net;
using System.Net.Sockets;
using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Hosting;

/// <summary>The addresses to listen on. They are tested before anything starts, so that nothing has begun if one is unavailable.</summary>
internal static class ListenAddresses
{
    private const string UrlsVariable = "ASPNETCORE_URLS";
    private const string PortsVariable = "ASPNETCORE_HTTP_PORTS";
    private const string EndpointsSection = "Kestrel:Endpoints";

    /// <exception cref="StartupException">The server cannot listen on one of them.</exception>
    public static void Validate(IConfiguration configuration)
    {
        var problems = From(configuration).Select(listen => FindProblem(listen.Address, listen.Setting)).OfType<string>().ToList();
        if (problems.Count > 0)
        {
            throw new StartupException(string.Join(Environment.NewLine, problems));
        }
    }

    /// <summary>Kestrel's own endpoint settings take precedence over addresses, and addresses over ports alone.</summary>
    private static IEnumerable<(string Address, string Setting)> From(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection(EndpointsSection).GetChildren().ToList();
        if (endpoints.Count > 0)
        {
            return endpoints.Select(endpoint => (endpoint["Url"] ?? "", $"{endpoint.Path}:Url"));
        }

        return configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } addresses
            ? Split(addresses).Select(address => (address, UrlsVariable))
            : Split(configuration[WebHostDefaults.HttpPortsKey] ?? "").Select(port => ($"http://*:{port}", PortsVariable));
    }

    private static string[] Split(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? FindProblem(string address, string setting)
    {
        if (Parse(address) is not { } parsed)
        {
            return $"Cannot listen on “{address}”, which is no such address. Write one like http://localhost:8080 into {setting}.";
        }

        try
        {
            if (!parsed.IsUnixPipe && !parsed.IsNamedPipe)
            {
                TestBind(parsed);
            }

            return null;
        }
        catch (SocketException exception)
        {
            return $"Cannot listen on {address}: " + exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"another program does already. Stop it, or choose another port in {setting}.",
                SocketError.AccessDenied => $"this user may not use that port. Choose one from 1024 on in {setting}.",
                SocketError.AddressNotAvailable => $"this machine has no such address. Choose another in {setting}.",
                _ => $"{exception.Message}. Choose another address in {setting}.",
            };
        }
    }

    private static BindingAddress? Parse(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            var isPort = parsed.Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort && (parsed.Port > 0 || parsed.Host != "localhost");
            var isHost = IPAddress.TryParse(parsed.Host, out _) || !parsed.Host.Contains(':', StringComparison.Ordinal);
            return parsed.Scheme is "http" or "https" && parsed.PathBase.Length == 0 && (parsed.IsUnixPipe || parsed.IsNamedPipe || (isHost && isPort)) ? parsed : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static void TestBind(BindingAddress address)
    {
        if (address.Host != "localhost")
        {
            // Kestrel treats a host name as every address of the machine.
            TestBind(IPAddress.TryParse(address.Host, out var own) ? own : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, address.Port);
            return;
        }

        TestBind(IPAddress.Loopback, address.Port);
        try
        {
            TestBind(IPAddress.IPv6Loopback, address.Port);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // The IPv4 loopback address is enough.
        }
    }

    private static void TestBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
    }
}
