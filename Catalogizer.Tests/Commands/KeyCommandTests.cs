using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Commands;

/// <summary>The commands <c>backup</c>, <c>restore</c> and <c>rekey</c>, and how any command reports a wrong key.</summary>
[Trait("Category", "Server")]
public sealed class KeyCommandTests : CommandTest
{
    [Fact]
    public async Task Run_WrongKey_FailsWithOneSentence()
    {
        await RunScanAsync();
        WriteKey("another key");

        var run = await RunAsync("doctor");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not open with this key", Assert.Single(SplitLines(run.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackupAndRestore_BesideAServer_BacksUpAndRefusesToReplace()
    {
        await RunScanAsync();
        WriteKey(TestCatalog.Key);

        CommandRun backup, refused;
        using (var data = DataDirectory.Open(new StorageOptions(), Home.Path))
        {
            data.AcquireLock();
            backup = await RunAsync("backup", "kept.db");
            refused = await RunAsync("restore", "kept.db");
        }

        var rekeyed = await RunAsync("rekey");
        var otherKey = await RunAsync("restore", "kept.db");
        var keyFile = Directory.GetFiles(Home.PathOf("data"), "catalogizer.key", SearchOption.AllDirectories).Single(file => file != Home.PathOf("data/catalogizer.key"));
        File.Copy(keyFile, Home.PathOf("data/catalogizer.key"), overwrite: true);
        var restored = await RunAsync("restore", "kept.db");
        var doctor = await RunAsync("doctor");

        Assert.Equal((0, ""), (backup.ExitCode, backup.Errors));
        Assert.Contains("1 items, 1 files", backup.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("Another Catalogizer is using the data folder", Assert.Single(SplitLines(refused.Errors)), StringComparison.Ordinal);
        Assert.Equal((0, ""), (rekeyed.ExitCode, rekeyed.Errors));
        Assert.Equal((1, ""), (otherKey.ExitCode, otherKey.Output));
        Assert.Contains("does not open with this key", Assert.Single(SplitLines(otherKey.Errors)), StringComparison.Ordinal);
        Assert.Equal((0, ""), (restored.ExitCode, restored.Errors));
        Assert.Contains("1 items, 1 files", restored.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (doctor.ExitCode, doctor.Errors));
    }

    [Theory]
    [InlineData("backup", "kept.db")]
    [InlineData("restore", "kept.db")]
    [InlineData("rekey")]
    public async Task Run_NoCatalogAndNoKey_FailsWithOneSentenceAndMakesNone(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Single(SplitLines(run.Errors));
        Assert.Empty(Directory.GetFiles(Home.Path, "*.key", SearchOption.AllDirectories));
    }

    /// <summary>Creates a catalogue of one film.</summary>
    private async Task RunScanAsync()
    {
        Home.Write("media/A (2001).mkv", "aaa");
        await using var catalog = new TestCatalog(home: Home);
        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
    }

    private void WriteKey(string key) => Home.Write("data/catalogizer.key", key);
}
