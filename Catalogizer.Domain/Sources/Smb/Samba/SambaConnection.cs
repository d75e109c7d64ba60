using System.Runtime.InteropServices;
using System.Text;

namespace Catalogizer.Domain.Sources.Smb.Samba;

/// <summary>
/// One connection to a share, for use by one thread only. Every call blocks until the server answers or the library gives up,
/// which can take four times the time limit.
/// </summary>
internal sealed unsafe class SambaConnection : IDisposable
{
    private const int FolderAttribute = 0x10;
    private const int ReparsePointAttribute = 0x400;
    private const int TypeMask = 0xF000;
    private const int TypeFolder = 0x4000;

    /// <summary>Size limit of the library's buffers for user name, password and domain.</summary>
    private const int MaxTextBytes = 255;

    private readonly SmbLogin _login;
    private readonly byte[] _password;
    private readonly string _host;
    private readonly GCHandle _self;
    private readonly nint _context;

    /// <param name="host">The host to connect to: the login's, or the encryption guard in front of it.</param>
    public SambaConnection(SmbLogin login, byte[] password, string host, int port, TimeSpan limit)
    {
        (_login, _password, _host) = (login, password, host);
        _self = GCHandle.Alloc(this);
        _context = SambaLibrary.smbc_new_context();
        SambaLibrary.smbc_setOptionUserData(_context, GCHandle.ToIntPtr(_self));
        SambaLibrary.smbc_setFunctionAuthDataWithContext(_context, &ProvideCredentials);
        SambaLibrary.smbc_setTimeout(_context, (int)limit.TotalMilliseconds);
        SambaLibrary.smbc_setPort(_context, (ushort)port);
        fixed (byte* user = SambaRuntime.ToNullTerminated(User))
        {
            SambaLibrary.smbc_setUser(_context, user);
        }

        SambaLibrary.smbc_setOptionUseKerberos(_context, 0);
        SambaLibrary.smbc_setOptionUseCCache(_context, 0);
        SambaLibrary.smbc_setOptionNoAutoAnonymousLogin(_context, login.IsGuest ? 0 : 1);

        // A guest has no password to derive a key from; requiring encryption would reject every guest.
        SambaLibrary.smbc_setOptionSmbEncryptionLevel(_context, login.IsGuest ? 0 : (int)login.Encryption);
        if (SambaLibrary.smbc_init_context(_context) == 0)
        {
            var error = Marshal.GetLastSystemError();
            Dispose();
            throw new SmbException(SmbError.Other, error);
        }
    }

    public delegate void EntryFound(ReadOnlySpan<byte> name, bool isFolder, bool isRedirected, long size, long modifiedAt);

    private string User => _login.IsGuest ? "guest" : _login.User;

    /// <summary>
    /// Connects to the share, or only to the server when no share is set; its errors tell wrong logins and missing or refused shares apart.
    /// Call it with <see cref="SambaRuntime.ConnectionLock"/> held.
    /// </summary>
    public void Connect()
    {
        try
        {
            if (_login.Share.Length == 0)
            {
                ListShares();
            }
            else
            {
                Stat("");
            }
        }
        catch (SmbException exception) when (exception.Kind == SmbError.NotFound)
        {
            throw new SmbException(SmbError.ShareNotFound, exception.ErrorNumber);
        }
        catch (SmbException exception) when (exception.Kind == SmbError.Denied)
        {
            // The library hides the server's exact error; a login that may list the shares has the right password.
            throw new SmbException(_login.Share.Length > 0 && CanListShares() ? SmbError.ShareRefused : SmbError.WrongLogin, exception.ErrorNumber);
        }
    }

