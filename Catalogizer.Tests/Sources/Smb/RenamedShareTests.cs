using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A share that its administrator has renamed.</summary>
[Trait("Category", "Server")]
public sealed class RenamedShareTests : IAsyncLifetime
{
    private const int FilmCount = 40;

    private readonly TestCatalog _catalog = new();
    private SmbServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await SmbServer.StartAsync();
        for (var i = 0; i < FilmCount; i++)
        {
            _server.Write($"auth/Films/Wonder {i:00} ({1950 + i})/Wonder {i:00} ({1950 + i}) 1080p.mkv");
        }
    }

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Source_PutRightAfterItsShareGotAnotherName_KeepsEverything()
    {
        var source = (await _catalog.AddAsync(SmbSources.CreateDraft(_server))).Id;
        await _catalog.ScanAsync(source);
        foreach (var item in (await _catalog.FindAsync()).Items.Take(5))
        {
            await _catalog.Media.EditAsync(Actor.System, item.Id, new MediaEdits { Rating = 7, Description = "Mine.", Title = $"{item.Title}, chosen" }, default);
        }

        var before = ReadItems();
        await _server.RenameShareAsync("auth", "video");

        var failed = await _catalog.ScanAsync(source);
        Assert.Equal((ScanState.Failed, 0L), (failed.State, failed.Missing));
        Assert.Contains("has no share “auth”", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(before, ReadItems());
        var preview = (await _catalog.Services.GetRequiredService<SourceProbe>().PreviewMoveAsync(Actor.System, new SourceDraft { Share = "video" }, source, default)).Value;
        Assert.Equal((FilmCount, preview.Checked), (preview.Known, preview.Found));
        Assert.True((await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Share = "video" }, default)).IsOk);

        foreach (var kind in (ScanKind[])[ScanKind.Quick, ScanKind.Full])
        {
            var scan = await _catalog.ScanAsync(source, kind);
            Assert.Equal((ScanState.Completed, 0L, 0L, 0L), (scan.State, scan.Added, scan.Moved, scan.Missing));
        }

        Assert.Equal(before, ReadItems());
        var status = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(("closed", FilmCount, 0L, 0L), (status.State, status.PresentFiles, status.UnknownFiles, status.MissingFiles));
        CatalogInvariants.Check(_catalog);
    }

    /// <summary>Every item and file with its id, its edits, and when it was first seen.</summary>
    private List<string> ReadItems() => _catalog.QueryRows("""
        SELECT i.id, i.title, i.description, i.rating, i.first_seen_at, i.version_count, (SELECT group_concat(field || '=' || value) FROM item_edits e WHERE e.item_id = i.id),
          (SELECT group_concat(f.id || ' ' || v.id) FROM media_versions v JOIN files f ON f.version_id = v.id WHERE v.item_id = i.id) FROM media_items i ORDER BY i.id
        """);
}
