using System.Diagnostics;
using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates.Storage;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Sources.Storage;

/// <summary>
/// Deletes the rows of a removed source. Each batch is complete in itself: versions are deleted with their files, and items with their last
/// version, so that an interrupted run leaves nothing half done. The source's own row is deleted last.
/// </summary>
internal sealed class SourcePurge(SqliteFile file, ScanStore scans, long sourceId)
{
    /// <summary>Target duration of one batch; the limit is 250 ms.</summary>
    private static readonly TimeSpan TargetBatchTime = TimeSpan.FromMilliseconds(60);

    private const int MinBatchSize = 25;
    private const int MaxBatchSize = 1000;
    private int _batchSize = MinBatchSize;

    /// <returns>False when it may not run now, such as during a bulk load.</returns>
    public async Task<bool> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        foreach (var step in (Func<PurgeBatch, int, bool>[])[static (b, max) => b.DissolveGroups(max), static (b, max) => b.PurgeFiles(max)])
        {
            while (await RunBatchAsync(step, progress, cancellation) is var more && more != false)
            {
                if (more is null)
                {
                    return false;
                }
            }
        }

        // Versions and items without files are searched for outside the writer queue; they exist only after an earlier error.
        foreach (var (rows, delete) in new (string, Action<PurgeBatch, IReadOnlyList<long>>)[]
        {
            ("SELECT id FROM media_versions WHERE source_id = ?1", static (b, ids) => b.AddVersions(ids)),
            ("SELECT m.id FROM media_items m JOIN holdings h ON h.id = m.holding_id WHERE instr(',' || h.pattern, ',' || ?1 || ':') > 0", static (b, ids) => b.AddItems(ids)),
        })
        {
            foreach (var chunk in (await Task.Run(() => ReadIds(rows), cancellation)).Chunk(_batchSize))
            {
                await scans.WriteAsync((connection, catalog) => CanRun(connection) && Run(connection, catalog, b => delete(b, chunk)), cancellation);
            }
        }

        return await scans.WriteAndReloadAsync(
            connection =>
            {
                if (!CanRun(connection))
                {
                    return false;
                }

                DeleteSource(connection);
                return true;
            },
            cancellation);
    }

    /// <returns>Whether there is more; null when it may not run now.</returns>
    private async Task<bool?> RunBatchAsync(Func<PurgeBatch, int, bool> step, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (max, elapsed, left) = (_batchSize, TimeSpan.Zero, 0L);
        var more = await scans.WriteAsync<bool?>(
            (connection, catalog) =>
            {
                if (!CanRun(connection))
                {
                    return null;
                }

                var startedAt = Stopwatch.GetTimestamp();
                var more = false;
                Run(connection, catalog, b => more = step(b, max));
                (elapsed, left) = (Stopwatch.GetElapsedTime(startedAt), CountRemainingFiles(connection));
                return more;
            },
            cancellation);
        _batchSize = elapsed > TargetBatchTime ? Math.Max(MinBatchSize, max / 2) : Math.Min(MaxBatchSize, max + (max / 2) + 1);
        progress.Report(new ProgressUpdate(null, string.Create(CultureInfo.InvariantCulture, $"{left} files left")));
        return more;
    }

    private bool Run(SqliteConnection connection, CatalogWriter catalog, Action<PurgeBatch> action)
    {
        using var batch = new PurgeBatch(connection, catalog.PresenceSets, sourceId);
        action(batch);
        batch.Flush();
        return true;
    }

    private List<long> ReadIds(string sql)
    {
        using var connection = file.OpenConnection(readOnly: true);
        using var rows = new Statement(connection, sql);
        rows.Bind(1, sourceId);
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.Int64(0));
        }

        return ids;
    }

    /// <summary>Not during a bulk load, and never for a source that was brought back.</summary>
    private bool CanRun(SqliteConnection connection)
    {
        using var row = new Statement(connection, $"SELECT 1 FROM sources WHERE id = ?1 AND standing = {(int)SourceLifecycle.Removed} AND is_purging = 1");
        var isPurging = row.Bind(1, sourceId).Read();
        row.Reset();
        return isPurging && !DeferredIndexes.IsSuspended(connection);
    }

    private long CountRemainingFiles(SqliteConnection connection)
    {
        using var files = new Statement(connection, "SELECT coalesce(sum(files), 0) FROM file_counts WHERE source_id = ?1");
        files.Bind(1, sourceId).Read();
        return files.Int64(0);
    }

    private void DeleteSource(SqliteConnection connection)
    {
        foreach (var sql in (ReadOnlySpan<string>)
            [
                "DELETE FROM scan_losses WHERE scan_id IN (SELECT id FROM scans WHERE source_id = ?1)",
                "DELETE FROM scans WHERE source_id = ?1",
                "DELETE FROM source_states WHERE source_id = ?1",
                "DELETE FROM source_outages WHERE source_id = ?1",
                "DELETE FROM file_counts WHERE source_id = ?1",
                $"DELETE FROM facet_counts WHERE facet IN ({CatalogSchema.Facet.VersionResolution}, {CatalogSchema.Facet.VersionCodec}) AND CAST(value AS INTEGER) = ?1",
                "DELETE FROM duplicate_totals WHERE source_id = ?1",
                "DELETE FROM analytics_counts WHERE facet = 'Source' AND value = CAST(?1 AS TEXT)",
                $"DELETE FROM facet_counts WHERE facet = {CatalogSchema.Facet.ItemPresenceSet} AND value IN (SELECT id FROM holdings WHERE instr(',' || pattern, ',' || ?1 || ':') > 0)",
                "DELETE FROM holdings WHERE instr(',' || pattern, ',' || ?1 || ':') > 0",
                "DELETE FROM smb_sources WHERE source_id = ?1",
                "DELETE FROM sources WHERE id = ?1",
            ])
        {
            using var statement = new Statement(connection, sql);
            statement.Bind(1, sourceId).Run();
        }
    }
}

