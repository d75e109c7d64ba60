using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scripts;

/// <summary>The script that builds SQLCipher, with an 'npm' and a 'gcc' that finish at once.</summary>
public sealed partial class SqlCipherScriptTests : IDisposable
{
    private const string Script = "Catalogizer.Domain/Storage/Sqlite/native/build-sqlcipher.sh";
    private const string Source = "int sqlite3;";

    private readonly TemporaryFolder _folder = new();

    public SqlCipherScriptTests()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Source)));
        Write($"repo/{Script}", SourceHashRegex().Replace(RepositoryRoot.Read(Script), $"sha256='{hash}'"));
        Write("repo/build/needs.sh", RepositoryRoot.Read("build/needs.sh"));
        Write("bin/npm", $"#!/usr/bin/env bash\nmkdir -p package/deps/sqlcipher-amalgamation\nprintf '%s' '{Source}' >package/deps/sqlcipher-amalgamation/sqlite3.c\ntar -czf sqlcipher.tgz package\n");
        Write("bin/gcc", "#!/usr/bin/env bash\necho built >>\"$SANDBOX/builds\"\nwhile [ \"$1\" != -o ]; do shift; done\necho library >\"$2\"\n");
    }

    private string Output => _folder.PathOf("repo/.build/native/libe_sqlcipher.so");

    private int BuildCount => File.Exists(_folder.PathOf("builds")) ? File.ReadAllLines(_folder.PathOf("builds")).Length : 0;

    [Fact]
    public async Task Build_SecondProject_TakesTheLibraryFromTheCache()
    {
        var first = await BuildAsync();
        File.Delete(Output);
        var second = await BuildAsync();

        Assert.Equal((0, "", 0, "", 1), (first.ExitCode, first.Errors, second.ExitCode, second.Errors, BuildCount));
        Assert.Equal("library\n", await File.ReadAllTextAsync(Output));
    }

    [Fact]
    public async Task Cache_LibraryChanged_IsRefused()
    {
        await BuildAsync();
        File.Delete(Output);
        await File.AppendAllTextAsync(CachedPath("libe_sqlcipher.so"), "something else");

        var run = await BuildAsync();

        AssertRejected(run, "has changed since it was built");
    }

    /// <summary>The cache of an older version, which wrote no hash.</summary>
    [Fact]
    public async Task Cache_WithoutHash_IsBuiltAnew()
    {
        await BuildAsync();
        File.Delete(Output);
        File.Delete(CachedPath("libe_sqlcipher.so.sha256"));
        await File.AppendAllTextAsync(CachedPath("libe_sqlcipher.so"), "something else");

        var run = await BuildAsync();

        Assert.Equal((0, 2, "library\n"), (run.ExitCode, BuildCount, await File.ReadAllTextAsync(Output)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("libe_sqlcipher.so")]
    [InlineData("libe_sqlcipher.so.sha256")]
    public async Task Cache_OthersMayWrite_IsRefused(string name)
    {
        await BuildAsync();
        File.Delete(Output);
        File.SetUnixFileMode(CachedPath(name), File.GetUnixFileMode(CachedPath(name)) | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

        var run = await BuildAsync();

        AssertRejected(run, "can be changed by other users");
    }

    [Fact]
    public async Task Cache_OfAnotherUser_IsRefused()
    {
        Directory.CreateDirectory(_folder.PathOf("cache"));
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(_folder.PathOf("cache/catalogizer"));
            await CommandRun.ExecuteAsync(_folder.Path, new Dictionary<string, string?>(), "chown", "65534", _folder.PathOf("cache/catalogizer"));
        }
        else
        {
            // Only root can change the owner of a folder; /usr belongs to root.
            File.CreateSymbolicLink(_folder.PathOf("cache/catalogizer"), "/usr");
        }

        var run = await BuildAsync();

        AssertRejected(run, "belongs to another user");
    }

    [Fact]
    public async Task NoHome_CacheIsInTheProject()
    {
        var run = await BuildAsync(cache: null);

        Assert.Equal(0, run.ExitCode);
        Assert.Single(Directory.GetFiles(_folder.PathOf("repo/.build/cache"), "libe_sqlcipher.so", SearchOption.AllDirectories));
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandRun> BuildAsync() => BuildAsync(_folder.PathOf("cache"));

    private Task<CommandRun> BuildAsync(string? cache) => CommandRun.ExecuteAsync(
        _folder.Path,
        new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["SANDBOX"] = _folder.Path,
            ["XDG_CACHE_HOME"] = cache,
            ["HOME"] = null,
        },
        _folder.PathOf($"repo/{Script}"),
        Output);

    private void AssertRejected(CommandRun run, string why)
    {
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(why, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    private string CachedPath(string name) => Path.Combine(Directory.GetDirectories(_folder.PathOf("cache/catalogizer")).Single(), name);

    private void Write(string name, string content) =>
        File.SetUnixFileMode(_folder.Write(name, content), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    [GeneratedRegex("^sha256='[0-9a-f]{64}'", RegexOptions.Multiline)]
    private static partial Regex SourceHashRegex();
}
