using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// Folders to be listed whatever their times say, because a watch told of them: a file that is written to in place leaves
/// the time of its folder as it was.
/// </summary>
internal sealed class ChangedFolders
{
    private readonly Dictionary<string, bool> _folders = new(StringComparer.Ordinal);

    public ChangedFolders(long sourceId, IEnumerable<ChangedFolder> folders, bool isPartialScan)
    {
        foreach (var (path, isRecursive) in folders)
        {
            _folders[path] = isRecursive || _folders.GetValueOrDefault(path);
        }

        (SourceId, IsPartialScan) = (sourceId, isPartialScan && _folders.Count > 0);
    }

    public long SourceId { get; }

    /// <summary>Whether the scan looks at these alone, or at the whole source.</summary>
    public bool IsPartialScan { get; }

    public bool HasFolders => _folders.Count > 0;

    public bool MustList(string folder) => _folders.ContainsKey(folder) || MustListTree(folder);

    /// <summary>Whether all below a folder is to be listed as well.</summary>
    public bool MustListTree(string folder)
    {
        for (; ; folder = GetParent(folder))
        {
            if (_folders.GetValueOrDefault(folder))
            {
                return true;
            }

            if (folder.Length == 0)
            {
                return false;
            }
        }
    }

    /// <summary>The folders without those that are listed with one above them.</summary>
    public IEnumerable<string> GetTopmostFolders() => _folders.Keys.Where(f => f.Length == 0 || !MustListTree(GetParent(f)));

    public static string GetParent(string folder) => folder.LastIndexOf('/') is > 0 and var slash ? folder[..slash] : "";
}
