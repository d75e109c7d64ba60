using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Local;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Sources;

/// <summary>The program's own data and the kernel's file systems cannot be a source or part of one, by whatever path.</summary>
public sealed class ForbiddenLocationsTests : IAsyncDisposable
{
    private const string OwnDataReason = "Catalogizer's own data";
    private const string KernelReason = "file system of the kernel";

    private readonly TemporaryFolder _home = new();
    private readonly TestCatalog _catalog;
    private readonly LocalOptions _options = new();

    /// <summary>The program's own data folder when the catalogue is opened.</summary>
    private string _ownFolder = "data";

    public ForbiddenLocationsTests()
    {
        _home.Write("data/catalogizer.key", "the key");
        _home.Write("data/before-20260101-000000000/catalogizer.key", "the old key");
        _home.Write("data/before-20260101-000000000/catalogizer.db", "the old catalogue");
        _home.Write("data/artwork/0a1b", "a picture");
        _home.Write("appsettings.json", "{}");
        _catalog = new TestCatalog(home: _home, configureServices: services => services
            .Replace(ServiceDescriptor.Singleton(_ => new OwnFiles(DataDirectory.Open(new StorageOptions { DataDirectory = _ownFolder }, _home.Path), TimeProvider.System)))
            .AddSingleton(Options.Create(_options)));
    }

    private SourceProbe Probe => _catalog.Services.GetRequiredService<SourceProbe>();

