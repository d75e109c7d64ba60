using System.Collections.Concurrent;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// Decides what may be read on this server: by whatever path, neither Catalogizer's own files nor the kernel's file systems, and where roots
/// are set, nothing outside them. Use one instance per connection: a device number may later be reused for another disk.
/// </summary>
/// <param name="roots">Folders that sources must be or lie in; when empty, all folders are allowed.</param>
internal sealed class LocalAccess(OwnFiles ownFiles, IReadOnlyCollection<string> roots)
{
    private readonly ConcurrentDictionary<ulong, string> _devices = new();
    private ulong _allowedDevice;
    private bool _isRootChecked;

    /// <summary>Reads the set of Catalogizer's own files again if it may have changed.</summary>
    public void Refresh() => ownFiles.Refresh();

    /// <summary>Folders that sources must be or lie in; when empty, all folders are allowed.</summary>
    public IReadOnlyCollection<string> Roots => roots;

    /// <summary>Checks the root and the folders above it; after a success not again.</summary>
    /// <exception cref="SourceException">The root may not be a source.</exception>
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
            return;     // it cannot be opened; reading it reports the reason
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

    /// <summary>Whether an entry must be left out of a listing.</summary>
    /// <param name="descriptor">Descriptor of the folder that the entry is in.</param>
    /// <param name="name">The entry's name in that folder.</param>
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

        // Another file system is mounted over this single entry.
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

    /// <summary>Whether an entry is one of Catalogizer's own files, as far as the listing shows: it does not show what is mounted over the entry.</summary>
    public bool IsOwn(FileId id) => ownFiles.Contains(id);

    /// <summary>The name of the kernel file system on a device; empty when it is one for users' files.</summary>
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
