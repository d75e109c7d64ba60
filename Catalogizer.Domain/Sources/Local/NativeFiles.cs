using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// Reads folders and opens files with direct system calls: names are bytes, links are not followed, and an error within a listing is told
/// apart from its end. The framework's enumeration loses names that are not UTF-8 and cannot tell an aborted listing from a complete one.
/// </summary>
internal static unsafe partial class NativeFiles
{
    private const string LibC = "libc";
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int PathOnly = 0x200000;
    private const int CurrentFolder = -100;
    private const int NoFollowStat = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint StatusMask = 0x1 | 0x40 | 0x100 | 0x200;
    private const byte TypeUnknown = 0;
    private const byte TypeFolder = 4;
    private const byte TypeFile = 8;
    private const ushort ModeType = 0xF000;
    private const ushort ModeFolder = 0x4000;
    private const ushort ModeFile = 0x8000;

    private static readonly bool IsArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int FolderOnly = IsArm64 ? 0x4000 : 0x10000;
    private static readonly int NoFollow = IsArm64 ? 0x8000 : 0x20000;

    /// <param name="foldersOnly">Skips files, and with them the system call for each one's attributes.</param>
    /// <exception cref="SourceException">The folder could not be read completely, or may not be read.</exception>
    public static FolderContent List(string path, LocalAccess access, bool foldersOnly = false)
    {
        var descriptor = OpenFolder(path);
        var folder = fdopendir(descriptor);
        if (folder == 0)
        {
            var error = Marshal.GetLastPInvokeError();
            _ = close(descriptor);
            throw CreateException(path, error);
        }

        try
        {
            return ReadEntries(path, folder, descriptor, access, foldersOnly);
        }
        finally
        {
            _ = closedir(folder);
        }
    }

    /// <exception cref="SourceException">The folder could not be read, or may not be read.</exception>
    public static long GetModifiedAt(string path, LocalAccess access)
    {
        FileStatus status;
        fixed (byte* name = RawName.Encode(path))
        {
            if (statx(CurrentFolder, name, NoFollowStat, StatusMask, &status) != 0)
            {
                throw CreateException(path, Marshal.GetLastPInvokeError());
            }

            if ((status.Mode & ModeType) != ModeFolder)
            {
                throw new SourceException(SourceErrorKind.NotFound, $"{path} is no longer a folder.");
            }

            if (access.IsHidden(status.Id, CurrentFolder, name))
            {
                RequireFolder(path, name, access);
            }
        }

        return status.ModifiedAt;
    }

    /// <summary>
    /// Opens a file below a root one path component at a time, so that no folder that became a link is followed and every folder on the way
    /// is checked.
    /// </summary>
    /// <exception cref="SourceException">The file could not be opened, or may not be read.</exception>
    public static SafeFileHandle Open(string root, string relative, LocalAccess access)
    {
        var full = Path.Join(root, relative);
        var at = RequireOrClose(OpenAt(CurrentFolder, root, FolderOnly | PathOnly, full), full, access);
        var parts = relative.Split('/');
        foreach (var part in parts.AsSpan(..^1))
        {
            at = OpenChild(at, part, FolderOnly | PathOnly, full, access);
        }

        var file = OpenChild(at, parts[^1], NonBlocking, full, access);
        if (!IsFile(file))
        {
            _ = close(file);
            throw new SourceException(SourceErrorKind.NotFound, $"{full} is no longer a file.");
        }

        return new SafeFileHandle(file, ownsHandle: true);
    }

    /// <summary>The id of what a path leads to, following links; null when it leads nowhere.</summary>
    public static FileId? FindId(string path)
    {
        FileStatus status;
        fixed (byte* name = RawName.Encode(path))
        {
            return statx(CurrentFolder, name, 0, StatusMask, &status) == 0 ? status.Id : null;
        }
    }