    /// <summary>A location, as a path in the home folder or an absolute one, and a part of the error message.</summary>
    public static TheoryData<string, string> Locations => new()
    {
        { "data", OwnDataReason },
        { "data/", OwnDataReason },
        { "media/../data", OwnDataReason },
        { "data/artwork", OwnDataReason },
        { "data/before-20260101-000000000", OwnDataReason },
        { "link to data", OwnDataReason },
        { "link to home/data", OwnDataReason },
        { "link to home/data/artwork", OwnDataReason },
        { "/proc", KernelReason },
        { "/proc/self", KernelReason },
        { "/proc/self/task", KernelReason },
        { "/sys", KernelReason },
        { "/sys/kernel", KernelReason },
    };

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        _home.Dispose();
    }

    [Theory]
    [MemberData(nameof(Locations))]
    public async Task Add_ForbiddenPlace_IsRefusedForItsPath(string location, string says)
    {
        var error = Assert.IsType<InvalidError>((await _catalog.Sources.AddAsync(Actor.System, CreateDraft(location), default)).Error);

        Assert.Equal("path", error.Field);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(await _catalog.Sources.ListAsync(Actor.System, default));
    }

    [Theory]
    [MemberData(nameof(Locations))]
    public async Task Test_ForbiddenPlace_SaysForbidden(string location, string says)
    {
        var test = await Probe.TestAsync(Actor.System, CreateDraft(location), null, default);

        Assert.Equal((false, "forbidden"), (test.Ok, test.Code));
        Assert.Contains(says, test.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Locations))]
    public async Task LookFirst_ForbiddenPlace_IsRefused(string location, string says)
    {
        var look = await Probe.PreviewScanAsync(Actor.System, CreateDraft(location), null, null, default);

        Assert.Contains(says, Assert.IsType<SourceUnreadable>(look.Error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Locations))]
    public async Task Move_ForbiddenPlace_IsRefusedAndTheSourceStays(string location, string says)
    {
        var source = await _catalog.AddSourceAsync();
        CreateLinks();

        var preview = await Probe.PreviewMoveAsync(Actor.System, new SourceDraft { Path = ToAbsolutePath(location) }, source.Id, default);
        var moved = await _catalog.Sources.UpdateAsync(Actor.System, source.Id, new SourceDraft { Path = ToAbsolutePath(location) }, default);

        Assert.Contains(says, preview.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(says, moved.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(_catalog.Root, Assert.Single(await _catalog.Sources.ListAsync(Actor.System, default)).Path);
    }

    [Theory]
    [InlineData("data", OwnDataReason)]
    [InlineData("media/../data", OwnDataReason)]
    [InlineData("data/artwork", OwnDataReason)]
    [InlineData("data/before-20260101-000000000", OwnDataReason)]
    [InlineData("link to home/data", OwnDataReason)]
    [InlineData("/proc/self/task", KernelReason)]
    [InlineData("/sys", KernelReason)]
    public async Task Browse_ForbiddenPlace_ShowsNothingAndSaysWhy(string location, string says)
    {
        CreateLinks();
        var shown = await _catalog.Sources.BrowseAsync(Actor.System, ToAbsolutePath(location), default);
        var tried = await Probe.BrowseAsync(Actor.System, new SourceDraft { Protocol = "local" }, null, ToAbsolutePath(location), default);

        Assert.All([shown, tried], listing =>
        {
            Assert.Equal((0, 0), (listing.Folders.Count, listing.Files));
            Assert.Contains(says, listing.Problem!, StringComparison.Ordinal);
        });
        Assert.DoesNotContain((await _catalog.Sources.BrowseAsync(Actor.System, _home.Path, default)).Folders, f => f.Name == "data");
    }

    [Fact]
    public async Task Scan_FolderAboveTheData_SkipsAndCountsIt()
    {
        _catalog.Write("Calm (2001).mkv");
        var source = await _catalog.AddSourceAsync(path: _home.Path);
        var forecast = (await Probe.PreviewScanAsync(Actor.System, new SourceDraft { Protocol = "local", Path = _home.Path }, null, null, default)).Value;

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((ScanState.Completed, 1L, 2L, 0L), (scan.State, scan.Listed, scan.Skipped, scan.FailedFolders));
        Assert.Equal(["Calm (2001).mkv"], _catalog.QueryRows("SELECT name FROM files"));
        Assert.DoesNotContain(_catalog.QueryRows("SELECT path FROM folders"), path => path.StartsWith("data", StringComparison.Ordinal));
        Assert.Equal((1L, 2L), (forecast.Listed, forecast.Skipped));
    }

    [Fact]
    public async Task Scan_SingleFilesOfTheProgram_AreSkippedUnderOtherNames()
    {
        _catalog.Write("Calm (2001).mkv");
        var backup = _home.PathOf("media/safe.db");
        Assert.True((await _catalog.Services.GetRequiredService<CatalogBackup>().WriteAsync(backup, default)).IsOk);
        using var open = _catalog.Services.GetRequiredService<SqliteFile>().OpenConnection(readOnly: true);    // the WAL exists as long as it has a reader
        string[] own = ["data/catalogizer.key", "data/catalogizer.db", "data/catalogizer.db-wal", "data/before-20260101-000000000/catalogizer.key", "appsettings.json"];
        foreach (var (file, i) in own.Select((file, i) => (file, i)))
        {
            CreateHardLink(_home.PathOf(file), _home.PathOf($"media/Copy {i} (2001).mkv"));
        }

        CreateHardLink(backup, _home.PathOf("media/Copy of safe (2001).mkv"));
        var source = await _catalog.AddSourceAsync();

        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal(["Calm (2001).mkv"], _catalog.QueryRows("SELECT name FROM files"));
        Assert.Equal(own.Length + 2L, scan.Skipped);
    }

    [Fact]
    public async Task Open_RowsFromBefore_AreRefusedByLinkAndByPath()
    {
        _catalog.Write("data/Key (2001).mkv");
        _catalog.Write("Linked (2002).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        File.Delete(_home.PathOf("media/Linked (2002).mkv"));
        CreateHardLink(_home.PathOf("data/catalogizer.key"), _home.PathOf("media/Linked (2002).mkv"));
        File.Move(_home.PathOf("data/catalogizer.key"), _home.PathOf("data/Key (2001).mkv"));

        var linked = await AssertRejectedAsync("Linked (2002).mkv");
        _catalog.Execute($"UPDATE sources SET path = '{_home.Path}'");
        var pathed = await AssertRejectedAsync("Key (2001).mkv");
        _home.Write("data/data/Key (2001).mkv", "a key");
        _catalog.Execute($"UPDATE sources SET path = '{_home.PathOf("data")}'");
        var rooted = await AssertRejectedAsync("Key (2001).mkv");

        Assert.All([linked, pathed, rooted], exception =>
        {
            Assert.Equal(SourceErrorKind.Forbidden, exception.Kind);
            Assert.Contains(OwnDataReason, exception.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(ScanKind.Quick)]
    [InlineData(ScanKind.Full)]
    public async Task Scan_RowsFromBefore_AreGone(ScanKind kind)
    {
        for (var i = 0; i < 30; i++)
        {
            _catalog.Write($"Films/Film {i} (2001).mkv");
        }

        _home.Write("media/Films/old/inner/Key (2001).mkv", "a key");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);

        _ownFolder = "media/Films/old";
        await _catalog.ReopenAsync();
        var scan = await _catalog.ScanAsync(source.Id, kind);

        Assert.Equal((ScanState.Completed, 1L, 1L), (scan.State, scan.Missing, scan.Skipped));
        Assert.Equal(["Key (2001).mkv|2"], _catalog.QueryRows("SELECT name, presence FROM files WHERE name LIKE 'Key%'"));
    }

    [Fact]
    public async Task Watch_FolderAboveTheData_HearsNothingOfIt()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var watch = new LocalWatch(_home.Path, LocalAccessFactory.CreateFor(_home), _ => false).ReadAsync(timeout.Token).GetAsyncEnumerator(timeout.Token);
        Assert.True(await watch.MoveNextAsync());

        _home.Write("data/artwork/1c2d", "another picture");
        _home.Write("data/note", "of the program");
        _home.Write("media/Calm (2001).mkv", "a film");
        Assert.True(await watch.MoveNextAsync());

        Assert.Equal(["media"], watch.Current.Changed.Select(c => c.Path));
    }

    [Fact]
    public async Task LocalRoots_Set_AllowNothingOutside()
    {
        _options.LocalRoots.Add(_home.PathOf("media"));
        _options.LocalRoots.Add("/no/such/folder");
        _home.Write("other/Film (2001).mkv", "a film");
        _home.Write("media/inner/Film (2001).mkv", "a film");
        Directory.CreateSymbolicLink(_home.PathOf("media/out"), _home.PathOf("other"));
        Directory.CreateSymbolicLink(_home.PathOf("in"), _home.PathOf("media"));

        foreach (var location in (string[])["other", "media/out", "media/../other", ""])
        {
            var refused = (await _catalog.Sources.AddAsync(Actor.System, CreateDraft(location), default)).Error;
            Assert.Contains("Catalogizer:LocalRoots", refused?.Message, StringComparison.Ordinal);
        }

        Assert.True((await Probe.TestAsync(Actor.System, CreateDraft("media"), null, default)).Ok);
        Assert.True((await Probe.TestAsync(Actor.System, CreateDraft("in/inner"), null, default)).Ok);
        Assert.Equal([_home.PathOf("media")], (await _catalog.Sources.BrowseAsync(Actor.System, null, default)).Folders.Select(f => f.Path));
        Assert.Equal([_home.PathOf("media/inner")], (await _catalog.Sources.BrowseAsync(Actor.System, _home.PathOf("media"), default)).Folders.Select(f => f.Path));
        var outside = await _catalog.Sources.BrowseAsync(Actor.System, _home.PathOf("other"), default);
        Assert.Equal((0, 0), (outside.Folders.Count, outside.Files));
        Assert.Contains("Catalogizer:LocalRoots", outside.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("films")]
    [InlineData("media/films")]
    [InlineData("")]
    public void LocalRoots_NotAbsolute_IsNamed(string root)
    {
        _options.LocalRoots.Add(root);

        var problem = Assert.Single(_options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(_options)));

        Assert.Equal(["LocalRoots"], problem.MemberNames);
        Assert.Contains($"“{root}”", problem.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retired_Source_IsNotRead()
    {
        _catalog.Write("Calm (2001).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        var version = _catalog.Count("SELECT id FROM media_versions");
        await _catalog.Sources.RetireAsync(Actor.System, source.Id, default);

        var opened = await _catalog.Media.OpenAsync(Actor.System, version, default);

        Assert.Contains("archived", Assert.IsType<NotFoundError>(opened.Error).Message, StringComparison.Ordinal);
        await using (var db = await _catalog.Services.GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync())
        {
            await using var connector = _catalog.Services.GetRequiredService<SourceConnectors>().Connect((await db.Sources.FindAsync(source.Id))!);
            Assert.Equal(SourceErrorKind.Forbidden, (await Assert.ThrowsAsync<SourceException>(async () => await connector.OpenAsync("Calm (2001).mkv", default))).Kind);
            Assert.Equal(SourceErrorKind.Forbidden, (await Assert.ThrowsAsync<SourceException>(async () => await connector.ListAsync("", default))).Kind);
        }

        await _catalog.Sources.ReviveAsync(Actor.System, source.Id, default);
        var again = (await _catalog.Media.OpenAsync(Actor.System, version, default)).Value;
        await again.Content.DisposeAsync();
        await again.Connection.DisposeAsync();
    }

    [Theory]
    [InlineData("/etc", "settings")]
    [InlineData("/", "settings")]
    [InlineData("/home", "home folder")]
    [InlineData("/root", "home folder")]
    public async Task Test_FolderOfSecrets_WarnsAndAllows(string location, string says)
    {
        var test = await Probe.TestAsync(Actor.System, CreateDraft(location), null, default);

        Assert.True(test.Ok, test.Message);
        Assert.Contains(says, test.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_HomeFolder_AnswersTheWarningAndMediaNone()
    {
        var accounts = _home.Write("passwd", $"daemon:x:1:1::/usr:/bin/false\nanna:x:1000:1000:Anna:{_home.PathOf("anna")}:/bin/sh\n");
        _home.Write("anna/Films/Calm (2001).mkv", "a film");

        Assert.Contains("home folder", SensitiveFolders.GetWarning(_home.PathOf("anna"), accounts), StringComparison.Ordinal);
        Assert.Contains("home folder", SensitiveFolders.GetWarning(_home.Path, accounts), StringComparison.Ordinal);
        Assert.Null(SensitiveFolders.GetWarning(_home.PathOf("anna/Films"), accounts));
        Assert.Null(SensitiveFolders.GetWarning("/usr", accounts));
        Assert.Null((await _catalog.AddSourceAsync()).Warning);
        Assert.Contains("settings", (await _catalog.Sources.AddAsync(Actor.System, CreateDraft("/etc"), default)).Value.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_Written_IsKnownUntilItIsGone()
    {
        var backups = _catalog.Services.GetRequiredService<CatalogBackup>();
        foreach (var name in (string[])["a.db", "b.db", "data/c.db", "a.db"])
        {
            Assert.True((await backups.WriteAsync(_home.PathOf(name), default)).IsOk);
        }

        Assert.Equal([_home.PathOf("a.db"), _home.PathOf("b.db")], File.ReadLines(_home.PathOf("data/backups.list")));
        File.Delete(_home.PathOf("a.db"));
        Assert.True((await backups.WriteAsync(_home.PathOf("d.db"), default)).IsOk);
        Assert.Equal([_home.PathOf("b.db"), _home.PathOf("d.db")], File.ReadLines(_home.PathOf("data/backups.list")));
    }

    private async Task<SourceException> AssertRejectedAsync(string name) => await Assert.ThrowsAsync<SourceException>(() => _catalog.Media.OpenAsync(
        Actor.System, _catalog.Count($"SELECT v.id FROM media_versions v JOIN files f ON f.version_id = v.id WHERE f.name = '{name}'"), default));

    private SourceDraft CreateDraft(string location)
    {
        CreateLinks();
        return new SourceDraft { Name = "Place", Protocol = "local", Path = ToAbsolutePath(location) };
    }

    private string ToAbsolutePath(string location) => location.StartsWith('/') ? location : $"{_home.Path}/{location}";

    private void CreateLinks()
    {
        if (!Directory.Exists(_home.PathOf("link to data")))
        {
            Directory.CreateSymbolicLink(_home.PathOf("link to data"), _home.PathOf("data"));
            Directory.CreateSymbolicLink(_home.PathOf("link to home"), _home.Path);
        }
    }

    private static void CreateHardLink(string file, string name)
    {
        using var linking = System.Diagnostics.Process.Start("ln", [file, name]);
        linking.WaitForExit();
        Assert.Equal(0, linking.ExitCode);
    }
}
