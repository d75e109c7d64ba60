using Catalogizer.Domain.Sources.Local;

namespace Catalogizer.Domain.Sources;

/// <summary>Shows the folders of this machine.</summary>
internal static class FolderPicker
{
    private const int Most = 2000;

    /// <param name="wanted">An absolute folder; anything else starts at the root.</param>
    public static FolderListing List(string? wanted, LocalAccess access)
    {
        var path = string.IsNullOrWhiteSpace(wanted) || !Path.IsPathRooted(wanted) || wanted.Contains('\0')
            ? "/"
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted));
        var parent = Path.GetDirectoryName(path);
        if (path == "/" && access.Roots.Count > 0)
        {
            return new FolderListing(path, null, [.. access.Roots.Where(Directory.Exists).Select(root => new FolderChoice(root, root, true))], 0, null);
        }

        try
        {
            access.DemandRoot(path);
            var content = NativeFiles.List(path, access);
            var folders = content.Entries.Where(e => e.IsFolder && !e.Name.StartsWith('.'))
                .OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
                .Take(Most)
                .Select(e => new FolderChoice(e.Name, Path.Join(path, e.Name), true));
            return new FolderListing(path, parent, [.. folders], content.Entries.Count(e => !e.IsFolder), null);
        }
        catch (SourceFault fault)
        {
            return new FolderListing(path, parent, [], 0, fault.Message);
        }
    }
}
