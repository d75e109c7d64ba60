using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Catalogizer.Domain.Sources.Smb.Worker;

/// <summary>
/// A proxy between Samba's library and a file server that blocks unencrypted messages, except those that set up the connection. Needed
/// because the library, even with encryption required, continues without it when the server does not support it.
/// </summary>
internal sealed class EncryptionGuard : IDisposable
{
    public const string LoopbackHost = "127.0.0.1";

    private const int MaxFrameBytes = 0xFFFFFF + 4;
    private const int SmbHeaderSize = 64;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly string _host;
    private readonly int _port;
    private volatile bool _hasBlocked;

    private EncryptionGuard(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Whether an unencrypted message was blocked.</summary>
    public bool HasBlocked => _hasBlocked;

    public static EncryptionGuard StartFor(string host, int port)
    {
        var guard = new EncryptionGuard(host, port);
        new Thread(guard.AcceptConnections) { IsBackground = true, Name = "smb guard" }.Start();
        return guard;
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Whether a message may pass: it is encrypted, or one of those sent before encryption can begin.</summary>
    internal static bool IsAllowed(ReadOnlySpan<byte> message)
    {
        if (message.Length >= 4 && message[0] == 0xFD)
        {
            return true;
        }

        while (message.Length >= SmbHeaderSize && message[0] == 0xFE)
        {
            var next = BinaryPrimitives.ReadInt32LittleEndian(message[20..]);
            var one = next == 0 ? message : message[..Math.Clamp(next, 0, message.Length)];
            if (one.Length < SmbHeaderSize || !CanBeUnencrypted(one))
            {
                return false;
            }

            if (next == 0)
            {
                return true;
            }

            message = message[one.Length..];
        }

        return false;
    }

    /// <summary>Allows negotiate, session set-up, log-off, tree connect and disconnect, and the one I/O control that validates the negotiation.</summary>
    private static bool CanBeUnencrypted(ReadOnlySpan<byte> message)
    {
        const int Control = 11;
        const uint ValidateNegotiation = 0x00140204;
        var command = BinaryPrimitives.ReadUInt16LittleEndian(message[12..]);
        return command <= 4 || (command == Control && message.Length >= SmbHeaderSize + 8 && BinaryPrimitives.ReadUInt32LittleEndian(message[(SmbHeaderSize + 4)..]) == ValidateNegotiation);
    }

    private void AcceptConnections()
    {
        try
        {
            while (true)
            {
                var library = _listener.Accept();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                library.NoDelay = true;
                new Thread(() => Relay(library, server)) { IsBackground = true, Name = "smb guard" }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The guard was disposed.
        }
    }

    private void Relay(Socket library, Socket server)
    {
        try
        {
            server.Connect(_host, _port);
            new Thread(() => RelayResponses(server, library)) { IsBackground = true, Name = "smb guard" }.Start();
            RelayRequests(library, server);
        }
        catch (SocketException)
        {
            // One side closed its connection, so close the other too.
        }

        library.Dispose();
        server.Dispose();
    }

    /// <summary>Relays the library's messages one by one, until one must be blocked.</summary>
    private void RelayRequests(Socket library, Socket server)
    {
        var frame = new byte[4 + 4096];
        while (library.ReceiveAll(frame.AsSpan(0, 4)))
        {
            var length = 4 + (int)(BinaryPrimitives.ReadUInt32BigEndian(frame) & 0xFFFFFF);
            if (length > frame.Length)
            {
                Array.Resize(ref frame, Math.Min(MaxFrameBytes, length * 2));
            }

            if (!library.ReceiveAll(frame.AsSpan(4, length - 4)))
            {
                return;
            }

            if (!IsAllowed(frame.AsSpan(4, length - 4)))
            {
                _hasBlocked = true;
                return;
            }

            server.SendAll(frame.AsSpan(0, length));
        }
    }

    private static void RelayResponses(Socket server, Socket library)
    {
        var bytes = new byte[1 << 18];
        try
        {
            while (server.Receive(bytes) is > 0 and var received)
            {
                library.SendAll(bytes.AsSpan(0, received));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side closed its connection, so close the other too.
        }

        library.Dispose();
        server.Dispose();
    }
}
