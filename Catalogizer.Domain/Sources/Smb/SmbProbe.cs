using System.Buffers.Binary;
using System.Net.Sockets;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>
/// Sends a negotiate request to a file server and waits for the response. Detects a server that is off as well as one that hangs but
/// still accepts connections. Needs no login and no worker, and does not wake the server's disks.
/// </summary>
internal static class SmbProbe
{
    private const int HeaderSize = 64;

    private static readonly byte[] NegotiateRequest = CreateNegotiateRequest();

    /// <exception cref="SmbException"/>
    public static async Task NegotiateAsync(string host, int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(host, port, cancellation);
            var stream = client.GetStream();
            await stream.WriteAsync(NegotiateRequest, cancellation);
            var response = new byte[8];
            await stream.ReadExactlyAsync(response, cancellation);
            if (response[5] != 'S' || response[6] != 'M' || response[7] != 'B')
            {
                throw new SmbException(SmbError.NoAnswer);
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            throw new SmbException(SmbError.HostNotFound);
        }
        catch (SocketException exception)
        {
            throw new SmbException(SmbError.NoAnswer, exception.NativeErrorCode);
        }
        catch (IOException)
        {
            throw new SmbException(SmbError.Dropped);
        }
        catch (OperationCanceledException)
        {
            throw new SmbException(SmbError.TimedOut);
        }
    }

    /// <summary>A negotiate request for SMB 2.02, 2.1 and 3.0, [MS-SMB2] 2.2.3.</summary>
    private static byte[] CreateNegotiateRequest()
    {
        ReadOnlySpan<ushort> dialects = [0x0202, 0x0210, 0x0300];
        var message = new byte[4 + HeaderSize + 36 + (dialects.Length * 2)];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length - 4);
        var header = message.AsSpan(4);
        BinaryPrimitives.WriteUInt32BigEndian(header, 0xFE534D42);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[14..], 1);
        var body = header[HeaderSize..];
        BinaryPrimitives.WriteUInt16LittleEndian(body, 36);
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], (ushort)dialects.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(body[4..], 1);
        body.Slice(12, 16).Fill(0x5C);
        for (var i = 0; i < dialects.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(body[(36 + (i * 2))..], dialects[i]);
        }

        return message;
    }
}
