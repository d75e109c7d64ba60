using System.Net.Sockets;

namespace Catalogizer.Domain.Sources.Smb.Worker;

/// <summary>Blocking sends and receives of so many bytes and no fewer.</summary>
internal static class WholeSends
{
    public static void SendAll(this Socket socket, ReadOnlyMemory<byte> bytes) => socket.SendAll(bytes.Span);

    public static void SendAll(this Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    /// <summary>Answers false when the other side hung up before.</summary>
    public static bool ReceiveAll(this Socket socket, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var received = socket.Receive(into);
            if (received == 0)
            {
                return false;
            }

            into = into[received..];
        }

        return true;
    }
}
