using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A share in the catalogue, from its first scan to the day its server is off.</summary>
[Trait("Category", "Server")]
public sealed class SmbScanTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private static readonly DateTime LongAgo = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TestCatalog _catalog = new();
    private readonly SmbServer _server = shared.Server;

    public async Task InitializeAsync()
    {
        await _server.ResetAsync();
        _server.Write("auth/video/Films/Quiet Water (2001)/Quiet Water (2001).mkv");
        _server.Write("auth/video/Films/Loud Fire (2003)/Loud Fire (2003).mkv");
        _server.Write("auth/video/Series/Harbour/Season 01/Harbour.S01E01.mkv");
        _server.Write("auth/video/notes.txt");
        _server.Write("auth/elsewhere/Not Ours (1999).mkv");
        BackdateFolder("auth");
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Scan_Folder_HoldsItsFilesAndNoOthers()
    {
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server, "auth", "video"));

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((ScanState.Completed, 4, 4), (scan.State, scan.Listed, scan.Added));
        Assert.Equal(["Harbour", "Loud Fire", "Quiet Water"], (await _catalog.FindAsync()).Items.Select(i => i.Title).Order(StringComparer.Ordinal));
        var status = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(($@"\\127.0.0.1:{_server.Port}\auth\video", "closed", 4), (status.Location, status.State, status.PresentFiles));
        Assert.True(status.TotalBytes > 0);
    }

    [Fact]
    public async Task Quick_NothingChanged_ListsOnlyFoldersThatHoldFolders()
    {
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server, "auth", "video"));
        await _catalog.ScanAsync(source.Id);

        var scan = await _catalog.ScanAsync(source.Id, ScanKind.Quick);

        // The three that contain only files are checked by the times in their parents' listings.
        Assert.Equal((ScanState.Completed, 1, 0, 0), (scan.State, scan.Listed, scan.Added, scan.Missing));
        Assert.Equal(3, _catalog.Count("SELECT unchanged_folders FROM scans ORDER BY id DESC LIMIT 1"));
    }

    [Fact]
    public async Task Quick_FileAddedDeepDown_IsFound()
    {
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server, "auth", "video"));
        await _catalog.ScanAsync(source.Id);
        _server.Write("auth/video/Series/Harbour/Season 01/Harbour.S01E02.mkv");
        File.Delete(_server.PathOf("auth/video/Films/Loud Fire (2003)/Loud Fire (2003).mkv"));
        _server.Write("auth/video/Films/Quiet Water (2001)/Extras/Making of.mkv");

        var scan = await _catalog.ScanAsync(source.Id, ScanKind.Quick);

        Assert.Equal((2, 1), (scan.Added, scan.Missing + scan.Moved));
    }

    [Fact]
    public async Task Scan_ServerOff_NothingIsMissing()
    {
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server, "auth", "video"));
        await _catalog.ScanAsync(source.Id);
        await _server.StopAsync();

        foreach (var kind in new[] { ScanKind.Full, ScanKind.Quick })
        {
            var scan = await _catalog.ScanAsync(source.Id, kind);
            Assert.Equal((ScanState.Failed, 0), (scan.State, scan.Missing));
            Assert.StartsWith("Nothing answers on 127.0.0.1", scan.Reason, StringComparison.Ordinal);
        }

        var status = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(("open", 0, 4, 0), (status.State, status.PresentFiles, status.UnknownFiles, status.MissingFiles));

        await _server.LaunchAsync();
        var back = await _catalog.ScanAsync(source.Id, ScanKind.Quick);
        Assert.Equal((ScanState.Completed, 0, 0), (back.State, back.Added, back.Missing));
        Assert.Equal(4, Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default)).PresentFiles);
    }

    [Fact]
    public async Task Scan_ShareOrRightsGone_NothingIsMissing()
    {
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server, "auth", "video"));
        await _catalog.ScanAsync(source.Id);

        Directory.Move(_server.PathOf("auth/video"), _server.PathOf("auth/moved"));
        var gone = await _catalog.ScanAsync(source.Id);
        Directory.Move(_server.PathOf("auth/moved"), _server.PathOf("auth/video"));
        var refused = await ScanWithAsync(source.Id, new SourceDraft { Password = "another" });

        Assert.Equal((ScanState.Failed, 0), (gone.State, gone.Missing));
        Assert.Equal((ScanState.Failed, 0, "127.0.0.1 does not accept this user name or password."), (refused.State, refused.Missing, refused.Reason));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM files WHERE presence <> 0"));
        Assert.Equal(ScanState.Completed, (await ScanWithAsync(source.Id, new SourceDraft { Password = SmbServer.Password })).State);
    }

    [Fact]
    public async Task Stream_OfAVersion_ComesFromTheShare()
    {
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server, "auth", "video"));
        await _catalog.ScanAsync(source.Id);
        var version = _catalog.Count("SELECT version_id FROM files WHERE name = 'Quiet Water (2001).mkv'");

        await using var stream = (await _catalog.Media.OpenAsync(Actor.System, version, default)).Value.Content;
        using var reader = new StreamReader(stream);

        Assert.Equal("auth/video/Films/Quiet Water (2001)/Quiet Water (2001).mkv", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Watch_ChangeOverTheNetwork_IsTold()
    {
        _server.Write("auth/video/Films/new.mkv");
        File.Move(_server.PathOf("auth/video/Films/new.mkv"), _server.PathOf("new.mkv"));
        var source = (await _catalog.Sources.FindAsync(Actor.System, SmbSources.CreateDraft(_server, "auth", "video"), default)).Value;
        var protocol = _catalog.Protocols().Single(p => p.Name == "smb");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var watch = protocol.Watch(source, name => name.StartsWith('.'))!.GetAsyncEnumerator(timeout.Token);

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((0, false, null), (watch.Current.Changed.Count, watch.Current.Overflowed, watch.Current.Limitation));
        await _server.UploadAsync("video/Films/new.mkv", _server.PathOf("new.mkv"));
        var folders = new HashSet<string>(StringComparer.Ordinal);
        while (!folders.Contains("Films") && await watch.MoveNextAsync())
        {
            folders.UnionWith(watch.Current.Changed.Select(c => c.Path));
        }

        Assert.Contains("Films", folders);
        await _server.StopAsync();
        await Assert.ThrowsAsync<SourceException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
            }
        });
    }

    private async Task<ScanView> ScanWithAsync(long source, SourceDraft change)
    {
        Assert.True((await _catalog.Sources.UpdateAsync(Actor.System, source, change, default)).IsOk);
        return await _catalog.ScanAsync(source);
    }

    /// <summary>Sets times that are old enough to be trusted.</summary>
    private void BackdateFolder(string folder)
    {
        foreach (var path in Directory.EnumerateDirectories(_server.PathOf(folder), "*", SearchOption.AllDirectories).Append(_server.PathOf(folder)))
        {
            Directory.SetLastWriteTimeUtc(path, LongAgo);
        }
    }
}