    /// <summary>Modification time of a folder in nanoseconds, following links; 0 when it does not exist.</summary>
    public static long GetModifiedNanoseconds(string path)
    {
        FileStatus status;
        fixed (byte* name = RawName.Encode(path))
        {
            return statx(CurrentFolder, name, 0, StatusMask, &status) == 0 ? (status.ModifiedSeconds * 1_000_000_000) + status.ModifiedNanoseconds : 0;
        }
    }

    /// <summary>A folder and all folders above it, nearest first, following links; empty when the folder cannot be opened.</summary>
    public static IReadOnlyList<FileId> GetSelfAndAncestors(string path)
    {
        var folders = new List<FileId>();
        fixed (byte* name = RawName.Encode(path), up = ".."u8)
        {
            var current = openat(CurrentFolder, name, FolderOnly | PathOnly | CloseOnExec, 0);
            while (current >= 0)
            {
                var id = FindId(current);
                var parent = id is null || (folders.Count > 0 && folders[^1] == id) ? -1 : openat(current, up, FolderOnly | PathOnly | CloseOnExec, 0);
                _ = close(current);
                if (id is null || (folders.Count > 0 && folders[^1] == id))
                {
                    break;      // the parent of the topmost folder is the folder itself
                }

                folders.Add(id.Value);
                current = parent;
            }
        }

        return folders;
    }

    /// <summary>Opens an entry only to query it (O_PATH); negative when it does not exist.</summary>
    public static int OpenPath(int folder, byte* name) => openat(folder, name, PathOnly | NoFollow | CloseOnExec, 0);

