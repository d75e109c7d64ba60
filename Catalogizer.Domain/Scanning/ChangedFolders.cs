using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// Folders to be listed whatever their times say, because a watch told of them: a file that is written to in place leaves
/// the time of its folder as it was.
/// </summary>
internal sealed class ChangedFolders
{
    private readonly Dictionary<string, bool> _folders = new(StringComparer.Ordinal);

    public ChangedFolders(long sourceId, IEnumerable<ChangedFolder> folders, bool only)
    {
        foreach (var (path, withAllBelow) in folders)
        {
            _folders[path] = withAllBelow || _folders.GetValueOrDefault(path);
        }

        (SourceId, Only) = (sourceId, only && _folders.Count > 0);
    }

    public long SourceId { get; }

    /// <summary>Whether the scan looks at these alone, or at the whole source.</summary>
    public bool Only { get; }

    public bool Any => _folders.Count > 0;

    public bool Lists(string folder) => _folders.ContainsKey(folder) || ListsAllIn(folder);

    /// <summary>Whether all below a folder is to be listed as well.</summary>
    public bool ListsAllIn(string folder)
    {
        for (; ; folder = Above(folder))
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
    public IEnumerable<string> Tops() => _folders.Keys.Where(f => f.Length == 0 || !ListsAllIn(Above(f)));

    public static string Above(string folder) => folder.LastIndexOf('/') is > 0 and var slash ? folder[..slash] : "";
}
