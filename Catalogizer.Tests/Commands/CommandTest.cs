using System.Text.Json;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Commands;

/// <summary>Runs each command in a separate process, on a home folder of the test.</summary>
public abstract class CommandTest : IDisposable
{
    internal TemporaryFolder Home { get; } = new();

    public void Dispose()
    {
        Home.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static string[] SplitLines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal static JsonElement ParseJson(CommandRun run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return JsonDocument.Parse(Assert.Single(SplitLines(run.Output))).RootElement;
    }

    internal Task<CommandRun> RunAsync(params string[] arguments) => RunAsync(arguments, key: null);

    internal Task<CommandRun> RunAsync(string[] arguments, string? key) => CommandRun.ExecuteAsync(
        Home.Path,
        new Dictionary<string, string?> { ["CATALOGIZER_HOME"] = Home.Path, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["CATALOGIZER_DB_KEY"] = key },
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll"), .. arguments]);
}
