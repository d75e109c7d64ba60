using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Tests.Sources.Smb;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>Disk problems that look like deletion but are not.</summary>
public sealed class EmptyMountTests() : EmptyMounts(null)
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task Scan_SourceOnlyLooksEmptied_RemovesNothingAndSaysSo(string happens, int films, ScanState ends, string says) => CheckAsync(happens, films, ends, says);
}

/// <summary>The same on a real file server.</summary>
[Trait("Category", "Server")]
public sealed class EmptyShareTests(SharedSmbServer shared) : EmptyMounts(typeof(SmbProtocol)), IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private readonly SmbServer _server = shared.Server;

    public async Task InitializeAsync()
    {
        await _server.ResetAsync();
        Root = _server.PathOf("auth");
        if (Directory.Exists(AsidePath))
        {
            Directory.Delete(AsidePath, recursive: true);       // left by an earlier case that failed
        }
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Scan_ShareOnlyLooksEmptied_RemovesNothingAndSaysSo(string happens, int films, ScanState ends, string says) => happens switch
    {
        // The server follows its own link, and every file is in its place.
        "the root replaced by a link" => CheckAsync(happens, films, ScanState.Completed, ""),
        "share renamed: the root is not there" => CheckAsync(happens, films, ends, ""),
        _ => CheckAsync(happens, films, ends, says),
    };

    private protected override async Task<long> AddSourceAsync() => (await Catalog.AddAsync(SmbSources.CreateDraft(_server))).Id;
}

/// <summary>Nothing leaves the catalogue, and the page gives the reason.</summary>
public abstract class EmptyMounts : IAsyncDisposable
{
    private readonly FaultySource _faultySource;
    private readonly TestCatalog _catalog;

    /// <summary>Whether the source has become unreachable in the current scan.</summary>
    private volatile bool _isSourceGone;

    private protected EmptyMounts(Type? protocol)
    {
        _faultySource = new FaultySource(protocol);
        _catalog = new TestCatalog(configureServices: _faultySource.Register);
        Root = _catalog.Root;
    }

    /// <summary>The folder that the source shows, as a local path.</summary>
    private protected string Root { get; set; }

    /// <summary>Where the tree is while something else is in its place.</summary>
    private protected string AsidePath => Root + ".aside";

    private protected TestCatalog Catalog => _catalog;

    /// <summary>The case and the scan's outcome: held, failed (then everything is unknown), or completed with everything in its place.</summary>
    public static TheoryData<string, int, ScanState, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, ScanState, string>();
            foreach (var films in (int[])[6, 120])
            {
                cases.Add("unmounted: the mount point is empty", films, ScanState.Held, "everything that was there is gone");
                cases.Add("empty share: only what systems put there themselves", films, ScanState.Held, "everything that was there is gone");
                cases.Add("permission denied at the root", films, ScanState.Failed, "may not read");
                cases.Add("half the top folders gone", films, ScanState.Held, films > 20 ? "is empty or gone" : "top folders are empty or gone");
                cases.Add("a different volume under the same name", films, ScanState.Held, "everything that was there is gone");
                cases.Add("share renamed: the root is not there", films, ScanState.Failed, "it is not there");
                cases.Add("an empty listing, then errors", films, ScanState.Held, "everything that was there is gone");
                cases.Add("connection cut in the middle", films, ScanState.Failed, "connection was lost");
                cases.Add("listing truncated, and the server says nothing", films, ScanState.Held, "");
                cases.Add("all times new", films, ScanState.Completed, "");
                cases.Add("names in another case", films, ScanState.Completed, "");
                cases.Add("names in another Unicode form", films, ScanState.Completed, "");
                cases.Add("the root replaced by a link", films, ScanState.Failed, "no longer a folder");
            }

            return cases;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _catalog.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual async Task<long> AddSourceAsync() => (await _catalog.AddSourceAsync()).Id;

