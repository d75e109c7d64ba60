using System.Runtime.InteropServices;

namespace Catalogizer.Domain.Sources.Smb.Samba;

/// <summary>
/// Samba's client library as declared in libsmbclient.h. It is used only in this folder, and called only in worker processes:
/// it can hang, and it can end its process.
/// </summary>
internal static unsafe partial class SambaLibrary
{
    public const string FileName = "libsmbclient.so.0";

    /// <summary>Contains smb_thread_set_functions; part of the library's own package.</summary>
    public const string BaseFileName = "libsamba-util.so.0";

    [LibraryImport(FileName)]
    public static partial nint smbc_new_context();

    [LibraryImport(FileName)]
    public static partial nint smbc_init_context(nint context);

    [LibraryImport(FileName)]
    public static partial int smbc_free_context(nint context, int shutdown);

    [LibraryImport(FileName)]
    public static partial void smbc_setLogCallback(nint context, nint userData, delegate* unmanaged<nint, int, byte*, void> log);

    [LibraryImport(FileName)]
    public static partial int smbc_setConfiguration(nint context, byte* file);

    [LibraryImport(FileName)]
    public static partial byte smbc_setOptionProtocols(nint context, byte* minProtocol, byte* maxProtocol);

    [LibraryImport(FileName)]
    public static partial void smbc_setTimeout(nint context, int milliseconds);

    [LibraryImport(FileName)]
    public static partial void smbc_setPort(nint context, ushort port);

    [LibraryImport(FileName)]
    public static partial void smbc_setUser(nint context, byte* user);

    [LibraryImport(FileName)]
    public static partial void smbc_setOptionUserData(nint context, nint userData);

    [LibraryImport(FileName)]
    public static partial nint smbc_getOptionUserData(nint context);

    [LibraryImport(FileName)]
    public static partial void smbc_setOptionSmbEncryptionLevel(nint context, int level);

    [LibraryImport(FileName)]
    public static partial void smbc_setOptionNoAutoAnonymousLogin(nint context, int on);

    [LibraryImport(FileName)]
    public static partial void smbc_setOptionUseKerberos(nint context, int on);

    [LibraryImport(FileName)]
    public static partial void smbc_setOptionUseCCache(nint context, int on);

    [LibraryImport(FileName)]
    public static partial void smbc_setFunctionAuthDataWithContext(nint context, delegate* unmanaged<nint, byte*, byte*, byte*, int, byte*, int, byte*, int, void> callback);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, byte*, nint> smbc_getFunctionOpendir(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, nint, int> smbc_getFunctionClosedir(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, nint, byte*> smbc_getFunctionReaddir(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, nint, void*, Entry*> smbc_getFunctionReaddirPlus2(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, byte*, void*, int> smbc_getFunctionStat(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, byte*, StatVfs*, int> smbc_getFunctionStatVFS(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, byte*, int, uint, nint> smbc_getFunctionOpen(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, nint, void*, nuint, nint> smbc_getFunctionRead(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, nint, long, int, long> smbc_getFunctionLseek(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, nint, int> smbc_getFunctionClose(nint context);

    [LibraryImport(FileName)]
    public static partial delegate* unmanaged<nint, nint, int, uint, uint, delegate* unmanaged<NotifyAction*, nuint, nint, int>, nint, int> smbc_getFunctionNotify(nint context);

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Timespec
    {
        private readonly long _seconds;
        private readonly long _nanoseconds;

        public long Milliseconds => (_seconds * 1000) + (_nanoseconds / 1_000_000);
    }

    /// <summary>struct libsmb_file_info, the same on x86-64 and 64-bit ARM.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 104)]
    public struct Entry
    {
        [FieldOffset(0)]
        public ulong Size;

        [FieldOffset(8)]
        public ushort Attributes;

        [FieldOffset(40)]
        public Timespec ModifiedAt;

        [FieldOffset(88)]
        public byte* Name;
    }

    /// <summary>The beginning of struct statvfs. Over SMB, block size is the product of the first two fields: bytes per sector, sectors per block.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatVfs
    {
        [FieldOffset(0)]
        public ulong Bytes;

        [FieldOffset(8)]
        public ulong Sectors;

        [FieldOffset(16)]
        public ulong Blocks;

        [FieldOffset(32)]
        public ulong Available;
    }

    /// <summary>struct smbc_notify_callback_action.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NotifyAction
    {
        public uint Action;
        public byte* Name;
    }
}
