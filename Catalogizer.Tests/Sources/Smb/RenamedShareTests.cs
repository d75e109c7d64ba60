using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A share that its administrator gave another name.</summary>
[Trait("Category", "Server")]
public sealed class RenamedShareTests : IAsyncLifetime
{
    private const int Films = 40;

    private readonly TestCatalogue _catalogue = new();
    private SmbServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await SmbServer.StartAsync();
        for (var i = 0; i < Films; i++)
        {
            _server.Write($"auth/Films/Wonder {i:00} ({1950 + i})/Wonder {i:00} ({1950 + i}) 1080p.mkv");
        }
    }

    public async Task DisposeAsync()
    {
        await _catalogue.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Source_PutRightAfterItsShareGotAnotherName_KeepsEverything()
    {
        var source = (await _catalogue.AddAsync(SmbSources.On(_server))).Id;
        await _catalogue.ScanAsync(source);
        foreach (var item in (await _catalogue.FindAsync()).Items.Take(5))
        {
            await _catalogue.Media.EditAsync(Actor.System, item.Id, new MediaEdits { Rating = 7, Description = "Mine.", Title = $"{item.Title}, chosen" }, default);
        }

        var before = Kept();
        await _server.RenameAsync("auth", "video");

        var failed = await _catalogue.ScanAsync(source);
        Assert.Equal((ScanState.Failed, 0L), (failed.State, failed.Missing));
        Assert.Contains("has no share “auth”", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(before, Kept());
        var preview = (await _catalogue.Services.GetRequiredService<SourceProbe>().PreviewMoveAsync(Actor.System, new SourceDraft { Share = "video" }, source, default)).Value;
        Assert.Equal((Films, preview.Checked), (preview.Known, preview.Found));
        Assert.True((await _catalogue.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Share = "video" }, default)).IsOk);

        foreach (var kind in (ScanKind[])[ScanKind.Quick, ScanKind.Full])
        {
            var scan = await _catalogue.ScanAsync(source, kind);
            Assert.Equal((ScanState.Completed, 0L, 0L, 0L), (scan.State, scan.Added, scan.Moved, scan.Missing));
        }

        Assert.Equal(before, Kept());
        var status = Assert.Single(await _catalogue.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(("closed", Films, 0L, 0L), (status.State, status.PresentFiles, status.UnknownFiles, status.MissingFiles));
        CatalogueTruth.Check(_catalogue);
    }

    /// <summary>Every item and file with its number, what was edited, and since when it is known.</summary>
    private List<string> Kept() => _catalogue.Rows("""
        SELECT i.id, i.title, i.description, i.rating, i.first_seen_at, i.version_count, (SELECT group_concat(field || '=' || value) FROM item_edits e WHERE e.item_id = i.id),
          (SELECT group_concat(f.id || ' ' || v.id) FROM media_versions v JOIN files f ON f.version_id = v.id WHERE v.item_id = i.id) FROM media_items i ORDER BY i.id
        """);
}
