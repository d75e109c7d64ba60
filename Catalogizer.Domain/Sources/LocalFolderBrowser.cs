using Catalogizer.Domain.Sources.Local;

namespace Catalogizer.Domain.Sources;

/// <summary>Lists the folders of this server for the folder picker.</summary>
internal static class LocalFolderBrowser
{
    private const int MaxFolders = 2000;

    /// <param name="requestedPath">An absolute folder; anything else starts at the root.</param>
    public static FolderListing List(string? requestedPath, LocalAccess access)
    {
        var path = string.IsNullOrWhiteSpace(requestedPath) || !Path.IsPathRooted(requestedPath) || requestedPath.Contains('\0')
            ? "/"
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(requestedPath));
        var parent = Path.GetDirectoryName(path);
        if (path == "/" && access.Roots.Count > 0)
        {
            return new FolderListing(path, null, [.. access.Roots.Where(Directory.Exists).Select(root => new FolderOption(root, root, true))], 0, null);
        }

        try
        {
            access.RequireRoot(path);
            var content = NativeFiles.List(path, access);
            var folders = content.Entries.Where(e => e.IsFolder && !e.Name.StartsWith('.'))
                .OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
                .Take(MaxFolders)
                .Select(e => new FolderOption(e.Name, Path.Join(path, e.Name), true));
            return new FolderListing(path, parent, [.. folders], content.Entries.Count(e => !e.IsFolder), null);
        }
        catch (SourceException exception)
        {
            return new FolderListing(path, parent, [], 0, exception.Message);
        }
    }
}
