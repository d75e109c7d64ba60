using System.Security.Cryptography;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>A data folder that cannot be written gives one error sentence, and nothing changes.</summary>
[Trait("Category", "Server")]
public sealed class ReadOnlyDataTests : IDisposable
{
    private const string MountReadOnlyScript = "mount --bind \"$CATALOGIZER_HOME/data\" \"$CATALOGIZER_HOME/data\"; mount -o remount,bind,ro \"$CATALOGIZER_HOME/data\"";
    private readonly TemporaryFolder _home = new();

    [MountNamespaceFact]
    public async Task Run_DataFolderIsReadOnly_EndsWithOneSentenceAndChangesNothing()
    {
        _home.Write("media/A (2001).mkv", "a");
        await using (var catalog = new TestCatalog(home: _home))
        {
            await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
        }

        var before = ListContents();
        foreach (string[] verb in (string[][])[["serve"], ["doctor"], ["scan", _home.PathOf("media")], ["doctor", "--repair"]])
        {
            await AssertFailsAsync(MountReadOnlyScript, verb);
        }

        Assert.Equal(before, ListContents());
    }

    [MountNamespaceFact]
    public async Task Run_NoDataFolderYetOnAReadOnlyDisk_EndsWithOneSentence()
    {
        await AssertFailsAsync("mount --bind \"$CATALOGIZER_HOME\" \"$CATALOGIZER_HOME\"; mount -o remount,bind,ro \"$CATALOGIZER_HOME\"", "serve");

        Assert.Empty(Directory.GetFileSystemEntries(_home.Path));
    }

    public void Dispose() => _home.Dispose();

    private async Task AssertFailsAsync(string shell, params string[] verb)
    {
        string[] command = [.. MountNamespace.CreateCommandPrefix(shell), "dotnet", KillRun.ProgramPath, .. verb];
        var run = await CommandRun.ExecuteAsync("/", KillRun.CreateEnvironment(_home.Path), command[0], command[1..]);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("data folder", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private List<string> ListContents() =>
    [
        .. Directory.GetFiles(_home.PathOf("data")).Order(StringComparer.Ordinal)
            .Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}"),
    ];
}