    private protected async Task CheckAsync(string happens, int films, ScanState ends, string says)
    {
        var source = await AddScannedSourceAsync(films);
        var before = ReadItems();
        var undo = ApplyCase(happens);

        foreach (var kind in (ScanKind[])[ScanKind.Quick, ScanKind.Full])
        {
            _isSourceGone = false;
            var scan = await _catalog.ScanAsync(source, kind);

            // A quick scan trusts the root's time if nothing changed in it; then it has nothing to report.
            Assert.True(scan.State == ends || (kind == ScanKind.Quick && scan is { State: ScanState.Completed, Missing: 0 }), $"{kind}: {scan.State} {scan.Reason}");
            Assert.True(scan.State != ends || (scan.Reason ?? "").Contains(says, StringComparison.Ordinal) || (kind == ScanKind.Full && scan.Reason!.Contains("has not come back", StringComparison.Ordinal)), scan.Reason);
            Assert.Equal(0, _catalog.Count("SELECT count(*) FROM files WHERE presence IN (2, 3)"));
            Assert.Equal(before, ReadItems().Take(before.Count));
            await CheckReportedAsync(scan);
            CatalogInvariants.Check(_catalog);
        }

        undo();
        var back = await _catalog.ScanAsync(source);
        Assert.True(back.State == ScanState.Completed || happens.StartsWith("a different", StringComparison.Ordinal), $"{back.State} {back.Reason}");
        Assert.Equal(films * 2, _catalog.Count("SELECT count(*) FROM files WHERE presence = 0 AND name NOT LIKE '%Foreign%'"));
        Assert.Equal(before, ReadItems().Take(before.Count));
    }

    /// <summary>The page and the API use the same status: held with its folders, or offline with everything unknown.</summary>
    private async Task CheckReportedAsync(ScanView scan)
    {
        var status = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(scan.State, status.LastScan!.State);
        if (scan.State == ScanState.Held)
        {
            Assert.NotEmpty((await _catalog.Scans.GetAsync(Actor.System, scan.Id, default)).Value.HeldFolders);
            Assert.Equal(("closed", 0), (status.State, status.MissingFiles));
        }
        else if (scan.State == ScanState.Failed)
        {
            Assert.Equal(("open", 0), (status.State, status.PresentFiles));
            Assert.StartsWith(status.LastError!, scan.Reason, StringComparison.Ordinal);    // the scan's reason also has the time of the next attempt, if the source was not even called
            Assert.All((await _catalog.FindAsync()).Items, i => Assert.Equal(Presence.Unknown, i.Presence));
        }
    }

