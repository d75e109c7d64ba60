using System.Diagnostics;
using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Container;

/// <summary>The image's build stage and start, done without a container engine on a copy of what the engine would get.</summary>
[Trait("Category", "Server")]
public sealed partial class ImageBuildTests : IDisposable
{
    private readonly Dockerfile _dockerfile = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task BuildStage_OnWhatTheContextHolds_PublishesAProgramThatIsHealthy()
    {
        var source = _folder.PathOf("src");
        var app = _folder.PathOf("app");
        CopyContext(source);

        foreach (var step in _dockerfile.Stages[0].Where(step => step.Name == "RUN"))
        {
            var command = step.Value.Replace(" /app", $" {app}", StringComparison.Ordinal);
            var run = await ScriptRun.OfAsync(source, new Dictionary<string, string?>(), "bash", "-c", command);
            Assert.True(run.ExitCode == 0, $"{command}\n{run.Output}{run.Errors}");
        }

        Assert.True(File.Exists(Path.Combine(app, "libe_sqlcipher.so")));
        Assert.Equal(0, (await HealthOfAsync(app)).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private void CopyContext(string target)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var names = Directory.EnumerateFiles(RepositoryRoot.Folder, "*", everything)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Folder, path))
            .Where(name => !_dockerfile.Ignores(name));
        foreach (var name in names)
        {
            var path = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(RepositoryRoot.PathOf(name), path);
        }
    }

    /// <summary>Starts the program as the image does, in a data folder of its own, and asks with the image's health check.</summary>
    private async Task<ScriptRun> HealthOfAsync(string app)
    {
        var data = Directory.CreateDirectory(_folder.PathOf("data")).FullName;
        var environment = new Dictionary<string, string?>
        {
            ["CATALOGIZER_HOME"] = data,
            ["Catalogizer__DataDirectory"] = data,
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_ENVIRONMENT"] = null,
        };
        using var program = ScriptRun.Start(data, environment, "dotnet", Path.Combine(app, "Catalogizer.Web.dll"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            var errors = program.StandardError.ReadToEndAsync(limit.Token);
            if (await AddressAsync(program, limit.Token) is not { } address)
            {
                return new ScriptRun(-1, "The program ended before it listened.", await errors);
            }

            return await ScriptRun.OfAsync(
                RepositoryRoot.Folder, new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = address }, "bash", "build/healthcheck.sh");
        }
        finally
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<string?> AddressAsync(Process program, CancellationToken cancellation)
    {
        while (await program.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (Listening().Match(line) is { Success: true } address)
            {
                return address.Value;
            }
        }

        return null;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex Listening();
}
