using System.Text.Json;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Rig;

/// <summary>The program as it is run: built by <c>./run</c>, or wherever its assembly lies.</summary>
internal sealed class PublishedApp(string assembly)
{
    /// <summary>The passphrase of every catalogue the bench makes.</summary>
    public const string Passphrase = "a key of the bench";

    /// <summary>The passphrase as SQL writes it.</summary>
    public const string PassphraseLiteral = $"'{Passphrase}'";

    // Held for as long as we run, so that a later build does not clear this one away.
    private static FileStream? _inUse;

    public string Assembly => assembly;

    /// <summary>Builds the program if its sources changed.</summary>
    public static async Task<PublishedApp> BuildAsync()
    {
        await Tool.RunAsync(Path.Combine(BenchFolder.Repository, "run"), ["--version"]);
        var folder = new DirectoryInfo(Path.Combine(BenchFolder.Repository, ".build", "app")).ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        _inUse ??= new FileStream(Path.Combine(folder, "in-use"), FileMode.Open, FileAccess.Read, FileShare.Read);
        return new PublishedApp(Path.Combine(folder, "Catalogizer.Web.dll"));
    }

    /// <summary>A copy of the program that leaves its files plain: the same in everything but the key.</summary>
    public async Task<PublishedApp> PlainAsync()
    {
        var copy = BenchFolder.Fresh("plain-app");
        await Tool.RunAsync("cp", ["-a", $"{Path.GetDirectoryName(assembly)}/.", copy]);
        var library = Path.Combine(copy, "libe_sqlcipher.so");
        File.Move(library, Path.Combine(copy, "libkeyed.so"));
        File.Copy(await NativeTools.PlainAsync(copy), library);
        return new PublishedApp(Path.Combine(copy, Path.GetFileName(assembly)));
    }

    /// <summary>Scans a folder; the time that counts is the scan's own.</summary>
    public async Task<(Sample Took, ScanTold Told)> ScanAsync(string tree, string data, params string[] options)
    {
        var output = BenchFolder.WorkPathOf("scan.json");
        var whole = await Tool.MeasureAsync(output, "dotnet", [assembly, "scan", tree, "--json", .. options], Environment(data));
        var told = JsonSerializer.Deserialize<ScanTold>(await File.ReadAllTextAsync(output), JsonSerializerOptions.Web)!;
        return told.State == "completed"
            ? (whole with { Seconds = (told.FinishedAt - told.StartedAt).TotalSeconds }, told)
            : throw new InvalidOperationException($"The scan of {tree} ended as {told.State}.");
    }

    /// <summary>What points the program at a data folder of the bench.</summary>
    public static IReadOnlyDictionary<string, string> Environment(string data) => new Dictionary<string, string>
    {
        ["CATALOGIZER_HOME"] = data,
        ["CATALOGIZER__DATADIRECTORY"] = data,
        ["CATALOGIZER_DB_KEY"] = Passphrase,
        ["DOTNET_GCgen0size"] = "2000000",   // as ./run and the image start it
    };

    internal sealed record ScanTold(string State, long Listed, long Added, long Changed, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);
}
