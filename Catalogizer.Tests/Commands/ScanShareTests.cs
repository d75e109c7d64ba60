using System.Globalization;
using System.Text.Json;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Commands;

/// <summary>The command <c>scan</c> on a share, in a separate process.</summary>
[Trait("Category", "Server")]
public sealed class ScanShareTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _home = new();
    private SmbServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await SmbServer.StartAsync("  server smb encrypt = off");     // makes Samba's library print a message
        _server.Write("auth/video/Quiet Water (2001).mkv");
        _server.Write("guest/Loud Fire (2003).mkv");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Scan_Share_PasswordFromStandardInputOnceAndThenFromTheCatalog()
    {
        var address = CreateAddress("auth/video");

        var first = await RunAsync(SmbServer.Password + "\n", "scan", address, "--user", SmbServer.User, "--json");
        var again = await RunAsync("", "scan", address, "--json", "--quick");

        Assert.Equal((0, ""), (first.ExitCode, again.Errors));
        Assert.Equal(("completed", 1), ParseResult(first));     // and no message of Samba's library precedes or follows it
        Assert.Equal(("completed", 0), ParseResult(again));
    }

    [Fact]
    public async Task Scan_DryRun_SavesNothing()
    {
        var forecast = await RunAsync(SmbServer.Password + "\n", "scan", CreateAddress("auth"), "--user", SmbServer.User, "--dry-run", "--json");
        var guest = await RunAsync("", "scan", CreateAddress("guest"), "--dry-run");

        Assert.Equal(1, JsonDocument.Parse(forecast.Output).RootElement.GetProperty("added").GetInt32());
        Assert.StartsWith("1 files listed: 1 new", guest.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong\n", "127.0.0.1 does not accept this user name or password.")]
    [InlineData("", "A user needs a password: give it on standard input or in CATALOGIZER_SMB_PASSWORD.")]
    public async Task Scan_NoOrWrongPassword_EndsWithOneSentence(string input, string sentence)
    {
        var run = await RunAsync(input, "scan", CreateAddress("auth"), "--user", SmbServer.User, "--dry-run");

        Assert.Equal((1, "", sentence), (run.ExitCode, run.Output, run.Errors.TrimEnd().Split('\n')[^1]));
    }

    [Fact]
    public async Task Scan_PasswordInTheAddress_IsRefusedAndNotRepeated()
    {
        var run = await RunAsync("", "scan", $"smb://alice:{SmbServer.Password}@127.0.0.1/auth");

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain(SmbServer.Password, run.Output + run.Errors, StringComparison.Ordinal);
    }

    /// <summary>As in the image: the program's own executable, on a system without .NET on the PATH.</summary>
    [Fact]
    public async Task Scan_ByItsOwnExecutable_StartsItsWorkerByItToo()
    {
        var runtime = new DirectoryInfo(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        var variables = new Dictionary<string, string?> { ["PATH"] = _home.Path, ["DOTNET_ROOT"] = runtime };

        var run = await RunAsync([Path.ChangeExtension(ProgramPath, null)], variables, "", "scan", CreateAddress("guest"), "--json");

        Assert.Equal(("completed", 1), ParseResult(run));
    }

    private static string ProgramPath => Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll");

    private static (string? State, int Added) ParseResult(CommandRun run)
    {
        var scan = JsonDocument.Parse(run.Output).RootElement;
        return (scan.GetProperty("state").GetString(), scan.GetProperty("added").GetInt32());
    }

    private string CreateAddress(string path) => string.Create(CultureInfo.InvariantCulture, $"smb://{SmbServer.Host}:{_server.Port}/{path}");

    private Task<CommandRun> RunAsync(string input, params string[] arguments) => RunAsync(["dotnet", ProgramPath], [], input, arguments);

    private async Task<CommandRun> RunAsync(string[] program, Dictionary<string, string?> variables, string input, params string[] arguments)
    {
        variables["CATALOGIZER_HOME"] = _home.Path;
        using var process = CommandRun.Start(_home.Path, variables, program[0], [.. program[1..], .. arguments]);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(timeout.Token);
        return new CommandRun(process.ExitCode, await output, await errors);
    }
}
