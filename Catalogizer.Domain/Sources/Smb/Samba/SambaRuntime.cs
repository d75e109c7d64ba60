using System.Runtime.InteropServices;
using System.Text;

namespace Catalogizer.Domain.Sources.Smb.Samba;

/// <summary>Samba's library in this process, made ready once and never let go.</summary>
internal static unsafe class SambaRuntime
{
    private static nint _rootContext;

    /// <summary>
    /// Held while a connection is made or let go: the library keeps its settings, names and modules in places that all
    /// connections share.
    /// </summary>
    public static Lock ConnectionLock { get; } = new();

    public static bool IsInstalled(string library) =>
        NativeLibrary.TryLoad(library, out _) && NativeLibrary.TryLoad(SambaLibrary.BaseFileName, out var shared) && NativeLibrary.TryGetExport(shared, "smb_thread_set_functions", out _);

    /// <param name="folder">A folder of the process's own; the library keeps its files there.</param>
    public static void Start(string folder, bool requireSigning)
    {
        SambaThreads.Install();
        lock (ConnectionLock)
        {
            // Letting the last one go would take the library's own state down with it.
            _rootContext = SambaLibrary.smbc_new_context();
            SambaLibrary.smbc_setLogCallback(_rootContext, 0, &Log);
            SambaLibrary.smbc_setFunctionAuthDataWithContext(_rootContext, &ProvideNoCredentials);
            fixed (byte* file = ToNullTerminated(WriteSettings(folder, requireSigning)), minProtocol = "SMB2_02\0"u8, maxProtocol = "SMB3\0"u8)
            {
                if (SambaLibrary.smbc_setConfiguration(_rootContext, file) != 0 || SambaLibrary.smbc_setOptionProtocols(_rootContext, minProtocol, maxProtocol) == 0 || SambaLibrary.smbc_init_context(_rootContext) == 0)
                {
                    throw new InvalidOperationException("Samba's library did not take its settings.");
                }
            }
        }
    }

    /// <summary>UTF-8 with a zero at the end.</summary>
    public static byte[] ToNullTerminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>
    /// Where the library looks first, with HOME set to the folder: a machine's own smb.conf changes nothing here. Only the
    /// ASCII character set needs no converter that several connections would share.
    /// </summary>
    private static string WriteSettings(string folder, bool requireSigning)
    {
        var file = Path.Combine(folder, ".smb", "smb.conf");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(
            file,
            $"""
            [global]
              dos charset = ASCII
              unix charset = UTF-8
              name resolve order = host
              disable netbios = yes
              load printers = no
              cache directory = {folder}
              lock directory = {folder}
              state directory = {folder}
              private dir = {folder}
              client min protocol = SMB2_02
              client max protocol = SMB3
              client signing = {(requireSigning ? "required" : "if_required")}

            """);
        return file;
    }

    /// <summary>What the library has to say names hosts and users, and goes nowhere.</summary>
    [UnmanagedCallersOnly]
    private static void Log(nint userData, int level, byte* message)
    {
    }

    /// <summary>The kept context connects to nothing and knows no user.</summary>
    [UnmanagedCallersOnly]
    private static void ProvideNoCredentials(nint context, byte* server, byte* share, byte* domain, int domainSize, byte* user, int userSize, byte* password, int passwordSize)
    {
    }
}
