using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>A folder that cannot be read during a scan is no evidence about its own files or about others.</summary>
public sealed class FailingFolderTests : IAsyncDisposable
{
    private readonly FaultySource _faultySource = new();
    private readonly TestCatalog _catalog;

    public FailingFolderTests()
    {
        _catalog = new TestCatalog(configureServices: _faultySource.Register);
        foreach (var letter in "ABCD")
        {
            for (var i = 0; i < 30; i++)
            {
                _catalog.Write($"{letter}/{(i < 15 ? "" : "Deep/Deeper/")}{CreateTitle(letter, i)}.mkv");
            }
        }
    }

    [Theory]
    [InlineData(ScanKind.Full)]
    [InlineData(ScanKind.Quick)]
    public async Task Scan_SubfolderGivesAnError_OnlyItsFilesAreUnknown(ScanKind kind)
    {
        var source = await AddScannedSourceAsync();
        _catalog.Write("A/New (2002).mkv");
        _catalog.Delete("C/Wonder Cari (2001).mkv");
        BackdateFolders("B", "B/Deep", "B/Deep/Deeper");
        FailAt("B/Deep");

        var scan = await _catalog.ScanAsync(source, kind);

        Assert.Equal((ScanState.Completed, 1, 15, 1, 1), (scan.State, scan.FailedFolders, scan.Unknown, scan.Added, scan.Missing));
        Assert.Equal(15, CountFiles(Presence.Unknown));
        Assert.Equal(15, _catalog.Count("SELECT count(*) FROM files f JOIN folders d ON d.id = f.folder_id WHERE d.path = 'B/Deep/Deeper' AND f.presence = 1"));
        Assert.Equal(Presence.Unknown, (await _catalog.FindOneAsync("Wonder Baro")).Presence);
        Assert.Equal(Presence.Present, (await _catalog.FindOneAsync("Wonder Bari")).Presence);
        CatalogInvariants.Check(_catalog);

        _faultySource.BeforeAccess = _ => { };
        var healed = await _catalog.ScanAsync(source, kind);

        Assert.Equal((ScanState.Completed, 0, 0, 0), (healed.State, healed.FailedFolders, healed.Added, healed.Missing));
        Assert.Equal((120, 0, 1), (CountFiles(Presence.Present), CountFiles(Presence.Unknown), CountFiles(Presence.Missing)));
        var story = (await _catalog.Media.HistoryAsync(Actor.System, (await _catalog.FindOneAsync("Wonder Baro")).Id, default)).Value;
        Assert.Equal(["returned", "unknown", "added"], story.Select(e => e.Kind));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_FolderCanBeReadAgainAndNoTimeChanged_WhatLiesDeeperIsBackToo()
    {
        var source = await AddScannedSourceAsync();
        FailAt("B/Deep");
        await _catalog.ScanAsync(source);
        Assert.Equal(15, CountFiles(Presence.Unknown));
        _faultySource.BeforeAccess = _ => { };

        await _catalog.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((120, 0), (CountFiles(Presence.Present), CountFiles(Presence.Unknown)));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task StartChanged_FolderCanBeReadAgain_WhatLiesDeeperIsBackToo()
    {
        var source = await AddScannedSourceAsync();
        FailAt("B/Deep");
        await _catalog.ScanAsync(source);
        _faultySource.BeforeAccess = _ => { };

        var looked = (await _catalog.Scans.StartForChangesAsync(source, [new ChangedFolder("B/Deep", false)], null, default))!.Value.Value;
        await _catalog.Scans.WaitAsync(looked.Id, default);

        Assert.Equal((120, 0), (CountFiles(Presence.Present), CountFiles(Presence.Unknown)));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_ListingShowsNamesTwice_CountsThemOnce()
    {
        _faultySource.TransformListing = (_, content) => content with { Entries = [.. content.Entries, .. content.Entries] };

        var source = await AddScannedSourceAsync();
        var again = await _catalog.ScanAsync(source);

        Assert.Equal((ScanState.Completed, 120, 0, 0, 0), (again.State, again.Listed, again.Added, again.Changed, again.Missing));
        Assert.Equal(120, CountFiles(Presence.Present));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_FailedAgainAndAgain_TellsItOnce()
    {
        var source = await AddScannedSourceAsync();
        FailAt("B/Deep");
        await _catalog.ScanAsync(source);
        await _catalog.ScanAsync(source);

        Assert.Equal(15, CountFiles(Presence.Unknown));
        Assert.Equal(15, _catalog.Count("SELECT count(*) FROM file_events WHERE kind = 4"));
    }

    [Theory]
    [InlineData(SourceErrorKind.Unreachable)]
    [InlineData(SourceErrorKind.TimedOut)]
    [InlineData(SourceErrorKind.Denied)]
    public async Task Scan_FolderAndThenTheRootFail_FailsAndLosesNothing(SourceErrorKind kind)
    {
        var source = await AddScannedSourceAsync();
        _catalog.Delete("A");     // recorded as pending deletions before the source becomes unreachable
        var away = false;
        _faultySource.BeforeAccess = folder =>
        {
            away |= folder == "C/Deep";
            if (away)
            {
                throw new SourceException(kind, folder.Length > 0 ? $"{folder} could not be read." : "The source is gone.");
            }
        };

        var scan = await _catalog.ScanAsync(source);

        Assert.Equal(0, CountFiles(Presence.Missing) + CountFiles(Presence.Retired));
        Assert.Equal(120, (await _catalog.FindAsync()).Total);
        if (kind == SourceErrorKind.Denied)
        {
            Assert.Equal(ScanState.Held, scan.State);       // it responds, and refuses: the root was listed, and A is not in it
        }
        else
        {
            Assert.Equal((ScanState.Failed, "The source is gone."), (scan.State, scan.Reason));
            Assert.Equal(("open", 0, 120), Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default)) is var s ? (s.State, s.PresentFiles, s.UnknownFiles) : default);
            Assert.Equal(0, _catalog.Count("SELECT count(*) FROM scan_losses"));
        }

        CatalogInvariants.Check(_catalog);
        _faultySource.BeforeAccess = _ => { };
        var after = await _catalog.ScanAsync(source);
        Assert.Equal((ScanState.Held, 30), (after.State, after.Missing));
        Assert.Equal((120, 0), (CountFiles(Presence.Present), CountFiles(Presence.Unknown)));
    }

    [Fact]
    public async Task Scan_SourceGoesBetweenTheTwoEndsOfAMove_FindsItInTheNextScan()
    {
        var source = await AddScannedSourceAsync();
        var before = await _catalog.FindOneAsync("Wonder Dari");
        Directory.Move(Path.Combine(_catalog.Root, "D"), Path.Combine(_catalog.Root, "AA"));
        _faultySource.BeforeAccess = folder =>
        {
            if (folder == "C")
            {
                throw new SourceException(SourceErrorKind.Unreachable, "Gone.");
            }

            if (folder.Length == 0 && _catalog.Count("SELECT count(*) FROM files f JOIN folders d ON d.id = f.folder_id WHERE d.path = 'AA'") > 0)
            {
                throw new SourceException(SourceErrorKind.Unreachable, "Gone.");
            }
        };
        await _catalog.ScanAsync(source);
        await _catalog.ScanAsync(source);
        _faultySource.BeforeAccess = _ => { };

        var scan = await _catalog.ScanAsync(source, null);

        Assert.Equal((ScanState.Completed, 0), (scan.State, scan.Missing));
        Assert.Equal((120, 120), ((await _catalog.FindAsync()).Total, _catalog.Count("SELECT count(*) FROM files")));
        Assert.Equal(before.Id, (await _catalog.FindOneAsync("Wonder Dari")).Id);
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Scan_LostBeforeABreakAndBackAfterIt_IsNotLost()
    {
        var source = await AddScannedSourceAsync();
        _catalog.Delete("A/Wonder Aari (2001).mkv");
        _faultySource.BeforeAccess = folder =>
        {
            if (folder is "C" or "" && _catalog.Count("SELECT count(*) FROM scan_losses") > 0)
            {
                throw new InvalidOperationException("Broken off.");
            }
        };
        await _catalog.ScanAsync(source);
        _faultySource.BeforeAccess = _ => { };
        _catalog.Write("A/Wonder Aari (2001).mkv");

        var scan = await _catalog.ScanAsync(source, null);

        Assert.Equal((ScanState.Completed, 0), (scan.State, scan.Missing));
        Assert.Equal(120, CountFiles(Presence.Present));
    }

    private static string CreateTitle(char letter, int i) => $"Wonder {letter}{(char)('a' + (i % 15))}{(i < 15 ? "ri" : "ro")} (2001)";

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private void FailAt(string failing) => _faultySource.BeforeAccess = folder =>
    {
        if (folder == failing)
        {
            throw new SourceException(SourceErrorKind.Unreachable, $"{folder} could not be read: input/output error.");
        }
    };

    private async Task<long> AddScannedSourceAsync()
    {
        BackdateFolders(["", .. Directory.GetDirectories(_catalog.Root, "*", SearchOption.AllDirectories)]);
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        return source.Id;
    }

    /// <summary>Sets folder times back, so that a quick scan can trust them.</summary>
    private void BackdateFolders(params string[] folders)
    {
        foreach (var folder in folders)
        {
            Directory.SetLastWriteTimeUtc(Path.Combine(_catalog.Root, folder), DateTime.UtcNow.AddDays(-2));
        }
    }

    private long CountFiles(Presence presence) => _catalog.Count($"SELECT count(*) FROM files WHERE presence = {(int)presence}");
}