    private async Task<long> AddScannedSourceAsync(int films)
    {
        for (var i = 0; i < films; i++)
        {
            var film = $"{"ABC"[i % 3]} Films é/Wonder {(char)('a' + (i / 26))}{(char)('a' + (i % 26))}ü (2001)";
            Write($"{film}/{Path.GetFileName(film)} 1080p.mkv", i);
            Write($"{film}/{Path.GetFileName(film)} 1080p.en.srt", i);
        }

        foreach (var folder in Directory.GetDirectories(Root, "*", SearchOption.AllDirectories).Append(Root))
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-1));
        }

        var source = await AddSourceAsync();
        await _catalog.ScanAsync(source);
        foreach (var item in (await _catalog.FindAsync()).Items.Take(5))
        {
            await _catalog.Media.EditAsync(Actor.System, item.Id, new MediaEdits { Rating = 7, Description = "Mine.", Title = $"{item.Title}, chosen" }, default);
        }

        return source;
    }

    private void Write(string path, int i)
    {
        WriteFile(path, $"{i} {path}");
        File.SetLastWriteTimeUtc(Path.Combine(Root, path), DateTime.UtcNow.Date.AddDays(-30).AddMinutes(i * 7));
    }

    private void WriteFile(string path, string content)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    /// <summary>What users would miss: every item with its id, its edits, and when it was first seen.</summary>
    private List<string> ReadItems() => _catalog.QueryRows("""
        SELECT i.id, i.title, i.description, i.rating, i.first_seen_at, i.version_count, (SELECT group_concat(field || '=' || value) FROM item_edits e WHERE e.item_id = i.id) FROM media_items i ORDER BY i.id
        """);

    /// <summary>Applies the case, and returns the action that undoes it.</summary>
    private Action ApplyCase(string what)
    {
        var (root, aside) = (Root, AsidePath);
        var tops = Directory.GetDirectories(root);
        switch (what.Split(':', ',')[0])
        {
            case "unmounted":
                Directory.Move(root, aside);
                Directory.CreateDirectory(root);
                return RestoreTree;
            case "empty share":
                Directory.Move(root, aside);
                WriteFile("lost+found/x", "x");
                WriteFile("System Volume Information/y", "y");
                WriteFile(".DS_Store", "z");
                return RestoreTree;
            case "permission denied at the root":
                return FailBefore(folder => throw new SourceException(SourceErrorKind.Denied, $"{root}{folder} could not be read: this user may not read it."));
            case "half the top folders gone":
                Directory.CreateDirectory(aside);
                Array.ForEach(tops[..2], top => Directory.Move(top, Path.Combine(aside, Path.GetFileName(top))));
                return () => Array.ForEach(tops[..2], top => Directory.Move(Path.Combine(aside, Path.GetFileName(top)), top));
            case "a different volume under the same name":
                Directory.Move(root, aside);
                foreach (var i in Enumerable.Range(0, 150))
                {
                    WriteFile($"{"ABC"[i % 3]} Films é/Foreign {(char)('a' + (i / 26))}{(char)('a' + (i % 26))} (2001).mkv", $"foreign {i}");
                }

                return RestoreTree;
            case "share renamed":
                Directory.Move(root, aside);
                return () => Directory.Move(aside, root);
            case "an empty listing":
                Directory.SetLastWriteTimeUtc(root, DateTime.UtcNow.AddHours(-1));
                _faultySource.TransformListing = (_, content) =>
                {
                    _isSourceGone = true;
                    return content with { Entries = [] };
                };
                return FailBefore(_ =>
                {
                    if (_isSourceGone)
                    {
                        throw new SourceException(SourceErrorKind.Unreachable, "The server gave an error.");
                    }
                });
            case "connection cut in the middle":
                return FailBefore(folder =>
                {
                    _isSourceGone |= folder.Contains('/');
                    if (_isSourceGone)
                    {
                        throw new SourceException(SourceErrorKind.Unreachable, "The connection was lost.");
                    }
                });
            case "listing truncated":
                foreach (var folder in Directory.GetDirectories(root, "*", SearchOption.AllDirectories).Append(root))
                {
                    Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddHours(-1));
                }

                _faultySource.TransformListing = (_, content) => content with { Entries = [.. content.Entries.OrderBy(e => e.Name, StringComparer.Ordinal).Take(1)] };
                return () => _faultySource.TransformListing = (_, content) => content;
            case "all times new":
                foreach (var file in Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories).Append(root))
                {
                    File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
                }

                return () => { };
            case "names in another case":
                CopyTo(aside, name => name.ToUpperInvariant());
                return RestoreTree;
            case "names in another Unicode form":
                CopyTo(aside, name => name.Normalize(NormalizationForm.FormD));
                return RestoreTree;
            default:
                Directory.Move(root, aside);
                Directory.CreateSymbolicLink(root, aside);
                return () =>
                {
                    File.Delete(root);
                    Directory.Move(aside, root);
                };
        }

        void RestoreTree()
        {
            Directory.Delete(root, recursive: true);
            Directory.Move(aside, root);
        }

        Action FailBefore(Action<string> before)
        {
            _faultySource.BeforeAccess = before;
            return () => (_faultySource.BeforeAccess, _faultySource.TransformListing) = (_ => { }, (_, content) => content);
        }
    }

    /// <summary>Moves the tree aside and puts a copy with other names in its place: other inode numbers, the same times.</summary>
    private void CopyTo(string aside, Func<string, string> rename)
    {
        Directory.Move(Root, aside);
        foreach (var file in Directory.GetFiles(aside, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Root, rename(Path.GetRelativePath(aside, file)));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(file));
        }
    }
}
