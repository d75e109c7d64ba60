using System.Collections.Concurrent;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// Decides what may be read on this server: not the program's own files and no file system of the kernel's, whatever path leads there,
/// and where roots are set, nothing outside them. One serves one connection: a device's number may be another disk's later.
/// </summary>
/// <param name="roots">Folders that sources may be or lie in; none allows all.</param>
internal sealed class LocalAccess(OwnFiles ownFiles, IReadOnlyCollection<string> roots)
{
    private readonly ConcurrentDictionary<ulong, string> _devices = new();
    private ulong _allowedDevice;
    private bool _isRootChecked;

    /// <summary>Looks at the program's own files again where they may have changed.</summary>
    public void Refresh() => ownFiles.Refresh();

    /// <summary>Folders that sources may be or lie in; none allows all.</summary>
    public IReadOnlyCollection<string> Roots => roots;

    /// <summary>Checks the root with the folders above it, once.</summary>
    /// <exception cref="SourceException">It may not be a source.</exception>
    public void RequireRoot(string root)
    {
        if (Volatile.Read(ref _isRootChecked))
        {
            return;
        }

        ownFiles.Refresh();
        var above = NativeFiles.GetSelfAndAncestors(root);
        if (above is [])
        {
            return;     // it cannot be opened, and reading it tells why
        }

        if (above.Any(ownFiles.Contains))
        {
            throw CreateForbiddenException(FormatOwnDataMessage(root), isSourceWide: true);
        }

        if (roots.Count > 0 && !roots.Select(NativeFiles.FindId).OfType<FileId>().Any(above.Contains))
        {
            throw CreateForbiddenException($"{root} is outside the folders that the setting Catalogizer:LocalRoots allows ({string.Join(", ", roots)}). Choose a folder in one of them.", isSourceWide: true);
        }

        Volatile.Write(ref _isRootChecked, true);
    }

    /// <exception cref="SourceException">The file or folder may not be read.</exception>
    public void Require(string path, FileId id, int descriptor)
    {
        if (ownFiles.Contains(id))
        {
            throw CreateForbiddenException(FormatOwnDataMessage(path));
        }

        if (FindSystemFileSystem(id.Device, descriptor) is { Length: > 0 } name)
        {
            throw CreateForbiddenException($"{path} is on a file system of the kernel ({name}), which holds no media. Choose another folder.");
        }
    }

    /// <summary>Whether an entry of a listing is left out.</summary>
    /// <param name="descriptor">Of the folder it is in.</param>
    /// <param name="name">The entry's name there.</param>
    public unsafe bool IsHidden(FileId id, int descriptor, byte* name)
    {
        if (ownFiles.Contains(id))
        {
            return true;
        }

        if (id.Device == Volatile.Read(ref _allowedDevice) || _devices.TryGetValue(id.Device, out var known) && known.Length == 0)
        {
            return false;
        }

        // Something is mounted over the single entry.
        var entry = NativeFiles.OpenPath(descriptor, name);
        try
        {
            return entry < 0 || FindSystemFileSystem(id.Device, entry).Length > 0;
        }
        finally
        {
            NativeFiles.Close(entry);
        }
    }

    /// <summary>Whether an entry of a folder is one of the program's own, as far as the listing tells.</summary>
    public bool IsOwn(FileId id) => ownFiles.Contains(id);

    /// <summary>The kernel's file system that a device is; empty when people may have files on it.</summary>
    private string FindSystemFileSystem(ulong device, int descriptor)
    {
        if (device == Volatile.Read(ref _allowedDevice))
        {
            return "";
        }

        var name = _devices.GetOrAdd(device, static (number, opened) => SystemFileSystems.FindName(NativeFiles.GetFileSystemType(opened), number) ?? "", descriptor);
        if (name.Length == 0)
        {
            Volatile.Write(ref _allowedDevice, device);
        }

        return name;
    }

    private static string FormatOwnDataMessage(string path) => $"{path} belongs to Catalogizer's own data, which is never part of a source. Choose another folder.";

    private static SourceException CreateForbiddenException(string message, bool isSourceWide = false) => new(SourceErrorKind.Forbidden, message) { IsSourceWide = isSourceWide };
}
