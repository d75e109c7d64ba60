using System.Collections.Concurrent;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// Decides what may be read on this server: not the program's own files and no file system of the kernel's, whatever path leads there,
/// and where roots are set, nothing outside them. One serves one connection: a device's number may be another disk's later.
/// </summary>
/// <param name="roots">Folders that sources may be or lie in; none allows all.</param>
internal sealed class LocalAccess(OwnFiles own, IReadOnlyCollection<string> roots)
{
    private readonly ConcurrentDictionary<ulong, string> _devices = new();
    private ulong _allowed;
    private bool _isRootChecked;

    /// <summary>Looks at the program's own files again where they may have changed.</summary>
    public void Refresh() => own.Refresh();

    /// <summary>Folders that sources may be or lie in; none allows all.</summary>
    public IReadOnlyCollection<string> Roots => roots;

    /// <summary>Checks the root with the folders above it, once.</summary>
    /// <exception cref="SourceFault">It may not be a source.</exception>
    public void DemandRoot(string root)
    {
        if (Volatile.Read(ref _isRootChecked))
        {
            return;
        }

        own.Refresh();
        var above = NativeFiles.AndAbove(root);
        if (above is [])
        {
            return;     // it cannot be opened, and reading it tells why
        }

        if (above.Any(own.Contains))
        {
            throw Forbidden(OwnSentence(root), isOfSource: true);
        }

        if (roots.Count > 0 && !roots.Select(NativeFiles.IdOf).OfType<FileId>().Any(above.Contains))
        {
            throw Forbidden($"{root} is outside the folders that the setting Catalogizer:LocalRoots allows ({string.Join(", ", roots)}). Choose a folder in one of them.", isOfSource: true);
        }

        Volatile.Write(ref _isRootChecked, true);
    }

    /// <exception cref="SourceFault">The file or folder may not be read.</exception>
    public void Demand(string path, FileId id, int descriptor)
    {
        if (own.Contains(id))
        {
            throw Forbidden(OwnSentence(path));
        }

        if (SystemNameOf(id.Device, descriptor) is { Length: > 0 } name)
        {
            throw Forbidden($"{path} is on a file system of the kernel ({name}), which holds no media. Choose another folder.");
        }
    }

    /// <summary>Whether an entry of a listing is left out.</summary>
    /// <param name="descriptor">Of the folder it is in.</param>
    /// <param name="name">The entry's name there.</param>
    public unsafe bool Hides(FileId id, int descriptor, byte* name)
    {
        if (own.Contains(id))
        {
            return true;
        }

        if (id.Device == Volatile.Read(ref _allowed) || _devices.TryGetValue(id.Device, out var known) && known.Length == 0)
        {
            return false;
        }

        // Something is mounted over the single entry.
        var entry = NativeFiles.OpenPath(descriptor, name);
        try
        {
            return entry < 0 || SystemNameOf(id.Device, entry).Length > 0;
        }
        finally
        {
            NativeFiles.Close(entry);
        }
    }

    /// <summary>Whether an entry of a folder is one of the program's own, as far as the listing tells.</summary>
    public bool IsOwn(FileId id) => own.Contains(id);

    /// <summary>The kernel's file system that a device is; empty when people may have files on it.</summary>
    private string SystemNameOf(ulong device, int descriptor)
    {
        if (device == Volatile.Read(ref _allowed))
        {
            return "";
        }

        var name = _devices.GetOrAdd(device, static (number, opened) => SystemFileSystems.NameOf(NativeFiles.FileSystemOf(opened), number) ?? "", descriptor);
        if (name.Length == 0)
        {
            Volatile.Write(ref _allowed, device);
        }

        return name;
    }

    private static string OwnSentence(string path) => $"{path} belongs to Catalogizer's own data, which is never part of a source. Choose another folder.";

    private static SourceFault Forbidden(string message, bool isOfSource = false) => new(SourceFaultKind.Forbidden, message) { IsOfSource = isOfSource };
}
