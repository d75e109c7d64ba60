using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scripts;

/// <summary>What the scripts print and do when a package is missing, with an 'apt-get' and a 'sudo' that record their arguments.</summary>
public sealed class NeedsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public NeedsTests()
    {
        WriteCommand("apt-get", """echo "apt-get $*" >>"$SANDBOX/asked"; exit "${APT_EXIT:-0}" """);
        WriteCommand("sudo", """echo "sudo $1" >>"$SANDBOX/asked"; [ "$1" != --non-interactive ] || shift; [ -n "${SUDO_ALLOWED:-}" ] && exec "$@" """);
    }

    [Fact]
    public async Task InstallMissing_NothingMissing_AsksForNothing()
    {
        var run = await InstallAsync("need bash bash; need /dev/null nothing", user: 1000);

        Assert.Equal((0, "", ""), (run.ExitCode, run.Errors, ReadPrompt()));
    }

    [Fact]
    public async Task InstallMissing_AsRoot_InstallsWhatIsMissingAndNoMore()
    {
        var run = await InstallAsync("need bash bash; need no-such-command one two; need /no/such/file three", user: 0);

        Assert.Equal((0, "apt-get -qq update\napt-get -qq install --yes --no-install-recommends one two three\n"), (run.ExitCode, ReadPrompt()));
    }

    [Fact]
    public async Task InstallMissing_SeveralToolsOfOnePackage_NamesEachToolOnceAndInstallsThePackageOnce()
    {
        var run = await InstallAsync("need no-such-command one; need bash bash; need /no/such/file one two", user: 0);

        Assert.Equal("Testing needs what is not installed: no-such-command (package one), /no/such/file (package one two).\n", run.Errors);
        Assert.EndsWith("install --yes --no-install-recommends one two\n", ReadPrompt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallMissing_NotRootAndNobodyToAsk_SaysWhatToDo()
    {
        var run = await InstallAsync("need no-such-command one", user: 1000);

        Assert.NotEqual(0, run.ExitCode);
        Assert.StartsWith("Testing needs what is not installed: no-such-command (package one).\n", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Run this as root, then try again: apt-get install --no-install-recommends one", run.Errors, StringComparison.Ordinal);
        Assert.Equal("sudo --non-interactive\n", ReadPrompt());
    }

    [Fact]
    public async Task InstallMissing_NotRootButAllowed_Installs()
    {
        var run = await InstallAsync("need no-such-command one", user: 1000, "SUDO_ALLOWED");

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("install --yes --no-install-recommends one\n", ReadPrompt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallMissing_InstallFails_SaysWhatToDo()
    {
        var run = await InstallAsync("need no-such-command one", user: 0, "APT_EXIT");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("They could not be installed.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_ToolMissing_NamesItOnceWithItsPackageAndBuildsNothing()
    {
        using var sandbox = new ScriptSandbox();
        sandbox.Write("repo/test", RepositoryRoot.Read("test").Replace("need zip zip", "need no-such-command its-package", StringComparison.Ordinal));
        sandbox.Write("bin/apt-get", "#!/usr/bin/env bash\nexit 1\n");
        sandbox.Write("bin/id", "#!/usr/bin/env bash\necho 0\n");

        var run = await sandbox.RunAsync("test", []);

        Assert.EndsWith("0 passed, 1 failed\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Building", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Errors.Split("no-such-command (package its-package)").Length);
        Assert.Equal(2, run.Errors.Split("no-such-command").Length);
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandRun> InstallAsync(string needs, int user, string? setting = null)
    {
        WriteCommand("id", $"echo {user}");
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            ["SANDBOX"] = _folder.Path,
            ["CI"] = "true",
        };
        if (setting is not null)
        {
            environment[setting] = "1";
        }

        return CommandRun.ExecuteAsync(
            RepositoryRoot.Folder, environment, "bash", "-c", $". build/needs.sh; {needs}; install_missing Testing");
    }

    private string ReadPrompt() => File.Exists(_folder.PathOf("asked")) ? File.ReadAllText(_folder.PathOf("asked")) : "";

    private void WriteCommand(string name, string body)
    {
        var path = _folder.Write(name, $"#!/usr/bin/env bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
