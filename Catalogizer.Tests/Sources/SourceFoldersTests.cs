using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources;

/// <summary>Browsing a source's folders from the catalogue.</summary>
public sealed class SourceFoldersTests : IAsyncDisposable
{
    private readonly TestCatalog _catalog = new();

    public async ValueTask DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Read_SourceGone_ShowsWhatWasThereAndUpToWhen()
    {
        _catalog.Write("Films/zoo.mkv");
        _catalog.Write("Films/Apple (2001).mkv");
        _catalog.Write("Films/Extras/b.mkv");
        _catalog.Write("Films/100% [x] #1.mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        Directory.Delete(_catalog.Root, recursive: true);
        await _catalog.ScanAsync(source.Id);

        var root = (await ReadAsync(source.Id, "")).Value;
        var films = (await ReadAsync(source.Id, "Films")).Value;

        Assert.Equal(("Films", 4L), (Assert.Single(root.Window.Entries).Path, root.Window.Entries[0].ChildCount));
        Assert.True(films.IsOffline);
        Assert.NotNull(films.AsOf);
        Assert.Equal(["Extras", "100% [x] #1.mkv", "Apple (2001).mkv", "zoo.mkv"], films.Window.Entries.Select(e => e.Name));
        Assert.All(films.Window.Entries.Skip(1), e => Assert.Equal(Presence.Unknown, e.Presence));
        var apple = films.Window.Entries.Single(e => e.Name.StartsWith('A'));
        Assert.Equal((await _catalog.FindOneAsync("Apple")).Id, apple.ItemId);
        Assert.Equal((1, 3), (films.Window.Folders, films.Window.Files));
    }

    [Fact]
    public async Task Read_WindowsAndFind_AreStretchesOfTheOrder()
    {
        for (var i = 0; i < 30; i++)
        {
            _catalog.Write($"d{i:00}/x.mkv");
            _catalog.Write($"f{i:00}.mkv");
        }

        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);

        Assert.Equal(["d28", "d29", "f00.mkv", "f01.mkv"], await ReadNamesAsync(28, 4));
        Assert.Equal(["f29.mkv"], await ReadNamesAsync(59, 10));
        Assert.Empty(await ReadNamesAsync(60, 10));
        Assert.Equal(["d07", "f07.mkv"], await ReadNamesAsync(0, 10, "07"));
        Assert.Equal(["f03.mkv"], await ReadNamesAsync(0, 10, "F03"));

        async Task<IEnumerable<string>> ReadNamesAsync(int start, int count, string? find = null) =>
            (await Folders.ReadAsync(Actor.System, source.Id, "", find, start, count, default)).Value.Window.Entries.Select(e => e.Name);
    }

    [Fact]
    public async Task Read_AHundredThousandFiles_AreReachedFromAnyEnd()
    {
        _catalog.Write("Photos/IMG_000000.jpg");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Execute("""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
            INSERT INTO files (id, source_id, folder_id, name, size, modified_at, role, media_type, presence, first_seen_at)
            SELECT 1000 + i, 1, (SELECT id FROM folders WHERE path = 'Photos'), printf('IMG_%06d.jpg', i), i, 0, 0, 0, 0, 0 FROM n
            """);

        var last = (await Folders.ReadAsync(Actor.System, source.Id, "Photos", null, 99_990, 100, default)).Value.Window;
        var found = (await Folders.ReadAsync(Actor.System, source.Id, "Photos", "img_0777", 0, 10, default)).Value.Window;

        Assert.Equal((100_000, 10, "IMG_099999.jpg"), (last.Files, last.Entries.Count, last.Entries[^1].Name));
        Assert.Equal((100, "IMG_077700.jpg"), (found.Files, found.Entries[0].Name));
    }

    [Fact]
    public async Task Read_FolderWhoseFilesAreGone_IsMarked()
    {
        for (var i = 0; i < 20; i++)
        {
            _catalog.Write($"Stays/{i}.mkv");
        }

        _catalog.Write("Stays/Goes/a.mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        _catalog.Delete("Stays/Goes");
        await _catalog.ScanAsync(source.Id);

        var goes = (await ReadAsync(source.Id, "Stays")).Value.Window.Entries[0];

        Assert.Equal(("Goes", Presence.Missing), (goes.Name, goes.Presence));
    }

    [Fact]
    public async Task Read_NothingThere_SaysWhichAndNeverScannedIsEmpty()
    {
        var source = await _catalog.AddSourceAsync();

        var never = (await ReadAsync(source.Id, "")).Value;

        Assert.Equal((null, 0, 0), (never.AsOf, never.Window.Folders, never.Window.Files));
        Assert.IsType<NotFoundError>((await ReadAsync(source.Id, "no/such")).Error);
        Assert.IsType<NotFoundError>((await ReadAsync(99, "")).Error);
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Folders.ReadAsync(new Actor(1, "x", [Permission.MediaView]), source.Id, "", null, 0, 1, default));
    }

    private SourceFolders Folders => _catalog.Services.GetRequiredService<SourceFolders>();

    private Task<Result<SourceFolder>> ReadAsync(long id, string path) => Folders.ReadAsync(Actor.System, id, path, null, 0, 100, default);
}
