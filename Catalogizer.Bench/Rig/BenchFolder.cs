using System.Globalization;

namespace Catalogizer.Bench.Rig;

/// <summary>Where the bench keeps what it makes: trees and compiled helpers are reused, work is thrown away.</summary>
internal static class BenchFolder
{
    private static readonly Lazy<string> WorkFolder = new(CreateWorkFolder);

    public static string Repository { get; } = FindRepository();

    public static string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(Repository, ".build", "bench")).FullName;

    public static string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A file of this process alone, gone with it.</summary>
    public static string WorkPathOf(string name) => System.IO.Path.Combine(WorkFolder.Value, name);

    /// <summary>An empty folder of this name, of this process alone; what was in it is removed.</summary>
    public static string CreateEmpty(string name)
    {
        var path = WorkPathOf(name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        return Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Made for this process; what processes that are gone left is removed.</summary>
    private static string CreateWorkFolder()
    {
        var all = Directory.CreateDirectory(PathOf("work"));
        foreach (var left in all.GetDirectories().Where(folder => !Directory.Exists($"/proc/{folder.Name}")))
        {
            left.Delete(recursive: true);
        }

        var own = all.CreateSubdirectory(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => own.Delete(recursive: true);
        return own.FullName;
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
