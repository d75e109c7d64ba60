using System.Security.Cryptography;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>A data folder that cannot be written: one sentence, and nothing changed.</summary>
[Trait("Category", "Server")]
public sealed class ReadOnlyDataTests : IDisposable
{
    private const string MakeReadOnly = "mount --bind \"$CATALOGIZER_HOME/data\" \"$CATALOGIZER_HOME/data\"; mount -o remount,bind,ro \"$CATALOGIZER_HOME/data\"";
    private readonly TemporaryFolder _home = new();

    [OwnMountsFact]
    public async Task Run_DataFolderIsReadOnly_EndsWithOneSentenceAndChangesNothing()
    {
        _home.Write("media/A (2001).mkv", "a");
        await using (var catalogue = new TestCatalogue(home: _home))
        {
            await catalogue.ScanAsync((await catalogue.AddSourceAsync()).Id);
        }

        var before = Contents();
        foreach (string[] verb in (string[][])[["serve"], ["doctor"], ["scan", _home.PathOf("media")], ["doctor", "--repair"]])
        {
            await FailsAsync(MakeReadOnly, verb);
        }

        Assert.Equal(before, Contents());
    }

    [OwnMountsFact]
    public async Task Run_NoDataFolderYetOnAReadOnlyDisk_EndsWithOneSentence()
    {
        await FailsAsync("mount --bind \"$CATALOGIZER_HOME\" \"$CATALOGIZER_HOME\"; mount -o remount,bind,ro \"$CATALOGIZER_HOME\"", "serve");

        Assert.Empty(Directory.GetFileSystemEntries(_home.Path));
    }

    public void Dispose() => _home.Dispose();

    private async Task FailsAsync(string shell, params string[] verb)
    {
        string[] command = [.. OwnMounts.Wrapper(shell), "dotnet", KillRun.Program, .. verb];
        var run = await ScriptRun.OfAsync("/", KillRun.Variables(_home.Path), command[0], command[1..]);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("data folder", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private List<string> Contents() =>
    [
        .. Directory.GetFiles(_home.PathOf("data")).Order(StringComparer.Ordinal)
            .Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}"),
    ];
}
