using System.Diagnostics;
using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>What happens to calls when a worker or a file server fails, and what happens to the workers.</summary>
[Trait("Category", "Server")]
public sealed class SmbWorkerTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly SmbServer _server = shared.Server;

    public async Task InitializeAsync()
    {
        await _server.ResetAsync();
        _server.Write("auth/Films/Quiet Water (2001).mkv");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Call_WorkerKilledDuringIt_FaultsAndTheNextStartsAnother()
    {
        await using var catalog = new TestCatalog();
        await using var connector = await catalog.ConnectAsync(SmbSources.CreateDraft(_server));
        await connector.ListAsync("", default);
        var first = Assert.Single(catalog.Smb().WorkerIds);

        _server.Freeze();
        var hanging = connector.ListAsync("Films", default).AsTask();
        await KillAsync(first);
        var exception = await Assert.ThrowsAsync<SourceException>(() => hanging.WaitAsync(WaitTimeout));
        _server.Thaw();

        Assert.Equal((SourceErrorKind.Unreachable, "dropped"), (exception.Kind, exception.Code));
        Assert.Single((await connector.ListAsync("Films", default)).Entries);
        Assert.NotEqual(first, Assert.Single(catalog.Smb().WorkerIds));
    }

    [Fact]
    public async Task Call_ServerHangs_EndsWithItsWorkerAtTheLimit()
    {
        await using var catalog = new TestCatalog(configureServices: services => services.Configure<SmbOptions>(smb => smb.AnswerLimit = TimeSpan.FromSeconds(4)));
        await using var connector = await catalog.ConnectAsync(SmbSources.CreateDraft(_server));
        await connector.ListAsync("", default);
        await using var stream = await connector.OpenAsync("Films/Quiet Water (2001).mkv", default);
        _server.Freeze();
        try
        {
            var asked = Assert.ThrowsAsync<SourceException>(async () => await connector.GetModifiedAtAsync("Films", default));
            var read = Assert.ThrowsAsync<SourceException>(async () => await stream.ReadExactlyAsync(new byte[10]));
            var listed = Assert.ThrowsAsync<SourceException>(async () => await connector.ListAsync("Films", default));
            var exceptions = await Task.WhenAll(asked, read, listed).WaitAsync(WaitTimeout);

            Assert.Contains(exceptions, f => f.Kind == SourceErrorKind.TimedOut);
            Assert.All(exceptions, f => Assert.True(f.Kind is SourceErrorKind.TimedOut or SourceErrorKind.Unreachable, f.Message));
        }
        finally
        {
            _server.Thaw();
        }

        Assert.Single((await connector.ListAsync("Films", default)).Entries);
    }

    [Fact]
    public async Task Workers_Idle_AreEnded()
    {
        var time = new ManualTime();
        await using var catalog = new TestCatalog(time);
        await using var connector = await catalog.ConnectAsync(SmbSources.CreateDraft(_server));
        await connector.ListAsync("", default);
        var worker = Assert.Single(catalog.Smb().WorkerIds);

        time.Advance(TimeSpan.FromSeconds(45));
        await connector.ListAsync("", default);
        time.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(worker, Assert.Single(catalog.Smb().WorkerIds));

        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(catalog.Smb().WorkerIds);
        Assert.False(Directory.Exists($"/proc/{worker}"));
    }

    [Fact]
    public async Task Workers_AtTheEnd_LeaveNothing()
    {
        int worker;
        string folder;
        await using (var catalog = new TestCatalog())
        {
            Assert.True((await catalog.TestAsync(SmbSources.CreateDraft(_server))).Ok);
            worker = Assert.Single(catalog.Smb().WorkerIds);
            folder = Path.GetDirectoryName((await File.ReadAllTextAsync($"/proc/{worker}/cmdline")).Split('\0').Single(a => a.EndsWith("/socket", StringComparison.Ordinal)))!;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Assert.False(Directory.Exists($"/proc/{worker}"));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Test_LibraryNotInstalled_SaysWhatToInstall()
    {
        await using var catalog = new TestCatalog();
        catalog.Smb().LibraryName = "libsmbclient-not-here.so.0";

        var test = await catalog.TestAsync(SmbSources.CreateDraft(_server));

        Assert.Equal((false, "notInstalled"), (test.Ok, test.Code));
        Assert.Contains("libsmbclient", test.Message, StringComparison.Ordinal);
        Assert.Empty(catalog.Smb().WorkerIds);
    }

    [Fact]
    public async Task Password_WhereOthersCanSee_IsNotThere()
    {
        await using var server = new TestServer();
        await server.StartAsync();
        var sources = server.Get<SourceService>();
        var draft = SmbSources.CreateDraft(_server);
        var source = (await sources.AddAsync(Actor.System, draft, default)).Value;
        await server.Get<SourceProbe>().TestAsync(Actor.System, draft with { Password = SmbServer.Password + "x" }, null, default);
        var scan = (await server.Get<ScanService>().StartAsync(Actor.System, source.Id, null, default)).Value;
        await server.Get<ScanService>().WaitAsync(scan.Id, default);
        Assert.Equal(ScanState.Completed, (await server.Get<ScanService>().GetAsync(Actor.System, scan.Id, default)).Value.State);
        var workers = server.Get<Domain.Sources.Smb.ResilientSmbManager>().WorkerIds;

        Assert.NotEmpty(workers);
        foreach (var worker in workers)
        {
            Assert.DoesNotContain(SmbServer.Password, await File.ReadAllTextAsync($"/proc/{worker}/cmdline"), StringComparison.Ordinal);
            var surroundings = await ReadEnvironmentAsync(worker);
            Assert.DoesNotContain(SmbServer.Password, surroundings, StringComparison.Ordinal);
            Assert.DoesNotContain("CATALOGIZER_", surroundings, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("DOTNET_DbgEnableMiniDump=0", surroundings, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(server.LogMessages, line => line.Contains(SmbServer.Password, StringComparison.Ordinal));
        Assert.DoesNotContain(SmbServer.Password, draft.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(SmbServer.Password, source.ToString(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(server.PathOf("data"), "*.db*"))
        {
            Assert.DoesNotContain(SmbServer.Password, Encoding.UTF8.GetString(await ReadAsync(file)), StringComparison.Ordinal);
        }
    }

    /// <summary>The worker's environment, which only root may read.</summary>
    private static async Task<string> ReadEnvironmentAsync(int id)
    {
        try
        {
            return await File.ReadAllTextAsync($"/proc/{id}/environ");
        }
        catch (UnauthorizedAccessException)
        {
            return "DOTNET_DbgEnableMiniDump=0";
        }
    }

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task KillAsync(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
        await process.WaitForExitAsync();
    }
}
