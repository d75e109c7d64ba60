using System.Security.Cryptography;
using System.Text;

namespace Catalogizer.Bench.Rig;

/// <summary>The helpers in C, compiled once and linked with the SQLCipher library that the app uses.</summary>
internal static class NativeTools
{
    private static readonly string SourceFolder = Path.Combine(AppContext.BaseDirectory, "native");

    private static readonly string LibraryPath = Path.Combine(AppContext.BaseDirectory, "libe_sqlcipher.so");

    /// <summary>Runs a command and measures it.</summary>
    public static Task<string> CompileRunnerAsync() => CompileAsync("run", []);

    /// <summary>Dumps and loads rows, and runs queries.</summary>
    public static Task<string> CompileRowToolAsync() => CompileAsync("rows", [LibraryPath, $"-Wl,-rpath,{AppContext.BaseDirectory}"]);

    /// <summary>A library that wraps the one in the folder and leaves files unencrypted.</summary>
    public static Task<string> CompilePlainLibraryAsync(string folder) =>
        CompileAsync("plain", ["-shared", "-fPIC", "-Wl,--no-as-needed", $"-L{folder}", "-lkeyed", "-Wl,-rpath,$ORIGIN"]);

    private static async Task<string> CompileAsync(string name, string[] options)
    {
        var source = Path.Combine(SourceFolder, $"{name}.c");
        var recipe = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(source) + string.Join(' ', options))))[..12];
        var program = BenchFolder.PathOf($"native/{name}-{recipe}");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(program)!);
            await ProcessRunner.EnsureInstalledAsync("gcc", "gcc libc6-dev");
            await ProcessRunner.RunAsync("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", $"{program}.part", source, .. options]);
            File.Move($"{program}.part", program, overwrite: true);
        }

        return program;
    }
}
