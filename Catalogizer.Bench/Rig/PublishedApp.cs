using System.Text.Json;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Rig;

/// <summary>The app as users run it: built by <c>./run</c>, or at the given assembly path.</summary>
internal sealed class PublishedApp(string assembly)
{
    /// <summary>The passphrase of every catalogue that the bench creates.</summary>
    public const string Passphrase = "a key of the bench";

    /// <summary>The passphrase as an SQL literal.</summary>
    public const string PassphraseLiteral = $"'{Passphrase}'";

    // Kept open while this process runs, so that a later build does not delete this one.
    private static FileStream? _inUseLock;

    public string AssemblyPath => assembly;

    /// <summary>Builds the program if its sources changed.</summary>
    public static async Task<PublishedApp> BuildAsync()
    {
        await ProcessRunner.RunAsync(Path.Combine(BenchFolder.Repository, "run"), ["--version"]);
        var folder = new DirectoryInfo(Path.Combine(BenchFolder.Repository, ".build", "app")).ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        _inUseLock ??= new FileStream(Path.Combine(folder, "in-use"), FileMode.Open, FileAccess.Read, FileShare.Read);
        return new PublishedApp(Path.Combine(folder, "Catalogizer.Web.dll"));
    }

    /// <summary>A copy of the app that leaves its files unencrypted and differs in nothing else.</summary>
    public async Task<PublishedApp> CopyUnencryptedAsync()
    {
        var copy = BenchFolder.CreateEmpty("plain-app");
        await ProcessRunner.RunAsync("cp", ["-a", $"{Path.GetDirectoryName(assembly)}/.", copy]);
        var library = Path.Combine(copy, "libe_sqlcipher.so");
        File.Move(library, Path.Combine(copy, "libkeyed.so"));
        File.Copy(await NativeTools.CompilePlainLibraryAsync(copy), library);
        return new PublishedApp(Path.Combine(copy, Path.GetFileName(assembly)));
    }

    /// <summary>Scans a folder. The measured time is the scan's own.</summary>
    public async Task<(Sample Took, ScanResult Told)> ScanAsync(string tree, string data, params string[] options)
    {
        var output = BenchFolder.WorkPathOf("scan.json");
        var whole = await ProcessRunner.MeasureAsync(output, "dotnet", [assembly, "scan", tree, "--json", .. options], CreateEnvironment(data));
        var result = JsonSerializer.Deserialize<ScanResult>(await File.ReadAllTextAsync(output), JsonSerializerOptions.Web)!;
        return result.State == "completed"
            ? (whole with { Seconds = (result.FinishedAt - result.StartedAt).TotalSeconds }, result)
            : throw new InvalidOperationException($"The scan of {tree} ended as {result.State}.");
    }

    /// <summary>Environment variables that point the app at a data folder of the bench.</summary>
    public static IReadOnlyDictionary<string, string> CreateEnvironment(string data) => new Dictionary<string, string>
    {
        ["CATALOGIZER_HOME"] = data,
        ["CATALOGIZER__DATADIRECTORY"] = data,
        ["CATALOGIZER_DB_KEY"] = Passphrase,
        ["DOTNET_GCgen0size"] = "2000000",   // same as in ./run and the container image
    };

    internal sealed record ScanResult(string State, long Listed, long Added, long Changed, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);
}
