using System.Diagnostics;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

/// <summary>The command <c>user</c> in a separate process with its own home folder.</summary>
public sealed class UserCommandTests : IAsyncLifetime
{
    private const string PasswordVariable = "CATALOGIZER_PASSWORD";

    private readonly TemporaryFolder _home = new();

    public Task InitializeAsync() => TestServer.CopyFirstStartDataAsync(_home.PathOf("data"));

    [Fact]
    public async Task UserAdd_PasswordInTheVariable_MakesTheAccountOnce()
    {
        var first = await RunAsync("a long password", "user", "add", "anna", "--role", "Editor");
        var second = await RunAsync("a long password", "user", "add", "ANNA", "--role", "viewer");

        Assert.Equal((0, "The account 'anna' was made; its role is editor."), (first.ExitCode, first.Output.Trim()));
        Assert.Equal((1, "Another account is already called 'ANNA'."), (second.ExitCode, second.Errors.Trim()));
    }

    [Fact]
    public async Task UserAdd_PasswordOnStandardInput_MakesTheAccount()
    {
        using var process = Start(null, "user", "add", "anna", "--role", "admin", "--password-stdin");
        await process.StandardInput.WriteLineAsync("a long password");
        process.StandardInput.Close();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData(null, 1, "--password-stdin")]
    [InlineData("short", 1, "at least 10 characters")]
    public async Task UserAdd_NoUsablePassword_FailsWithASentence(string? password, int code, string sentence)
    {
        var run = await RunAsync(password, "user", "add", "anna", "--role", "viewer");

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(sentence, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user", "add", "anna")]
    [InlineData("user", "add", "anna", "--role", "boss")]
    [InlineData("user", "add", "anna", "--role", "viewer", "--password", "a long password")]
    public async Task UserAdd_WrongUsage_EndsWithTwo(params string[] arguments) =>
        Assert.Equal(2, (await RunAsync("a long password", arguments)).ExitCode);

    [Fact]
    public async Task UserAdd_WhileAServerRuns_SaysSoAndFails()
    {
        using var server = Start(null);
        try
        {
            Assert.StartsWith("http://127.0.0.1:", await ReadSetupLinkAsync(server), StringComparison.Ordinal);

            var run = await RunAsync("a long password", "user", "add", "anna", "--role", "viewer");

            Assert.Equal(1, run.ExitCode);
            Assert.Contains("Another Catalogizer is using the data folder", run.Errors, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    public Task DisposeAsync()
    {
        _home.Dispose();
        return Task.CompletedTask;
    }

    private static async Task<string?> ReadSetupLinkAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("/setup?token=", StringComparison.Ordinal))
            {
                return line.Trim();
            }
        }

        return null;
    }

    private Task<CommandRun> RunAsync(string? password, params string[] arguments) =>
        CommandRun.ExecuteAsync(_home.Path, CreateEnvironment(password), "dotnet", [ProgramPath, .. arguments]);

    private Process Start(string? password, params string[] arguments) =>
        CommandRun.Start(_home.Path, CreateEnvironment(password), "dotnet", [ProgramPath, .. arguments]);

    private Dictionary<string, string?> CreateEnvironment(string? password) => new()
    {
        ["CATALOGIZER_HOME"] = _home.Path,
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        [PasswordVariable] = password,
    };

    private static string ProgramPath => Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll");
}
