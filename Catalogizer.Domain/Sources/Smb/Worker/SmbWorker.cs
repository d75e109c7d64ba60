using System.Net.Sockets;
using System.Runtime.InteropServices;
using Catalogizer.Domain.Sources.Smb.Samba;

namespace Catalogizer.Domain.Sources.Smb.Worker;

/// <summary>
/// Runs Catalogizer as a worker that holds the connections to one file server, so that a crash or hang of Samba's library affects only
/// these. It exits when the parent process closes the control socket or dies.
/// </summary>
public static partial class SmbWorker
{
    /// <summary>The hidden command that starts a worker.</summary>
    public const string CommandName = "smb-worker";

    /// <summary>The first byte sent to the parent, <see cref="Ready"/> or <see cref="NotInstalled"/>: whether Samba's library is installed.</summary>
    internal const byte Ready = 1;
    internal const byte NotInstalled = 2;

    private const int SetDumpable = 4;
    private const int ReadWrite = 2;

    /// <param name="arguments">Path of the socket to connect to, file name of Samba's library, and "signing" when messages must be signed.</param>
    public static int Run(IReadOnlyList<string> arguments)
    {
        Detach();

        // It will hold passwords: no core dump, and no access to its memory for other processes of the same user.
        _ = prctl(SetDumpable, 0, 0, 0, 0);
        var (address, library, requireSigning) = (arguments[0], arguments[1], arguments[2] == "signing");
        var folder = Path.GetDirectoryName(address)!;
        using var control = ConnectToParent(address);
        if (!SambaRuntime.IsInstalled(library))
        {
            control.Send([NotInstalled]);
            return WaitAndExit(control, folder);
        }

        SambaRuntime.Start(folder, requireSigning);
        control.Send([Ready]);

        // Each byte requests one more connection to the parent, which is one more to the file server.
        while (WaitForRequest(control))
        {
            var session = new SmbWorkerSession(ConnectToParent(address));
            new Thread(session.Serve) { IsBackground = true, Name = "smb" }.Start();
        }

        return WaitAndExit(control, folder);
    }

    /// <summary>
    /// Samba's library writes to the standard output, which belongs to the parent. The new session keeps keys pressed in a terminal (Ctrl+C)
    /// from the worker, because the parent ends its workers itself when it no longer needs them.
    /// </summary>
    private static void Detach()
    {
        var nullDevice = open("/dev/null\0"u8, ReadWrite);
        for (var stream = 0; stream <= 2; stream++)
        {
            _ = dup2(nullDevice, stream);
        }

        _ = setsid();
    }

    private static Socket ConnectToParent(string address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendBufferSize = 1 << 20 };
        socket.Connect(new UnixDomainSocketEndPoint(address));
        return socket;
    }

    private static bool WaitForRequest(Socket control)
    {
        try
        {
            return control.Receive(stackalloc byte[1]) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits until the parent closes the control socket, deletes the private folder and exits at once, even if threads hang.</summary>
    private static int WaitAndExit(Socket control, string folder)
    {
        while (WaitForRequest(control))
        {
            // A request for a connection that cannot be made: the parent already knows.
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The parent may have deleted the folder already.
        }

        _exit(0);
        return 0;
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint value, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc")]
    private static partial int open(ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial int setsid();

    [LibraryImport("libc")]
    private static partial void _exit(int code);
}
