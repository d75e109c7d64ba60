using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Operations.Health;

/// <summary>The check of the whole database, and what shows that it is due.</summary>
public sealed class IntegrityCheckTests : IAsyncDisposable
{
    private readonly TestCatalog _catalog = new();

    private IntegrityCheck Check => _catalog.Services.GetRequiredService<IntegrityCheck>();

    [Fact]
    public async Task Run_SoundDatabase_ReportsNothingAndKeepsIt()
    {
        _catalog.Write("Metropolis (1927).mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        Assert.Null(await Check.ReadLastAsync(default));

        var report = await Check.RunAsync(default);

        Assert.Empty(report.Problems);
        Assert.Equal(report.At, (await Check.ReadLastAsync(default))!.At);
        Assert.True((await ReadIntegrityFindingAsync()).Ok);
    }

    [Fact]
    public async Task Run_SearchTableOutOfStep_SaysSoToTheHealthPage()
    {
        _catalog.Write("Metropolis (1927).mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        _catalog.Execute("INSERT INTO media_titles(media_titles) VALUES ('delete-all')");

        var report = await Check.RunAsync(default);

        Assert.Contains("search index (titles)", Assert.Single(report.Problems), StringComparison.Ordinal);
        var finding = await ReadIntegrityFindingAsync();
        Assert.False(finding.Ok);
        Assert.Contains("search index (titles)", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhileAFirstScanRuns_FindsNothing()
    {
        for (var i = 0; i < 3000; i++)
        {
            _catalog.Write($"Wonder {i} ({1950 + (i % 70)})/Wonder {i} ({1950 + (i % 70)}).mkv");
        }

        var source = (await _catalog.AddSourceAsync()).Id;
        var scan = (await _catalog.Scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value;
        var ended = _catalog.Scans.WaitAsync(scan.Id, default);
        var checks = 0;
        do
        {
            Assert.Empty((await Check.RunAsync(default)).Problems);
            checks++;
        }
        while (!ended.IsCompleted);

        Assert.Empty((await Check.RunAsync(default)).Problems);
        Assert.Equal(3000, _catalog.Count("SELECT count(*) FROM media_items"));
        Assert.True(checks > 0);
    }

    [Fact]
    public async Task Run_ItemsThatTheIndexDoesNotFollowYet_AreNoFinding()
    {
        _catalog.Write("Metropolis (1927).mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        AddUnindexedItem();

        var findings = await ReadFindingsAsync();

        Assert.All(findings, finding => Assert.True(finding.Ok, finding.Message));
        Assert.Equal(2, findings.Count(f => f.Subject.StartsWith("search index", StringComparison.Ordinal) && f.Message.Contains("a first scan runs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_BrokenIndexWhileAFirstScanRuns_IsFound()
    {
        _catalog.Write("Metropolis (1927).mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        AddUnindexedItem();
        _catalog.Execute("UPDATE media_titles_data SET block = x'00' WHERE id > 10");

        // SQLite's own check of the pages covers search tables, too.
        Assert.Equal(["database pages", "search index (titles)"], (await ReadFindingsAsync()).Where(finding => !finding.Ok).Select(finding => finding.Subject));
    }

    [Fact]
    public async Task Close_LeavesNoWal_AndNothingIsDue()
    {
        _catalog.Write("Metropolis (1927).mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        await _catalog.ReopenAsync();

        Assert.False(Check.IsDue);
    }

    [Fact]
    public async Task Open_FileThatWasNotClosed_IsDue()
    {
        _catalog.Write("Metropolis (1927).mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        using var folder = new TemporaryFolder();

        // What a killed process leaves: the file with its WAL next to it.
        foreach (var part in (string[])["catalogizer.db", "catalogizer.db-wal"])
        {
            Directory.CreateDirectory(folder.PathOf("data"));
            File.Copy(Path.Combine(Path.GetDirectoryName(_catalog.DatabasePath)!, part), folder.PathOf($"data/{part}"));
        }

        using var file = Catalogizer.Domain.Storage.Sqlite.SqliteFile.Open(folder.PathOf("data/catalogizer.db"), TestCatalog.Key);
        Assert.True(file.WasUncleanShutdown);
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    /// <summary>The state of a catalogue during a bulk load.</summary>
    private void AddUnindexedItem()
    {
        using var connection = _catalog.Services.GetRequiredService<SqliteFile>().OpenConnection();
        SqlCipher.Execute(connection, "BEGIN");
        DeferredIndexes.Suspend(connection);
        SqlCipher.Execute(connection, """
            INSERT INTO media_items (kind, media_type, is_work, identity, identity_hash, title, sort_title, holding_id, version_count, part_count, best_score, first_seen_at, updated_at)
            SELECT kind, media_type, is_work, 'another', 1, 'Another', 'another', holding_id, 0, 0, 0, first_seen_at, updated_at FROM media_items
            """);
        SqlCipher.Execute(connection, "COMMIT");
    }

    private async Task<List<DoctorFinding>> ReadFindingsAsync()
    {
        var findings = new List<DoctorFinding>();
        await foreach (var finding in _catalog.Services.GetRequiredService<IStorageCheck>().CheckAsync(default))
        {
            findings.Add(finding);
        }

        return findings;
    }

    private async Task<HealthFinding> ReadIntegrityFindingAsync() =>
        Assert.Single(await _catalog.Services.GetRequiredService<HealthChecker>().CheckAsync(default), f => f.Name == "integrity");
}
