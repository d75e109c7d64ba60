namespace Catalogizer.Bench.Rig;

/// <summary>Where the bench keeps what it makes: trees and compiled helpers are reused, work is thrown away.</summary>
internal static class BenchFolder
{
    public static string Repository { get; } = FindRepository();

    public static string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(Repository, ".build", "bench")).FullName;

    public static string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>An empty folder of this name; what an earlier run left in it is removed.</summary>
    public static string Fresh(string name)
    {
        var path = System.IO.Path.Combine(Path, "work", name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        return Directory.CreateDirectory(path).FullName;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Catalogizer.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Catalogizer.sln above {AppContext.BaseDirectory}.");
    }
}