/// <summary>One batch of a purge.</summary>
internal sealed class PurgeBatch(SqliteConnection connection, PresenceSetIndex presenceSets, long sourceId) : IDisposable
{
    private readonly StatementCache _statements = new(connection);
    private readonly HashSet<long> _versions = [];
    private readonly HashSet<long> _items = [];

    /// <summary>Dissolves duplicate groups that have files on the source; the next grouping rebuilds them without these.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool DissolveGroups(int max)
    {
        var groups = ReadNumbers("SELECT group_id FROM duplicate_shares WHERE kind IN (0, 1, 2) AND source_id = ?1 LIMIT ?2", sourceId, max);
        using var batch = new DuplicateBatch(connection);
        groups.ForEach(batch.DissolveGroup);
        return groups.Count == max;
    }

    /// <summary>Deletes files folder by folder, and each folder with its last file.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool PurgeFiles(int max)
    {
        var left = max;
        while (left > 0)
        {
            if (ReadNumbers("SELECT id FROM folders WHERE source_id = ?1 LIMIT 1", sourceId) is not [var folder])
            {
                return false;
            }

            var files = ReadNumbers("SELECT id FROM files WHERE folder_id = ?1 LIMIT ?2", folder, left);
            DeleteFiles(files);
            if (files.Count < left)
            {
                Run("DELETE FROM folders WHERE id = ?1", folder);
            }

            left -= files.Count + 1;
        }

        return true;
    }

    public void AddVersions(IEnumerable<long> versions) => _versions.UnionWith(versions);

    public void AddItems(IEnumerable<long> items) => _items.UnionWith(items);

