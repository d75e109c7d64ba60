using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scripts;

/// <summary>How NuGet treats the repository's own lock file.</summary>
[Trait("Category", "Server")]
public sealed class LockFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LockFileTests()
    {
        foreach (var name in new[]
        {
            "global.json", "Directory.Build.props", "Directory.Packages.props", "build/restore.sh", "Catalogizer.Domain/Catalogizer.Domain.csproj",
            "Catalogizer.Domain/Storage/Sqlite/native/SqlCipher.targets", "Catalogizer.Domain/packages.lock.json",
        })
        {
            _folder.Write(name, RepositoryRoot.Read(name));
        }
    }

    [Fact]
    public async Task Restore_AsLocked_Succeeds()
    {
        var run = await RestoreAsync();

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task Restore_LockOutOfDate_FailsAndNamesThePackage()
    {
        var pins = RepositoryRoot.Read("Directory.Packages.props");
        _folder.Write("Directory.Packages.props", pins.Replace("\"Polly.Core\" Version=\"8.9.1\"", "\"Polly.Core\" Version=\"8.9.2\"", StringComparison.Ordinal));

        var run = await RestoreAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Polly.Core would be 8.9.2, but packages.lock.json says 8.9.1.\n", run.Errors, StringComparison.Ordinal);
        Assert.Equal(RepositoryRoot.Read("Catalogizer.Domain/packages.lock.json"), File.ReadAllText(_folder.PathOf("Catalogizer.Domain/packages.lock.json")));
    }

    [Fact]
    public async Task Restore_OtherContentUnderALockedVersion_FailsAndNamesThePackage()
    {
        var locked = RepositoryRoot.Read("Catalogizer.Domain/packages.lock.json");
        var hash = locked.IndexOf("\"contentHash\": \"", locked.IndexOf("\"Polly.Core\"", StringComparison.Ordinal), StringComparison.Ordinal) + "\"contentHash\": \"".Length;
        _folder.Write("Catalogizer.Domain/packages.lock.json", string.Concat(locked.AsSpan(0, hash), new string('A', 8), locked.AsSpan(hash + 8)));

        var run = await RestoreAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Package content hash validation failed for Polly.Core.8.9.1.", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandRun> RestoreAsync() =>
        CommandRun.ExecuteAsync(_folder.Path, new Dictionary<string, string?>(), "bash", "build/restore.sh", "Catalogizer.Domain");
}
