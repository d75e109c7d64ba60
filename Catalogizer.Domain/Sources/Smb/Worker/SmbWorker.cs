using System.Net.Sockets;
using System.Runtime.InteropServices;
using Catalogizer.Domain.Sources.Smb.Samba;

namespace Catalogizer.Domain.Sources.Smb.Worker;

/// <summary>
/// The program as a worker: it holds the connections to one file server, so that a crash or a hang of Samba's library
/// costs these alone. It ends when the program that started it hangs up or dies.
/// </summary>
public static partial class SmbWorker
{
    /// <summary>The hidden verb that starts it.</summary>
    public const string CommandName = "smb-worker";

    /// <summary>The first word to the program: whether Samba's library is there.</summary>
    internal const byte Ready = 1;
    internal const byte NotInstalled = 2;

    private const int SetDumpable = 4;
    private const int ReadWrite = 2;

    /// <param name="arguments">The socket to call back on, the name of Samba's library, and whether messages must be signed.</param>
    public static int Run(IReadOnlyList<string> arguments)
    {
        Detach();

        // It will hold passwords: no core file, and nobody of the same user may look into its memory.
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

        // One byte asks for one more connection to this program, which is one more to the file server.
        while (WaitForRequest(control))
        {
            var session = new SmbWorkerSession(ConnectToParent(address));
            new Thread(session.Serve) { IsBackground = true, Name = "smb" }.Start();
        }

        return WaitAndExit(control, folder);
    }

    /// <summary>
    /// Samba's library writes to the standard output as it likes, and the program's is not for that. And a key pressed in a
    /// terminal is for the program alone, which ends its workers when it is done with them.
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

    /// <summary>Waits for the program to hang up, takes its own folder away and ends at once, whatever its threads hang in.</summary>
    private static int WaitAndExit(Socket control, string folder)
    {
        while (WaitForRequest(control))
        {
            // Asked for a connection it cannot make: the answer was given.
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The program may have taken it away already.
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
