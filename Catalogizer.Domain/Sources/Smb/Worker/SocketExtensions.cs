using System.Net.Sockets;

namespace Catalogizer.Domain.Sources.Smb.Worker;

/// <summary>Blocking sends and receives of exactly the given number of bytes.</summary>
internal static class SocketExtensions
{
    public static void SendAll(this Socket socket, ReadOnlyMemory<byte> bytes) => socket.SendAll(bytes.Span);

    public static void SendAll(this Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    /// <summary>Fills the buffer; returns false when the other side closed the connection first.</summary>
    public static bool ReceiveAll(this Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var received = socket.Receive(buffer);
            if (received == 0)
            {
                return false;
            }

            buffer = buffer[received..];
        }

        return true;
    }
}
