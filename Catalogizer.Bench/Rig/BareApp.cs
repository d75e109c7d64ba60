using System.Runtime.InteropServices;

namespace Catalogizer.Bench.Rig;

/// <summary>A Blazor Server app with one heading and one button, published in the same way as ours.</summary>
internal static class BareApp
{
    private static readonly Dictionary<string, string> NoVariables = [];

    public static async Task<string> BuildAsync()
    {
        var output = BenchFolder.PathOf("bare");
        var runtime = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        await ProcessRunner.RunAsync("dotnet",
        [
            "publish", Path.Combine(BenchFolder.Repository, "Catalogizer.Bench", "bare"), "--configuration", "Release", "--output", output, "--no-self-contained",
            "--runtime", runtime, "-p:PublishReadyToRun=true", "-p:UseAppHost=false", "--disable-build-servers", "--verbosity", "quiet",
        ]);
        return Path.Combine(output, "Bare.dll");
    }

    public static Task<ServedApp> StartAsync(string assembly) => ServedApp.StartAsync(assembly, NoVariables);
}
