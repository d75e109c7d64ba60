using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning.Watching;

/// <summary>
/// Folders to list even if their modification time is unchanged, because a watch reported changes in them: writing to a file
/// in place does not change the time of its folder.
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

    /// <summary>Whether the scan covers only these folders, or the whole source.</summary>
    public bool IsPartialScan { get; }

    public bool HasFolders => _folders.Count > 0;

    public bool MustList(string folder) => _folders.ContainsKey(folder) || MustListTree(folder);

    /// <summary>Whether a folder and its whole subtree must be listed, because it or an ancestor was reported recursively.</summary>
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

    /// <summary>The folders without those that the recursive listing of an ancestor covers.</summary>
    public IEnumerable<string> GetTopmostFolders() => _folders.Keys.Where(f => f.Length == 0 || !MustListTree(GetParent(f)));

    public static string GetParent(string folder) => folder.LastIndexOf('/') is > 0 and var slash ? folder[..slash] : "";
}
