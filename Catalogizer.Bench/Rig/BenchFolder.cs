using System.Globalization;

namespace Catalogizer.Bench.Rig;

/// <summary>Folder for files of the bench: trees and compiled helpers are reused, work files are deleted.</summary>
internal static class BenchFolder
{
    private static readonly Lazy<string> WorkFolder = new(CreateWorkFolder);

    public static string Repository { get; } = FindRepository();

    public static string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(Repository, ".build", "bench")).FullName;

    public static string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Path of a work file of this process, deleted when it exits.</summary>
    public static string WorkPathOf(string name) => System.IO.Path.Combine(WorkFolder.Value, name);

    /// <summary>Returns an empty folder of this process; deletes what was in it.</summary>
    public static string CreateEmpty(string name)
    {
        var path = WorkPathOf(name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        return Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Creates the work folder of this process, and deletes those of processes that no longer run.</summary>
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
