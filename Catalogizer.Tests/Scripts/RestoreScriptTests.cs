namespace Catalogizer.Tests.Scripts;

/// <summary>The locked restore before every build: its messages, by what NuGet reports.</summary>
public sealed class RestoreScriptTests : IDisposable
{
    private const string ChangedOutput = "/src/A.csproj : error NU1004: The package reference Polly.Core version has changed from [8.9.1, ) to [8.9.2, )."
        + "The packages lock file is inconsistent with the project dependencies so restore can't be run in locked mode. Disable the RestoreLockedMode MSBuild property. [/src/B.csproj]\n"
        + "/src/B.csproj : error NU1004: Mistmatch between the requestedVersion of a lock file dependency marked as CentralTransitive.\n"
        + "/src/B.csproj : error NU1004: The project references a whose dependencies has changed.The packages lock file is inconsistent with the project dependencies.";

    private readonly ScriptSandbox _sandbox = new();

    [Theory]
    [InlineData("run")]
    [InlineData("test", "--fast")]
    public async Task OtherVersionThanLocked_NamesThePackageOnceAndBuildsNothing(string script, params string[] arguments)
    {
        var run = await _sandbox.RunAsync(script, arguments, $"RESTORE_SAYS={ChangedOutput}");

        Assert.Equal((1, 0), (run.ExitCode, _sandbox.BuildCount));
        Assert.Equal(
            [
                "Polly.Core would be 8.9.2, but packages.lock.json says 8.9.1.",
                "Nothing was built. If the change is intended, 'dotnet restore Catalogizer.sln' writes new lock files.",
            ],
            run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task PackagesCameAndWent_NamesThoseAlone()
    {
        var run = await _sandbox.RunAsync(
            "run", [], "RESTORE_SAYS=/src/A.csproj : error NU1004: The package references have changed for net10.0. Lock file's package references: Polly.Core:[8.9.1, ), Quartz:[4.7.3, ), "
            + "project's package references: Polly.Core >= 8.9.1, QRCoder >= 1.8.1.The packages lock file is inconsistent with the project dependencies so restore can't be run in locked mode. [/src/A.csproj]");

        Assert.StartsWith("QRCoder 1.8.1 is wanted, but not in packages.lock.json.\nQuartz 4.7.3 is in packages.lock.json, but not wanted.\nNothing was built.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherSdk_NamesTheOneOfTheLocks()
    {
        var run = await _sandbox.RunAsync(
            "run", [], "SDK=10.0.402", "RESTORE_SAYS=/src/A.csproj : error NU1004: The package reference Microsoft.AspNetCore.App.Internal.Assets version has changed from [10.0.12, ) to [10.0.13, ).");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The packages were locked with the .NET SDK 10.0.401, and this is 10.0.402, which brings packages of its own.\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherContentThanLocked_NamesThePackage()
    {
        var run = await _sandbox.RunAsync(
            "run", [], "RESTORE_SAYS=/src/A.csproj : error NU1403: Package content hash validation failed for Polly.Core.8.9.1. The package is different than the last restore.");

        Assert.StartsWith("Package content hash validation failed for Polly.Core.8.9.1.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoFeed_ShowsWhatNuGetSays()
    {
        var run = await _sandbox.RunAsync("run", [], "RESTORE_SAYS=error NU1301: Unable to load the service index.");

        Assert.Equal((1, 0), (run.ExitCode, _sandbox.BuildCount));
        Assert.Contains("NU1301: Unable to load the service index.", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _sandbox.Dispose();
}
