using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Library;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>Folders with new files, to tell whose sidecars they may own: those in the folder, below it, or in a folder of extras next to it.</summary>
internal sealed class ChangedMediaFolders
{
    private readonly HashSet<string> _paths;
    private readonly string[] _sorted;

    public ChangedMediaFolders(IEnumerable<string> paths)
    {
        _paths = new HashSet<string>(paths, StringComparer.Ordinal);
        _sorted = [.. _paths.Order(StringComparer.Ordinal)];
    }

    /// <param name="folder">The path of a folder with sidecars.</param>
    public bool MayOwn(string folder)
    {
        if (ContainsSelfOrAbove(folder))
        {
            return true;
        }

        var owner = DiscFolder.Find(folder)?.Path ?? folder;
        while (owner.LastIndexOf('/') is > 0 and var slash && FolderOwners.IsSidecarFolder(owner[(slash + 1)..]))
        {
            owner = owner[..slash];
        }

        return ContainsBelow(owner);
    }

    private bool ContainsSelfOrAbove(string folder)
    {
        for (var path = folder; ; path = path[..Math.Max(0, path.LastIndexOf('/'))])
        {
            if (_paths.Contains(path))
            {
                return true;
            }

            if (path.Length == 0)
            {
                return false;
            }
        }
    }

    private bool ContainsBelow(string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var index = Array.BinarySearch(_sorted, prefix, StringComparer.Ordinal);
        index = index < 0 ? ~index : index;
        return index < _sorted.Length && _sorted[index].StartsWith(prefix, StringComparison.Ordinal);
    }
}
