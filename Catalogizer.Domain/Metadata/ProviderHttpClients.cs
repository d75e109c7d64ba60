using System.Net;
using System.Net.Sockets;

namespace Catalogizer.Domain.Metadata;

/// <summary>
/// The connections to all providers: 10 per host, 100 in total, closed after 90 idle seconds. Addresses that no admin set may only lead
/// to public hosts; redirects are not followed automatically, so that no response determines where the next request goes.
/// </summary>
public sealed class ProviderHttpClients : IDisposable
{
    public const int MaxConnections = 100;
    private const int MaxConnectionsPerHost = 10;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _slots = new(MaxConnections);
    private readonly HttpClient _public;
    private readonly HttpClient _trusted;

    public ProviderHttpClients() => (_public, _trusted) = (CreateClient(ConnectPublicAsync), CreateClient(ConnectAnyAsync));

    public int OpenConnections => MaxConnections - _slots.CurrentCount;

    /// <param name="isTrusted">Whether an admin set the address, which may then be in the local network.</param>
    public HttpClient For(bool isTrusted) => isTrusted ? _trusted : _public;

    public void Dispose()
    {
        _public.Dispose();
        _trusted.Dispose();
        _slots.Dispose();
    }

    internal static bool IsPublic(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal || address.Equals(IPAddress.IPv6Any))
        {
            return false;
        }

        return address.AddressFamily != AddressFamily.InterNetwork || address.GetAddressBytes() is not ([0 or 10 or 127, ..] or [100, >= 64 and <= 127, ..] or [169, 254, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [198, 18 or 19, ..] or [>= 224, ..]);
    }

    private static HttpClient CreateClient(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = MaxConnectionsPerHost,
            MaxResponseHeadersLength = 64,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            ConnectCallback = connect,
        }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Catalogizer/1.0 (self-hosted media catalogue)");
        return client;
    }

    private ValueTask<Stream> ConnectAnyAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        OpenStreamAsync(socket => socket.ConnectAsync(context.DnsEndPoint, cancellation), cancellation);

    private async ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var allowed = (await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation)).Where(IsPublic).ToArray();
        return allowed.Length == 0
            ? throw new HttpRequestException("The name leads to an address that is not public.")
            : await OpenStreamAsync(socket => socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation), cancellation);
    }

    private async ValueTask<Stream> OpenStreamAsync(Func<Socket, ValueTask> connect, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connect(socket);
            return new CountedStream(socket, _slots);
        }
        catch
        {
            socket.Dispose();
            _slots.Release();
            throw;
        }
    }

    /// <summary>Releases its slot when it is closed.</summary>
    private sealed class CountedStream(Socket socket, SemaphoreSlim slots) : NetworkStream(socket, ownsSocket: true)
    {
        private int _closed;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                try
                {
                    slots.Release();
                }
                catch (ObjectDisposedException)
                {
                    // The application is stopping.
                }
            }
        }
    }
}