    public static void Close(int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = close(descriptor);
        }
    }

    /// <summary>The type number of an opened file's file system (statfs f_type); 0 when it cannot be determined.</summary>
    public static uint GetFileSystemType(int descriptor)
    {
        // struct statfs is 120 bytes on 64-bit systems; f_type comes first.
        var buffer = stackalloc long[16];
        return fstatfs(descriptor, buffer) == 0 ? (uint)buffer[0] : 0;
    }

    private static void RequireFolder(string path, byte* name, LocalAccess access)
    {
        var folder = OpenPath(CurrentFolder, name);
        if (folder < 0)
        {
            throw CreateException(path, Marshal.GetLastPInvokeError());
        }

        Close(RequireOrClose(folder, path, access));
    }

    /// <summary>Returns the descriptor, or closes it and throws when the file or folder may not be read.</summary>
    private static int RequireOrClose(int descriptor, string full, LocalAccess access)
    {
        try
        {
            access.Require(full, FindId(descriptor) ?? throw CreateException(full, Marshal.GetLastPInvokeError()), descriptor);
            return descriptor;
        }
        catch
        {
            _ = close(descriptor);
            throw;
        }
    }

    private static FileId? FindId(int descriptor)
    {
        FileStatus status;
        byte emptyPath = 0;
        return statx(descriptor, &emptyPath, EmptyPath, StatusMask, &status) == 0 ? status.Id : null;
    }

    /// <summary>Needed because a folder can be opened like a file and fails only when it is read.</summary>
    private static bool IsFile(int descriptor)
    {
        FileStatus status;
        byte emptyPath = 0;
        return statx(descriptor, &emptyPath, EmptyPath, StatusMask, &status) == 0 && (status.Mode & ModeType) == ModeFile;
    }

    private static int OpenChild(int folder, string name, int flags, string full, LocalAccess access)
    {
        try
        {
            return RequireOrClose(OpenAt(folder, name, flags, full), full, access);
        }
        finally
        {
            _ = close(folder);
        }
    }

    private static int OpenAt(int folder, string name, int flags, string full)
    {
        fixed (byte* bytes = RawName.Encode(name))
        {
            var descriptor = openat(folder, bytes, flags | NoFollow | CloseOnExec, 0);
            return descriptor >= 0 ? descriptor : throw CreateException(full, Marshal.GetLastPInvokeError());
        }
    }

    private static int OpenFolder(string path)
    {
        fixed (byte* name = RawName.Encode(path))
        {
            var descriptor = open(name, FolderOnly | NoFollow | CloseOnExec, 0);
            return descriptor >= 0 ? descriptor : throw CreateException(path, Marshal.GetLastPInvokeError());
        }
    }

    private static FolderContent ReadEntries(string path, nint folder, int descriptor, LocalAccess access, bool foldersOnly)
    {
        FileStatus status;
        byte emptyPath = 0;
        if (statx(descriptor, &emptyPath, EmptyPath, StatusMask, &status) != 0)
        {
            throw CreateException(path, Marshal.GetLastPInvokeError());
        }

        access.Require(path, status.Id, descriptor);
        var (modifiedAt, device) = (status.ModifiedAt, status.Id.Device);
        var entries = new List<SourceEntry>();
        var unlisted = 0;
        while (true)
        {
            var entry = (byte*)readdir64(folder);
            if (entry == null)
            {
                var error = Marshal.GetLastPInvokeError();
                return error == 0 ? new FolderContent(modifiedAt, entries, unlisted) : throw CreateException(path, error);
            }

            // struct dirent64: inode 8, offset 8, length 2, type 1, then the name.
            var type = entry[18];
            var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19);
            if (bytes is [(byte)'.'] or [(byte)'.', (byte)'.'])
            {
                continue;
            }

            if (foldersOnly && type == TypeFile)
            {
                continue;
            }

            if (type is not (TypeFile or TypeFolder or TypeUnknown))
            {
                unlisted++;
                continue;
            }

            if (type == TypeFolder)
            {
                // Lists a mount point as a folder: what is mounted there is checked when it is opened.
                if (access.IsOwn(new FileId(device, *(ulong*)entry)))
                {
                    unlisted++;
                    continue;
                }

                entries.Add(new SourceEntry(RawName.Decode(bytes), true, 0, 0, *(long*)entry));
                continue;
            }

            if (statx(descriptor, entry + 19, NoFollowStat, StatusMask, &status) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == 2)
                {
                    continue;   // deleted after it was listed
                }

                throw CreateException(path, error);
            }

            switch (status.Mode & ModeType)
            {
                case ModeFile or ModeFolder when access.IsHidden(status.Id, descriptor, entry + 19):
                    unlisted++;
                    break;
                case ModeFile:
                    entries.Add(new SourceEntry(RawName.Decode(bytes), false, (long)status.Size, status.ModifiedAt, (long)status.Inode));
                    break;
                case ModeFolder:
                    entries.Add(new SourceEntry(RawName.Decode(bytes), true, 0, 0, (long)status.Inode));
                    break;
                default:
                    unlisted++;
                    break;
            }
        }
    }

    /// <summary>Maps a failed system call to an exception with a message for users.</summary>
    public static SourceException CreateException(string path, int error)
    {
        var kind = error switch
        {
            1 or 13 => SourceErrorKind.Denied,
            2 or 20 or 40 => SourceErrorKind.NotFound,
            110 => SourceErrorKind.TimedOut,
            _ => SourceErrorKind.Unreachable,
        };
        var why = error switch
        {
            1 or 13 => "this user may not read it",
            2 => "it is not there",
            20 => "it is not a folder",
            40 => "it is a link, and links are not followed",
            _ => Marshal.GetPInvokeErrorMessage(error).ToLowerInvariant(),
        };
        return new SourceException(kind, $"{path} could not be read: {why}.");
    }

    [LibraryImport(LibC, SetLastError = true)]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial int openat(int folder, byte* path, int flags, int mode);

    [LibraryImport(LibC)]
    private static partial int close(int descriptor);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial nint fdopendir(int descriptor);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial nint readdir64(nint folder);

    [LibraryImport(LibC)]
    private static partial int closedir(nint folder);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial int statx(int descriptor, byte* path, int flags, uint mask, FileStatus* status);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial int fstatfs(int descriptor, long* buffer);

    /// <summary>struct statx, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;

        public readonly FileId Id => new(((ulong)DeviceMajor << 32) | DeviceMinor, Inode);

        public readonly long ModifiedAt => (ModifiedSeconds * 1000) + (ModifiedNanoseconds / 1_000_000);
    }
}
