namespace Catalogizer.Tests.Scripts;

/// <summary>The two kinds of build: the quick one of ./run, and the image's with .NET included.</summary>
public sealed class PublishScriptTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();

    [Fact]
    public async Task Publish_Plain_NeedsAnInstalledRuntime()
    {
        var run = await PublishAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--no-self-contained", _sandbox.PublishArguments);
        Assert.DoesNotContain(_sandbox.PublishArguments, argument => argument.Contains("Composite", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_SelfContained_CompilesTheRuntimeAlongWithIt()
    {
        var run = await PublishAsync("--self-contained");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--self-contained", _sandbox.PublishArguments);
        Assert.Contains("-p:PublishReadyToRunComposite=true", _sandbox.PublishArguments);
    }

    /// <summary>What is published is what was restored; but a restore for one platform would not match lock files that name two.</summary>
    [Theory]
    [InlineData]
    [InlineData("--self-contained")]
    public async Task Publish_Restore_IsLockedAndGetsTheSameProperties(params string[] kind)
    {
        await PublishAsync(kind);

        Assert.Contains("--locked-mode", _sandbox.RestoreArguments);
        Assert.DoesNotContain("--runtime", _sandbox.RestoreArguments);
        Assert.Equal(Properties(_sandbox.PublishArguments), Properties(_sandbox.RestoreArguments));
    }

    public void Dispose() => _sandbox.Dispose();

    private static IEnumerable<string> Properties(string[] arguments) => arguments.Where(argument => argument.StartsWith("-p:", StringComparison.Ordinal));

    private Task<Support.CommandRun> PublishAsync(params string[] kind) => _sandbox.RunAsync("build/publish.sh", [.. kind, "out"]);
}
