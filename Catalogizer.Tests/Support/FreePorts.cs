using System.Net;
using System.Net.Sockets;

namespace Catalogizer.Tests.Support;

/// <summary>Ports for servers that cannot choose one themselves. Another process may take a port first, so the caller has to retry.</summary>
internal static class FreePorts
{
    public static int FindOne() => FindMany(1)[0];

    /// <summary>All ports differ, because each is held until the last is found.</summary>
    public static int[] FindMany(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
