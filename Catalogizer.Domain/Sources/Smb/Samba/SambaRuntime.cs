using System.Runtime.InteropServices;
using System.Text;

namespace Catalogizer.Domain.Sources.Smb.Samba;

/// <summary>Samba's library in this process, initialised once and never shut down.</summary>
internal static unsafe class SambaRuntime
{
    private static nint _rootContext;

    /// <summary>
    /// Must be held while a connection is opened or closed: the library keeps settings, names and modules in state that all
    /// connections share.
    /// </summary>
    public static Lock ConnectionLock { get; } = new();

    public static bool IsInstalled(string library) =>
        NativeLibrary.TryLoad(library, out _) && NativeLibrary.TryLoad(SambaLibrary.BaseFileName, out var shared) && NativeLibrary.TryGetExport(shared, "smb_thread_set_functions", out _);

    /// <param name="folder">A private folder of this process; the library stores its files there.</param>
    public static void Start(string folder, bool requireSigning)
    {
        SambaThreads.Install();
        lock (ConnectionLock)
        {
            // Never freed: freeing the last context would destroy the library's global state.
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

    /// <summary>The text as UTF-8, terminated by a zero byte.</summary>
    public static byte[] ToNullTerminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>
    /// Writes the smb.conf that the library reads first, with HOME set to the folder, so that the system's own smb.conf has no effect. Only
    /// the ASCII character set works without a converter, which connections would share.
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

    /// <summary>Discards the library's log messages, since they contain hosts and users.</summary>
    [UnmanagedCallersOnly]
    private static void Log(nint userData, int level, byte* message)
    {
    }

    /// <summary>The root context never connects and has no user.</summary>
    [UnmanagedCallersOnly]
    private static void ProvideNoCredentials(nint context, byte* server, byte* share, byte* domain, int domainSize, byte* user, int userSize, byte* password, int passwordSize)
    {
    }
}
