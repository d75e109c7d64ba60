using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Api;

/// <summary>Folders that the server has no permission to read. Its process runs as a user to whom file permissions apply.</summary>
[Trait("Category", "Server")]
public sealed class UnreadableFolderTests(UnreadableFolderTests.UnprivilegedServer server) : IClassFixture<UnreadableFolderTests.UnprivilegedServer>
{
    private const UnixFileMode ReadableMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [UnprivilegedUserFact]
    public async Task Scan_FolderThatCannotBeRead_IsCountedAndItsFilesAreUnknownUntilItCan()
    {
        var source = (await server.Client.PostAsync("sources", new { name = "half", protocol = "local", path = server.CreateFolder("half", "open/Half One (2001).mkv", "shut/Half Two (2002).mkv") })).GetProperty("id").GetInt64();
        await ScanAsync(source);
        var shut = server.PathOf("half/shut");
        File.SetUnixFileMode(shut, UnixFileMode.None);

        var scan = await ScanAsync(source);

        Assert.Equal(("completed", 1, 1, 0), (scan.GetProperty("state").GetString(), scan.GetProperty("failedFolders").GetInt32(), scan.GetProperty("unknown").GetInt32(), scan.GetProperty("missing").GetInt32()));
        Assert.Equal(["present", "unknown"], await ReadPresencesAsync(source));

        File.SetUnixFileMode(shut, ReadableMode);
        await ScanAsync(source);
        Assert.Equal(["present", "present"], await ReadPresencesAsync(source));
    }

    [UnprivilegedUserFact]
    public async Task Post_FolderThatCannotBeRead_SaysSo()
    {
        var sealedSource = new { name = "Sealed", protocol = "local", path = server.CreateFolder("sealed", "A (2001).mkv") };
        File.SetUnixFileMode(sealedSource.path, UnixFileMode.None);

        await ApiServer.AssertInvalidAsync(await server.Client.Http.PostAsJsonAsync("/api/v1/sources", sealedSource), "path");
        var test = await server.Client.PostAsync("sources/test", sealedSource);
        Assert.Equal((false, "denied"), (test.GetProperty("ok").GetBoolean(), test.GetProperty("code").GetString()));

        File.SetUnixFileMode(sealedSource.path, ReadableMode);
        Assert.True((await server.Client.PostAsync("sources/test", sealedSource)).GetProperty("ok").GetBoolean());
    }

    private async Task<JsonElement> ScanAsync(long source)
    {
        await using var ear = await EventStreamListener.ListenAsync(server.Client.Http);
        var id = (await server.Client.PostAsync($"sources/{source}/scan", new { kind = "full" })).GetProperty("scanId").GetInt64();
        await ear.ReadUntilScanEndedAsync(id);
        return await server.Client.GetAsync($"scans/{id}");
    }

    private async Task<IEnumerable<string?>> ReadPresencesAsync(long source) =>
        (await server.Client.GetAsync($"media?source={source}&sort=title")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("presence").GetString());

    /// <summary>The program in a process of that user, in a folder that the user owns.</summary>
    public sealed class UnprivilegedServer : IAsyncLifetime
    {
        private readonly TemporaryFolder _home = new();
        private ServerProcess? _process;

        internal ProcessClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            if (UnprivilegedUser.SkipReason is not null)
            {
                return;     // then no test of the class runs
            }

            UnprivilegedUser.GiveOwnership(_home.Path);
            _process = ProcessClient.CreateServer(_home, [.. UnprivilegedUser.CommandPrefix]);
            foreach (var (name, value) in UnprivilegedUser.EnvironmentVariables)
            {
                _process.EnvironmentVariables[name] = value;
            }

            await _process.StartAsync();
            Client = await ProcessClient.SignInAsync(_process);
        }

        public async Task DisposeAsync()
        {
            Client?.Dispose();
            await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
            _home.Dispose();
        }

        public string PathOf(string name) => _home.PathOf(name);

        /// <summary>Creates a folder of that user with files, each with its own name as content.</summary>
        public string CreateFolder(string name, params string[] files)
        {
            foreach (var file in files)
            {
                _home.Write($"{name}/{file}", file);
            }

            UnprivilegedUser.GiveOwnership(PathOf(name));
            return PathOf(name);
        }
    }
}
