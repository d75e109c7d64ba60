using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("/srv/data", null)]
    [InlineData("/mnt/nas/data", "nfs4")]
    [InlineData("/mnt/nas", "nfs4")]
    [InlineData("/mnt/nas2/data", null)]            // not below /mnt/nas
    [InlineData("/mnt/nas/local/data", null)]       // a local disk mounted inside a share
    [InlineData("/mnt/with space/data", "cifs")]
    [InlineData("/home/anna/remote/x", "fuse.sshfs")]
    public void FindNetworkFileSystem_Table(string path, string? fileSystem)
    {
        var mounts = _folder.Write("mounts", """
            /dev/sda1 / ext4 rw 0 0
            nas:/export /mnt/nas nfs4 rw 0 0
            /dev/sdb1 /mnt/nas/local xfs rw 0 0
            //server/share /mnt/with\040space cifs rw 0 0
            anna@host: /home/anna/remote fuse.sshfs rw 0 0
            torn line

            """);

        Assert.Equal(fileSystem, DataDirectory.FindNetworkFileSystem(path, mounts));
    }

    [Fact]
    public void FindNetworkFileSystem_NoListOfMounts_IsTakenForLocal() => Assert.Null(DataDirectory.FindNetworkFileSystem("/data", _folder.PathOf("nothing")));

    [Fact]
    public void Open_NewFolder_IsTheUsersAlone()
    {
        using var data = Open();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Path));
    }

    [Fact]
    public void Open_PathIsAFile_SaysWhichSettingToChange()
    {
        _folder.Write("data", "x");

        Assert.Contains("Catalogizer:DataDirectory", Assert.Throws<StartupException>(Open).Message, StringComparison.Ordinal);
    }

    [UnprivilegedUserFact]
    [Trait("Category", "Server")]
    public async Task Run_FolderThatCannotBeWritten_EndsWithOneSentence()
    {
        var data = Directory.CreateDirectory(_folder.PathOf("data")).FullName;
        UnprivilegedUser.GiveOwnership(_folder.Path);
        File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var variables = new Dictionary<string, string?>(UnprivilegedUser.EnvironmentVariables) { ["CATALOGIZER_HOME"] = _folder.Path, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        string[] command = [.. UnprivilegedUser.CommandPrefix, "dotnet", Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll"), "serve"];

        var run = await CommandRun.ExecuteAsync(_folder.Path, variables, command[0], command[1..]);

        Assert.Equal((1, $"The data folder {data} cannot be written by this user. Give it to the user that runs the program."), (run.ExitCode, run.Errors.Trim()));
        Assert.Empty(Directory.GetFileSystemEntries(data));
    }

    [Fact]
    public void AcquireLock_HeldByAnother_SaysSoUntilItIsFreed()
    {
        var first = Open();
        first.AcquireLock();
        using var second = Open();

        Assert.Contains("Another Catalogizer is using the data folder", Assert.Throws<StartupException>(second.AcquireLock).Message, StringComparison.Ordinal);
        first.Dispose();
        second.AcquireLock();
    }

    [Fact]
    public void FindKey_DatabaseWithoutItsKeyFile_IsNotGivenAnother()
    {
        using var data = Open();
        _folder.Write("data/catalogizer.db", "x");

        var refused = Assert.Throws<StartupException>(() => DatabaseKey.GetOrCreate(new StorageOptions(), data, _folder.Path, out _));

        Assert.Contains("no key", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("data/catalogizer.key")));
    }

    [Fact]
    public void FindKey_FirstStart_MakesOneFileForTheUserAlone()
    {
        using var data = Open();

        var first = DatabaseKey.GetOrCreate(new StorageOptions(), data, _folder.Path, out var made);
        var second = DatabaseKey.GetOrCreate(new StorageOptions(), data, _folder.Path, out var again);

        Assert.Equal((first, null), (second, again));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(made!));
    }

    public void Dispose() => _folder.Dispose();

    private DataDirectory Open() => DataDirectory.Open(new StorageOptions { DataDirectory = _folder.PathOf("data") }, "/");
}
