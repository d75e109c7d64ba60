using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>A folder that cannot be read in the middle of a scan says nothing about its files, and nothing about others.</summary>
public sealed class FailingFolderTests : IAsyncDisposable
{
    private readonly TroubledSource _trouble = new();
    private readonly TestCatalogue _catalogue;

    public FailingFolderTests()
    {
        _catalogue = new TestCatalogue(more: _trouble.Replace);
        foreach (var letter in "ABCD")
        {
            for (var i = 0; i < 30; i++)
            {
                _catalogue.Write($"{letter}/{(i < 15 ? "" : "Deep/Deeper/")}{Film(letter, i)}.mkv");
            }
        }
    }

    [Theory]
    [InlineData(ScanKind.Full)]
    [InlineData(ScanKind.Quick)]
    public async Task Scan_SubfolderGivesAnError_OnlyItsFilesAreUnknown(ScanKind kind)
    {
        var source = await ScannedAsync();
        _catalogue.Write("A/New (2002).mkv");
        _catalogue.Delete("C/Wonder Cari (2001).mkv");
        Age("B", "B/Deep", "B/Deep/Deeper");
        FailAt("B/Deep");

        var scan = await _catalogue.ScanAsync(source, kind);

        Assert.Equal((ScanState.Completed, 1, 15, 1, 1), (scan.State, scan.FailedFolders, scan.Unknown, scan.Added, scan.Missing));
        Assert.Equal(15, Files(Presence.Unknown));
        Assert.Equal(15, _catalogue.Count("SELECT count(*) FROM files f JOIN folders d ON d.id = f.folder_id WHERE d.path = 'B/Deep/Deeper' AND f.presence = 1"));
        Assert.Equal(Presence.Unknown, (await _catalogue.OneAsync("Wonder Baro")).Presence);
        Assert.Equal(Presence.Present, (await _catalogue.OneAsync("Wonder Bari")).Presence);
        CatalogueTruth.Check(_catalogue);

        _trouble.Before = _ => { };
        var healed = await _catalogue.ScanAsync(source, kind);

        Assert.Equal((ScanState.Completed, 0, 0, 0), (healed.State, healed.FailedFolders, healed.Added, healed.Missing));
        Assert.Equal((120, 0, 1), (Files(Presence.Present), Files(Presence.Unknown), Files(Presence.Missing)));
        var story = (await _catalogue.Media.HistoryAsync(Actor.System, (await _catalogue.OneAsync("Wonder Baro")).Id, default)).Value;
        Assert.Equal(["returned", "unknown", "added"], story.Select(e => e.Kind));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Scan_FolderCanBeReadAgainAndNoTimeChanged_WhatLiesDeeperIsBackToo()
    {
        var source = await ScannedAsync();
        FailAt("B/Deep");
        await _catalogue.ScanAsync(source);
        Assert.Equal(15, Files(Presence.Unknown));
        _trouble.Before = _ => { };

        await _catalogue.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((120, 0), (Files(Presence.Present), Files(Presence.Unknown)));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task StartChanged_FolderCanBeReadAgain_WhatLiesDeeperIsBackToo()
    {
        var source = await ScannedAsync();
        FailAt("B/Deep");
        await _catalogue.ScanAsync(source);
        _trouble.Before = _ => { };

        var looked = (await _catalogue.Scans.StartForChangesAsync(source, [new ChangedFolder("B/Deep", false)], null, default))!.Value.Value;
        await _catalogue.Scans.WaitAsync(looked.Id, default);

        Assert.Equal((120, 0), (Files(Presence.Present), Files(Presence.Unknown)));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Scan_ListingShowsNamesTwice_CountsThemOnce()
    {
        _trouble.Listed = (_, content) => content with { Entries = [.. content.Entries, .. content.Entries] };

        var source = await ScannedAsync();
        var again = await _catalogue.ScanAsync(source);

        Assert.Equal((ScanState.Completed, 120, 0, 0, 0), (again.State, again.Listed, again.Added, again.Changed, again.Missing));
        Assert.Equal(120, Files(Presence.Present));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Scan_FailedAgainAndAgain_TellsItOnce()
    {
        var source = await ScannedAsync();
        FailAt("B/Deep");
        await _catalogue.ScanAsync(source);
        await _catalogue.ScanAsync(source);

        Assert.Equal(15, Files(Presence.Unknown));
        Assert.Equal(15, _catalogue.Count("SELECT count(*) FROM file_events WHERE kind = 4"));
    }

    [Theory]
    [InlineData(SourceErrorKind.Unreachable)]
    [InlineData(SourceErrorKind.TimedOut)]
    [InlineData(SourceErrorKind.Denied)]
    public async Task Scan_FolderAndThenTheRootFail_FailsAndLosesNothing(SourceErrorKind kind)
    {
        var source = await ScannedAsync();
        _catalogue.Delete("A");     // noted as a loss before the source goes
        var away = false;
        _trouble.Before = folder =>
        {
            away |= folder == "C/Deep";
            if (away)
            {
                throw new SourceException(kind, folder.Length > 0 ? $"{folder} could not be read." : "The source is gone.");
            }
        };

        var scan = await _catalogue.ScanAsync(source);

        Assert.Equal(0, Files(Presence.Missing) + Files(Presence.Retired));
        Assert.Equal(120, (await _catalogue.FindAsync()).Total);
        if (kind == SourceErrorKind.Denied)
        {
            Assert.Equal(ScanState.Held, scan.State);       // it answers, and refuses: the root was listed, and A is not in it
        }
        else
        {
            Assert.Equal((ScanState.Failed, "The source is gone."), (scan.State, scan.Reason));
            Assert.Equal(("open", 0, 120), Assert.Single(await _catalogue.Sources.StatusAsync(Actor.System, default)) is var s ? (s.State, s.PresentFiles, s.UnknownFiles) : default);
            Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM scan_losses"));
        }

        CatalogueTruth.Check(_catalogue);
        _trouble.Before = _ => { };
        var after = await _catalogue.ScanAsync(source);
        Assert.Equal((ScanState.Held, 30), (after.State, after.Missing));
        Assert.Equal((120, 0), (Files(Presence.Present), Files(Presence.Unknown)));
    }

    [Fact]
    public async Task Scan_SourceGoesBetweenTheTwoEndsOfAMove_FindsItInTheNextScan()
    {
        var source = await ScannedAsync();
        var before = await _catalogue.OneAsync("Wonder Dari");
        Directory.Move(Path.Combine(_catalogue.Root, "D"), Path.Combine(_catalogue.Root, "AA"));
        _trouble.Before = folder =>
        {
            if (folder == "C")
            {
                throw new SourceException(SourceErrorKind.Unreachable, "Gone.");
            }

            if (folder.Length == 0 && _catalogue.Count("SELECT count(*) FROM files f JOIN folders d ON d.id = f.folder_id WHERE d.path = 'AA'") > 0)
            {
                throw new SourceException(SourceErrorKind.Unreachable, "Gone.");
            }
        };
        await _catalogue.ScanAsync(source);
        await _catalogue.ScanAsync(source);
        _trouble.Before = _ => { };

        var scan = await _catalogue.ScanAsync(source, null);

        Assert.Equal((ScanState.Completed, 0), (scan.State, scan.Missing));
        Assert.Equal((120, 120), ((await _catalogue.FindAsync()).Total, _catalogue.Count("SELECT count(*) FROM files")));
        Assert.Equal(before.Id, (await _catalogue.OneAsync("Wonder Dari")).Id);
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Scan_LostBeforeABreakAndBackAfterIt_IsNotLost()
    {
        var source = await ScannedAsync();
        _catalogue.Delete("A/Wonder Aari (2001).mkv");
        _trouble.Before = folder =>
        {
            if (folder is "C" or "" && _catalogue.Count("SELECT count(*) FROM scan_losses") > 0)
            {
                throw new InvalidOperationException("Broken off.");
            }
        };
        await _catalogue.ScanAsync(source);
        _trouble.Before = _ => { };
        _catalogue.Write("A/Wonder Aari (2001).mkv");

        var scan = await _catalogue.ScanAsync(source, null);

        Assert.Equal((ScanState.Completed, 0), (scan.State, scan.Missing));
        Assert.Equal(120, Files(Presence.Present));
    }

    private static string Film(char letter, int i) => $"Wonder {letter}{(char)('a' + (i % 15))}{(i < 15 ? "ri" : "ro")} (2001)";

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    private void FailAt(string failing) => _trouble.Before = folder =>
    {
        if (folder == failing)
        {
            throw new SourceException(SourceErrorKind.Unreachable, $"{folder} could not be read: input/output error.");
        }
    };

    private async Task<long> ScannedAsync()
    {
        Age(["", .. Directory.GetDirectories(_catalogue.Root, "*", SearchOption.AllDirectories)]);
        var source = await _catalogue.AddSourceAsync();
        await _catalogue.ScanAsync(source.Id);
        return source.Id;
    }

    /// <summary>Sets folders' times back, so that a quick scan may trust them.</summary>
    private void Age(params string[] folders)
    {
        foreach (var folder in folders)
        {
            Directory.SetLastWriteTimeUtc(Path.Combine(_catalogue.Root, folder), DateTime.UtcNow.AddDays(-2));
        }
    }

    private long Files(Presence presence) => _catalogue.Count($"SELECT count(*) FROM files WHERE presence = {(int)presence}");
}
