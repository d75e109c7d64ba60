using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>Search and counters stay correct through bulk loads, finished or not.</summary>
public sealed class DeferredIndexesTests : IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();

    public async Task InitializeAsync()
    {
        _catalog.Write("A (2001) 1080p.mkv");
        _catalog.Write("B (2002) 720p.mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task CatchUp_InSteps_CountsEachRowOnce()
    {
        await WriteAsync(DeferredIndexes.Suspend);
        await AddAsync(1000, 3);
        await WriteAsync(DeferredIndexes.CatchUp);
        await AddAsync(2000, 2);
        await WriteAsync(DeferredIndexes.CatchUp);
        await WriteAsync(DeferredIndexes.CatchUp);
        await AddAsync(3000, 1);

        await ResumeAsync();

        CatalogInvariants.Check(_catalog);
        Assert.Equal(8, (await _catalog.FindAsync()).Total);
    }

    [Fact]
    public async Task Suspend_Twice_KeepsTheFirstMarks()
    {
        await WriteAsync(DeferredIndexes.Suspend);
        await AddAsync(1000, 3);
        await WriteAsync(DeferredIndexes.Suspend);

        await ResumeAsync();

        CatalogInvariants.Check(_catalog);
        Assert.Equal(5, (await _catalog.FindAsync()).Total);
    }

    [Fact]
    public async Task Change_WhileSuspended_IsCountedOnce()
    {
        await WriteAsync(DeferredIndexes.Suspend);
        await AddAsync(1000, 2);
        await WriteAsync(connection => SqlCipher.Execute(connection, "UPDATE media_items SET title = 'Renamed', year = 1990 WHERE id = 1000; UPDATE media_items SET title = 'Renamed Too', year = 1991 WHERE id < 1000 AND year = 2001"));

        await ResumeAsync();

        CatalogInvariants.Check(_catalog);
        Assert.Equal(2, (await _catalog.FindAsync(new MediaQuery { Query = "renamed" })).Total);
    }

    [Fact]
    public async Task Reopen_BulkLoadWasInterrupted_IsTakenUp()
    {
        var indexes = _catalog.Count("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
        await WriteAsync(DeferredIndexes.Suspend);
        await AddAsync(1000, 3);
        Assert.True(_catalog.Count("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL") < indexes);
        await _catalog.ReopenAsync();

        await _catalog.Services.GetRequiredService<IScanStore>().EndBulkLoadAsync(CancellationToken.None);

        CatalogInvariants.Check(_catalog);
        Assert.Equal(indexes, _catalog.Count("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"));
        Assert.Equal(5, (await _catalog.FindAsync()).Total);
    }

    [Fact]
    public async Task Rebuild_CountersAndSearchSpoilt_AreTrueAgain()
    {
        await WriteAsync(connection => SqlCipher.Execute(connection, "UPDATE facet_counts SET n = n + 7; DELETE FROM file_counts; INSERT INTO media_titles(media_titles) VALUES ('delete-all')"));

        await WriteAsync(DeferredIndexes.Rebuild);

        CatalogInvariants.Check(_catalog);
    }

    private async Task ResumeAsync()
    {
        await WriteAsync(DeferredIndexes.Resume);
        while (await _catalog.Services.GetRequiredService<WriterQueue>().RunAsync(DeferredIndexes.BuildNext, durable: false, CancellationToken.None))
        {
        }
    }

    private Task WriteAsync(Action<Microsoft.Data.Sqlite.SqliteConnection> batch) =>
        _catalog.Services.GetRequiredService<WriterQueue>().RunAsync(batch, durable: false, CancellationToken.None);

    /// <summary>Adds copies of an existing item under new ids.</summary>
    private Task AddAsync(int from, int count) => WriteAsync(connection =>
    {
        SqlCipher.Execute(connection, "CREATE TEMP TABLE one AS SELECT * FROM media_items WHERE is_work = 1 LIMIT 1");
        for (var i = 0; i < count; i++)
        {
            SqlCipher.Execute(connection, $"UPDATE one SET id = {from + i}, title = 'Copy {from + i}', version_count = 0, holding_id = (SELECT id FROM holdings WHERE pattern = ''); INSERT INTO media_items SELECT * FROM one");
        }

        SqlCipher.Execute(connection, "DROP TABLE one");
    });
}