    /// <summary>Lists a folder completely. The folder itself is reported as ".".</summary>
    public void List(string path, EntryFound found)
    {
        var folder = OpenFolder(path);
        try
        {
            // Pass no buffer for stat data: filling it takes twice as long as the listing, and the entry has all that is needed.
            while (SambaLibrary.smbc_getFunctionReaddirPlus2(_context)(_context, folder, null) is not null and var entry)
            {
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry->Name);
                if (!name.SequenceEqual(".."u8))
                {
                    found(name, (entry->Attributes & FolderAttribute) != 0, (entry->Attributes & ReparsePointAttribute) != 0, (long)entry->Size, entry->ModifiedAt.Milliseconds);
                }
            }
        }
        finally
        {
            _ = SambaLibrary.smbc_getFunctionClosedir(_context)(_context, folder);
        }
    }

    public IReadOnlyList<NetworkShare> ListShares()
    {
        var folder = OpenUrl($"smb://{_host}/");
        try
        {
            var shares = new List<NetworkShare>();
            while (SambaLibrary.smbc_getFunctionReaddir(_context)(_context, folder) is not null and var entry)
            {
                // struct smbc_dirent: type first, pointer to the comment at 16, name at 28; type 3 is a file share.
                if (*(uint*)entry == 3)
                {
                    shares.Add(new NetworkShare(Marshal.PtrToStringUTF8((nint)(entry + 28))!, Marshal.PtrToStringUTF8(*(nint*)(entry + 16)) ?? ""));
                }
            }

            return shares;
        }
        finally
        {
            _ = SambaLibrary.smbc_getFunctionClosedir(_context)(_context, folder);
        }
    }

    public (bool IsFolder, long Size, long ModifiedAt) Stat(string path)
    {
        // struct stat: the mode has another offset on ARM; the other fields read here do not.
        var status = stackalloc byte[256];
        fixed (byte* address = SambaRuntime.ToNullTerminated(BuildUrl(path)))
        {
            Marshal.SetLastSystemError(0);
            if (SambaLibrary.smbc_getFunctionStat(_context)(_context, address, status) != 0)
            {
                throw CreateLastErrorException();
            }
        }

        var mode = *(uint*)(status + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 16 : 24));
        return ((mode & TypeMask) == TypeFolder, *(long*)(status + 48), ((SambaLibrary.Timespec*)(status + 88))->Milliseconds);
    }

    public (long Free, long Total) GetSpace(string path)
    {
        SambaLibrary.StatVfs space = default;
        fixed (byte* address = SambaRuntime.ToNullTerminated(BuildUrl(path)))
        {
            Marshal.SetLastSystemError(0);
            if (SambaLibrary.smbc_getFunctionStatVFS(_context)(_context, address, &space) != 0)
            {
                throw CreateLastErrorException();
            }
        }

        var block = space.Bytes * Math.Max(1, space.Sectors);
        return ((long)(space.Available * block), (long)(space.Blocks * block));
    }

    public nint OpenFile(string path)
    {
        fixed (byte* address = SambaRuntime.ToNullTerminated(BuildUrl(path)))
        {
            Marshal.SetLastSystemError(0);
            var file = SambaLibrary.smbc_getFunctionOpen(_context)(_context, address, 0, 0);
            return file != 0 ? file : throw CreateLastErrorException();
        }
    }

    public int Read(nint file, long offset, Span<byte> buffer)
    {
        Marshal.SetLastSystemError(0);
        if (SambaLibrary.smbc_getFunctionLseek(_context)(_context, file, offset, 0) < 0)
        {
            throw CreateLastErrorException();
        }

        fixed (byte* to = buffer)
        {
            Marshal.SetLastSystemError(0);
            var read = SambaLibrary.smbc_getFunctionRead(_context)(_context, file, to, (nuint)buffer.Length);
            return read >= 0 ? (int)read : throw CreateLastErrorException();
        }
    }

    public void CloseFile(nint file) => _ = SambaLibrary.smbc_getFunctionClose(_context)(_context, file);

    /// <summary>
    /// Reports changes in a folder and everything below until <paramref name="onChanges"/> returns true; returns false when more happened than
    /// the server could report.
    /// </summary>
    /// <param name="onChanges">Receives paths below the folder, with '\', or an empty list when nothing happened for a moment; returns whether to stop.</param>
    public bool Watch(string path, Func<IReadOnlyList<(uint Action, string Path)>, bool> onChanges)
    {
        const uint NamesSizesAndTimes = 0x1 | 0x2 | 0x8 | 0x10;
        const uint Moment = 200;    // milliseconds; from one second on, the library waits twice as long as requested
        var folder = OpenFolder(path);
        var handle = GCHandle.Alloc(onChanges);
        try
        {
            Marshal.SetLastSystemError(0);
            var end = SambaLibrary.smbc_getFunctionNotify(_context)(_context, folder, 1, NamesSizesAndTimes, Moment, &OnNotify, GCHandle.ToIntPtr(handle));
            var error = Marshal.GetLastSystemError();
            return end == 0 || (error == 0 ? false : throw CreateException(error));
        }
        finally
        {
            handle.Free();
            _ = SambaLibrary.smbc_getFunctionClosedir(_context)(_context, folder);
        }
    }

    /// <summary>Call it with <see cref="SambaRuntime.ConnectionLock"/> held.</summary>
    public void Dispose()
    {
        _ = SambaLibrary.smbc_free_context(_context, 1);
        _self.Free();
    }

    [UnmanagedCallersOnly]
    private static void ProvideCredentials(nint context, byte* server, byte* share, byte* domain, int domainSize, byte* user, int userSize, byte* password, int passwordSize)
    {
        try
        {
            var self = (SambaConnection)GCHandle.FromIntPtr(SambaLibrary.smbc_getOptionUserData(context)).Target!;

            // A server can redirect its client to another one, which must not get this password.
            if (!string.Equals(Marshal.PtrToStringUTF8((nint)server), self._host, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            if (self._login.Domain.Length > 0)
            {
                CopyText(Encoding.UTF8.GetBytes(self._login.Domain), domain, domainSize);
            }

            CopyText(Encoding.UTF8.GetBytes(self.User), user, userSize);
            CopyText(self._password, password, passwordSize);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // Exceptions must not cross into C code. Without credentials the server refuses the login.
            return;
        }
    }

    [UnmanagedCallersOnly]
    private static int OnNotify(SambaLibrary.NotifyAction* actions, nuint count, nint userData)
    {
        var changes = new (uint, string)[(int)count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = (actions[i].Action, Marshal.PtrToStringUTF8((nint)actions[i].Name) ?? "");
        }

        return ((Func<IReadOnlyList<(uint, string)>, bool>)GCHandle.FromIntPtr(userData).Target!)(changes) ? 1 : 0;
    }

    private static void CopyText(ReadOnlySpan<byte> text, byte* to, int size)
    {
        if (text.Length <= Math.Min(MaxTextBytes, size - 1))
        {
            text.CopyTo(new Span<byte>(to, size));
            to[text.Length] = 0;
        }
    }

    private static SmbException CreateLastErrorException() => CreateException(Marshal.GetLastSystemError());

    private static SmbException CreateException(int error) => new(
        error switch
        {
            1 or 13 => SmbError.Denied,
            2 => SmbError.NotFound,
            20 => SmbError.NotAFolder,
            // 12, "out of memory": what libsmbclient says when setting a connection up failed half way.
            12 or 32 or 102 or 103 or 104 or 107 => SmbError.Dropped,
            101 or 111 or 112 or 113 => SmbError.NoAnswer,
            110 => SmbError.TimedOut,
            _ => SmbError.Other,
        },
        error);

    private bool CanListShares()
    {
        try
        {
            ListShares();
            return true;
        }
        catch (SmbException exception)
        {
            return exception.Kind != SmbError.Denied;
        }
    }

    private nint OpenFolder(string path) => OpenUrl(BuildUrl(path));

    private nint OpenUrl(string url)
    {
        fixed (byte* address = SambaRuntime.ToNullTerminated(url))
        {
            Marshal.SetLastSystemError(0);
            var folder = SambaLibrary.smbc_getFunctionOpendir(_context)(_context, address);
            return folder != 0 ? folder : throw CreateLastErrorException();
        }
    }

    private string BuildUrl(string path)
    {
        var address = new StringBuilder($"smb://{_host}/");
        Escape(address, _login.Share);
        address.Append('/');
        Escape(address, path);
        return address.ToString();
    }

    /// <summary>Percent-encodes every byte except the plainest, since '%', '?' and others have a meaning for the library.</summary>
    private static void Escape(StringBuilder address, string path)
    {
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)'/')
            {
                address.Append((char)b);
            }
            else
            {
                address.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