    /// <summary>Deletes versions without files, then items without versions and parts, level by level.</summary>
    public void Flush()
    {
        foreach (var version in _versions)
        {
            if (ReadNumbers("SELECT id FROM files WHERE version_id = ?1 AND role <> 1 LIMIT 1", version).Count > 0)
            {
                continue;
            }

            _items.UnionWith(ReadNumbers("SELECT item_id FROM media_versions WHERE id = ?1", version));
            Run("DELETE FROM media_versions WHERE id = ?1", version);
            Run("DELETE FROM version_analyses WHERE version_id = ?1", version);
            Run("DELETE FROM work_joins WHERE version_id = ?1", version);
        }

        for (var level = new HashSet<long>(_items); level.Count > 0;)
        {
            level = [.. level.SelectMany(UpdateItem)];
        }

        _versions.Clear();
        _items.Clear();
    }

    public void Dispose() => _statements.Dispose();

    private void DeleteFiles(List<long> files)
    {
        _versions.UnionWith(files.SelectMany(f => ReadNumbers("SELECT version_id FROM files WHERE id = ?1 AND version_id IS NOT NULL", f)));
        using (var duplicates = new DuplicateBatch(connection))
        {
            duplicates.Apply([.. files.Select(f => new FingerprintChange(f, null))]);
        }

        foreach (var file in files)
        {
            var shown = ReadNumbers("SELECT item_id FROM item_pictures WHERE file_id = ?1", file);
            foreach (var sql in (ReadOnlySpan<string>)
                [
                    "DELETE FROM item_pictures WHERE file_id = ?1", "DELETE FROM file_events WHERE file_id = ?1", "DELETE FROM files WHERE id = ?1",
                ])
            {
                Run(sql, file);
            }

            foreach (var item in shown)
            {
                Run("UPDATE media_items SET poster = (SELECT address FROM item_pictures WHERE item_id = ?1 AND address IS NOT NULL ORDER BY layer DESC LIMIT 1) WHERE id = ?1", item);
            }
        }
    }

    /// <summary>Updates an item to what is left of it, or deletes it. Returns its parent when that may change too.</summary>
    private List<long> UpdateItem(long item)
    {
        var row = Prepare("SELECT holding_id FROM media_items WHERE id = ?1").Bind(1, item);
        if (!row.Read())
        {
            return [];
        }

        var previous = row.Int32(0);
        row.Reset();
        var parents = ReadNumbers("SELECT parent_id FROM media_items WHERE id = ?1 AND parent_id IS NOT NULL", item);
        if (presenceSets.GetLifecycle(previous) == SourceLifecycle.Removed && ReadNumbers("SELECT id FROM media_versions WHERE item_id = ?1 UNION ALL SELECT id FROM media_items WHERE parent_id = ?1 LIMIT 1", item).Count == 0)
        {
            foreach (var table in (ReadOnlySpan<string>)["media_matches WHERE item_id", "external_metadata WHERE item_id", "item_pictures WHERE item_id", "media_items WHERE id"])
            {
                Run($"DELETE FROM {table} = ?1", item);
            }

            return parents;
        }

        var now = presenceSets.GetOrAddId(RemoveSourceFromPattern(item, presenceSets.GetPattern(previous)));
        if (now == previous)
        {
            return [];
        }

        // The time of the last update stays: nothing changed for users.
        Prepare("UPDATE media_items SET holding_id = ?2 WHERE id = ?1").Bind(1, item).Bind(2, (long)now).Run();
        return parents;
    }

    /// <summary>The pattern without the source, once neither a version nor a part of the item is on it.</summary>
    private string RemoveSourceFromPattern(long item, string pattern)
    {
        var isOnIt = ReadNumbers("SELECT id FROM media_versions WHERE item_id = ?1 AND source_id = ?2 LIMIT 1", item, sourceId).Count > 0
            || ReadNumbers("SELECT DISTINCT holding_id FROM media_items WHERE parent_id = ?1", item).Any(h => PresenceSet.ContainsSource(presenceSets.GetPattern((int)h), sourceId));
        return isOnIt ? pattern : PresenceSet.WithoutSource(pattern, sourceId);
    }

    private void Run(string sql, long id) => Prepare(sql).Bind(1, id).Run();

    private List<long> ReadNumbers(string sql, params ReadOnlySpan<long> values) => _statements.ReadNumbers(sql, values);

    private Statement Prepare(string sql) => _statements.Get(sql);
}
