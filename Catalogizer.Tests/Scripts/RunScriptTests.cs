namespace Catalogizer.Tests.Scripts;

public sealed class RunScriptTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();

    [Fact]
    public async Task Run_Twice_BuildsOnceAndThenSaysNothing()
    {
        var first = await _sandbox.RunAsync("run", []);
        var second = await _sandbox.RunAsync("run", []);

        Assert.Equal((0, 0, 1), (first.ExitCode, second.ExitCode, _sandbox.BuildCount));
        Assert.NotEmpty(first.Errors);
        Assert.Empty(second.Errors);
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public async Task Run_FileChanged_BuildsAgain()
    {
        await _sandbox.RunAsync("run", []);
        _sandbox.Write("repo/wwwroot-assets/css/d.css", "another style");
        await _sandbox.RunAsync("run", []);

        Assert.Equal(2, _sandbox.BuildCount);
    }

    [Fact]
    public async Task Run_FileRemoved_BuildsAgain()
    {
        await _sandbox.RunAsync("run", []);
        _sandbox.Delete("repo/Catalogizer.Jobs/B.cs");
        await _sandbox.RunAsync("run", []);

        Assert.Equal(2, _sandbox.BuildCount);
    }

    [Fact]
    public async Task Run_OnlyBuiltFilesChanged_DoesNotBuild()
    {
        await _sandbox.RunAsync("run", []);
        _sandbox.Write("repo/Catalogizer.Web/obj/project.assets.json", "{}");
        _sandbox.Write("repo/Catalogizer.Web/wwwroot/assets/css/d.css", "a copy");
        _sandbox.Write("repo/data/catalogizer.db", "data");
        await _sandbox.RunAsync("run", []);

        Assert.Equal(1, _sandbox.BuildCount);
    }

    [Fact]
    public async Task Run_ManyAtOnce_BuildOnce()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _sandbox.RunAsync("run", [])));

        Assert.All(runs, run => Assert.Equal(0, run.ExitCode));
        Assert.Equal(1, _sandbox.BuildCount);
    }

    /// <summary>The writer of a list longer than a pipe holds fails once the reader has seen enough and leaves.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("libsmbclient.so.0 (libc6,x86-64) => /lib/libsmbclient.so.0", false)]
    public async Task Run_SambasLibrary_IsMissedOnlyWhereItIsNot(string first, bool missed)
    {
        _sandbox.Write("bin/ldconfig", $"#!/usr/bin/env bash\nset -e\necho '{first}'\nfor ((i = 0; i < 5000; i++)); do echo 'libother.so.0 (libc6,x86-64) => /lib/libother.so.0'; done\n");

        var run = await _sandbox.RunAsync("run", []);

        Assert.Equal(missed, run.Errors.Contains("Network shares need Samba's client library", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Arguments_FolderAndExitCodeGoThrough()
    {
        var run = await _sandbox.RunAsync("run", ["detect", "two words", "--explain"], "PROGRAM_EXIT=2");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            [
                "program: Catalogizer.Web.dll", "argument: detect", "argument: two words", "argument: --explain",
                $"folder: {_sandbox.OtherFolder}", $"home: {_sandbox.Repository}", "address: http://localhost:8080",
            ],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Run_AddressAndHomeAreSet_AreKept()
    {
        var run = await _sandbox.RunAsync("run", [], "ASPNETCORE_URLS=http://127.0.0.1:0", "CATALOGIZER_HOME=/srv/catalogizer");

        Assert.Contains("address: http://127.0.0.1:0\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("home: /srv/catalogizer\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Demo_KeepsToItself()
    {
        var demo = $"{_sandbox.Repository}/.build/demo";

        var run = await _sandbox.RunAsync(
            "run", ["--demo", "doctor"], "CATALOGIZER_DB_KEY=mine", "CATALOGIZER__DATABASEKEYFILE=/mine", "CATALOGIZER__SOURCES__1__NAME=Mine", "CATALOGIZER__SEARCH__LATESTYEAR=2040");

        Assert.Equal(
            [
                "program: Catalogizer.Web.dll", "argument: doctor", $"folder: {_sandbox.OtherFolder}", $"home: {demo}", "address: http://localhost:8080",
                "setting: CATALOGIZER__ADMIN__PASSWORD=secret",
                "setting: CATALOGIZER__ADMIN__USERNAME=demo",
                $"setting: CATALOGIZER__DATADIRECTORY={demo}/data",
                "setting: CATALOGIZER__SEARCH__LATESTYEAR=2040",
                "setting: CATALOGIZER__SOURCES__0__NAME=Demo library",
                $"setting: CATALOGIZER__SOURCES__0__PATH={demo}/library",
                "setting: CATALOGIZER__SOURCES__0__PROTOCOL=local",
            ],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Sign in as “demo” with the password “secret”.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DemoCannotBeMade_StartsNothing()
    {
        var run = await _sandbox.RunAsync("run", ["--demo"], "DEMO_EXIT=1");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Run_BuildFails_ShowsWhatItSaidAndTriesAgainNextTime()
    {
        var failed = await _sandbox.RunAsync("run", [], "BUILD_FAILS=1");
        var mended = await _sandbox.RunAsync("run", []);

        Assert.Equal((1, ""), (failed.ExitCode, failed.Output));
        Assert.Contains("error CS1002", failed.Errors, StringComparison.Ordinal);
        Assert.Equal((0, 2), (mended.ExitCode, _sandbox.BuildCount));
        Assert.DoesNotContain("this is what the build says", mended.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _sandbox.Dispose();
}
