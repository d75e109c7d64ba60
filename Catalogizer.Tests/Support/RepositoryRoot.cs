namespace Catalogizer.Tests.Support;

/// <summary>The repository in which these tests were built, and its files by their relative paths, with '/'.</summary>
internal static class RepositoryRoot
{
    private static readonly string[] ProductFolders = ["Catalogizer.Domain", "Catalogizer.Jobs", "Catalogizer.Web"];

    private static readonly string[] GeneratedFolders = ["/bin/", "/obj/", "/wwwroot/assets/"];

    public static string Folder { get; } = Find();

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>The product's own files with one of the endings, without build output and tests.</summary>
    public static IEnumerable<string> EnumerateProductFiles(params string[] endings) =>
        ProductFolders
            .SelectMany(folder => Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Where(name => endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)))
            .Where(name => !GeneratedFolders.Any(folder => name.Contains(folder, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Catalogizer.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Catalogizer.sln above {AppContext.BaseDirectory}.");
    }
}
