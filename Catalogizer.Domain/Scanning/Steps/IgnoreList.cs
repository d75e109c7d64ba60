using System.Collections.Frozen;
using System.IO.Enumeration;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>Files and folders left by NAS systems, desktops and download tools. They are skipped and counted; letter case is ignored.</summary>
internal sealed class IgnoreList
{
    private static readonly FrozenSet<string> BuiltInNames = new[]
    {
        "@eaDir", "@Recycle", "@Recently-Snapshot", "@tmp", "@sharebin", "@SynoResource", "#recycle", "#snapshot", ".@__thumb", ".@upload_cache",
        ".snapshot", ".snapshots", ".zfs", "$RECYCLE.BIN", "System Volume Information",
        ".Trash", ".Trashes", ".Spotlight-V100", ".fseventsd", ".DocumentRevisions-V100", ".TemporaryItems", ".AppleDouble", ".AppleDB", "__MACOSX",
        ".DS_Store", ".localized", "Thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".directory", ".nomedia", ".stfolder", ".stversions",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names that a volume has at its root, and that elsewhere may be an album or a film.</summary>
    private static readonly FrozenSet<string> RootNames = new[] { "lost+found", "RECYCLER", "RECYCLED" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] BuiltInPatterns = ["._*", ".Trash-*", ".nfs*", ".smbdelete*", "~$*"];

    private readonly string[] _patterns;

    public IgnoreList(IEnumerable<string> additionalPatterns) => _patterns = [.. BuiltInPatterns, .. additionalPatterns];

    /// <param name="isAtRoot">Whether it lies in the source's own folder.</param>
    public bool IsIgnored(string name, bool isAtRoot)
    {
        if (BuiltInNames.Contains(name) || (isAtRoot && RootNames.Contains(name)))
        {
            return true;
        }

        if (_patterns.Length == BuiltInPatterns.Length && name[0] is not ('.' or '~'))
        {
            return false;   // no built-in pattern starts with another character
        }

        foreach (var pattern in _patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name))
            {
                return true;
            }
        }

        return false;
    }
}
