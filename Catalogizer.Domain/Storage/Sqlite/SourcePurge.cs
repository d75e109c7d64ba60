using System.Diagnostics;
using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// Deletes the rows of a removed source. Each turn of the writer is whole in itself: files go with their copies, and items with
/// their last copy, so that a run that breaks off leaves nothing half done. The source's own row goes last.
/// </summary>
internal sealed class SourcePurge(SqliteFile file, SqliteScanStore scans, long sourceId)
{
    /// <summary>How long one turn of the writer is meant to take; the limit is 250 ms.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(60);

    private const int LeastAtOnce = 25;
    private const int MostAtOnce = 1000;
    private int _atOnce = LeastAtOnce;

    /// <returns>False while a bulk load runs.</returns>
    public async Task<bool> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        foreach (var step in (Func<PurgeBatch, int, bool>[])[static (b, most) => b.Groups(most), static (b, most) => b.Files(most)])
        {
            while (await StepAsync(step, progress, cancellation) is var more && more != false)
            {
                if (more is null)
                {
                    return false;
                }
            }
        }

        // What has no file any more is looked for beside the writer, and found only after an older fault.
        foreach (var (rows, delete) in new (string, Action<PurgeBatch, IReadOnlyList<long>>)[]
        {
            ("SELECT id FROM media_versions WHERE source_id = ?1", static (b, ids) => b.Versions(ids)),
            ("SELECT m.id FROM media_items m JOIN holdings h ON h.id = m.holding_id WHERE instr(',' || h.pattern, ',' || ?1 || ':') > 0", static (b, ids) => b.Items(ids)),
        })
        {
            foreach (var some in (await Task.Run(() => Read(rows), cancellation)).Chunk(_atOnce))
            {
                await scans.WriteAsync((connection, catalogue) => MayRun(connection) && Run(connection, catalogue, b => delete(b, some)), cancellation);
            }
        }

        return await scans.WriteAnewAsync(
            connection =>
            {
                if (!MayRun(connection))
                {
                    return false;
                }

                End(connection);
                return true;
            },
            cancellation);
    }

    /// <returns>Whether there is more; null when it may not run now.</returns>
    private async Task<bool?> StepAsync(Func<PurgeBatch, int, bool> step, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (most, took, left) = (_atOnce, TimeSpan.Zero, 0L);
        var more = await scans.WriteAsync<bool?>(
            (connection, catalogue) =>
            {
                if (!MayRun(connection))
                {
                    return null;
                }

                var began = Stopwatch.GetTimestamp();
                var more = false;
                Run(connection, catalogue, b => more = step(b, most));
                (took, left) = (Stopwatch.GetElapsedTime(began), Left(connection));
                return more;
            },
            cancellation);
        _atOnce = took > Turn ? Math.Max(LeastAtOnce, most / 2) : Math.Min(MostAtOnce, most + (most / 2) + 1);
        progress.Report(new ProgressUpdate(null, string.Create(CultureInfo.InvariantCulture, $"{left} files left")));
        return more;
    }

    private bool Run(SqliteConnection connection, CatalogueWriter catalogue, Action<PurgeBatch> work)
    {
        using var batch = new PurgeBatch(connection, catalogue.Holdings, sourceId);
        work(batch);
        batch.Flush();
        return true;
    }

    private List<long> Read(string sql)
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

    /// <summary>Not while a bulk load runs; and never for a source that was brought back.</summary>
    private bool MayRun(SqliteConnection connection)
    {
        using var row = new Statement(connection, $"SELECT 1 FROM sources WHERE id = ?1 AND standing = {(int)SourceStanding.Removed} AND is_purging = 1");
        var isPurging = row.Bind(1, sourceId).Read();
        row.Reset();
        return isPurging && !CatalogueFollower.IsSuspended(connection);
    }

    private long Left(SqliteConnection connection)
    {
        using var files = new Statement(connection, "SELECT coalesce(sum(files), 0) FROM file_counts WHERE source_id = ?1");
        files.Bind(1, sourceId).Read();
        return files.Int64(0);
    }

    private void End(SqliteConnection connection)
    {
        foreach (var sql in (ReadOnlySpan<string>)
            [
                "DELETE FROM scan_losses WHERE scan_id IN (SELECT id FROM scans WHERE source_id = ?1)",
                "DELETE FROM scans WHERE source_id = ?1",
                "DELETE FROM source_states WHERE source_id = ?1",
                "DELETE FROM source_outages WHERE source_id = ?1",
                "DELETE FROM file_counts WHERE source_id = ?1",
                $"DELETE FROM facet_counts WHERE facet IN ({CatalogueSchema.Facet.VersionResolution}, {CatalogueSchema.Facet.VersionCodec}) AND CAST(value AS INTEGER) = ?1",
                "DELETE FROM duplicate_totals WHERE source_id = ?1",
                "DELETE FROM analytics_counts WHERE facet = 'Source' AND value = CAST(?1 AS TEXT)",
                $"DELETE FROM facet_counts WHERE facet = {CatalogueSchema.Facet.WorkHolding} AND value IN (SELECT id FROM holdings WHERE instr(',' || pattern, ',' || ?1 || ':') > 0)",
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

/// <summary>One turn of a purge.</summary>
internal sealed class PurgeBatch(SqliteConnection connection, HoldingBook holdings, long sourceId) : IDisposable
{
    private readonly StatementCache _statements = new(connection);
    private readonly HashSet<long> _versions = [];
    private readonly HashSet<long> _items = [];

    /// <summary>Groups of copies that have some on the source are made anew without them when groups are next made.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Groups(int most)
    {
        var groups = Numbers("SELECT group_id FROM duplicate_shares WHERE kind IN (0, 1, 2) AND source_id = ?1 LIMIT ?2", sourceId, most);
        using var batch = new DuplicateBatch(connection);
        groups.ForEach(batch.Dissolve);
        return groups.Count == most;
    }

    /// <summary>Files, folder by folder: each folder goes with its last file.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Files(int most)
    {
        var left = most;
        while (left > 0)
        {
            if (Numbers("SELECT id FROM folders WHERE source_id = ?1 LIMIT 1", sourceId) is not [var folder])
            {
                return false;
            }

            var files = Numbers("SELECT id FROM files WHERE folder_id = ?1 LIMIT ?2", folder, left);
            Delete(files);
            if (files.Count < left)
            {
                Run("DELETE FROM folders WHERE id = ?1", folder);
            }

            left -= files.Count + 1;
        }

        return true;
    }

    public void Versions(IEnumerable<long> versions) => _versions.UnionWith(versions);

    public void Items(IEnumerable<long> items) => _items.UnionWith(items);

    /// <summary>Copies without files go, and then items without copies and parts, level by level.</summary>
    public void Flush()
    {
        foreach (var version in _versions)
        {
            if (Numbers("SELECT id FROM files WHERE version_id = ?1 AND role <> 1 LIMIT 1", version).Count > 0)
            {
                continue;
            }

            _items.UnionWith(Numbers("SELECT item_id FROM media_versions WHERE id = ?1", version));
            Run("DELETE FROM media_versions WHERE id = ?1", version);
            Run("DELETE FROM version_analyses WHERE version_id = ?1", version);
            Run("DELETE FROM work_joins WHERE version_id = ?1", version);
        }

        for (var level = new HashSet<long>(_items); level.Count > 0;)
        {
            level = [.. level.SelectMany(Settle)];
        }

        _versions.Clear();
        _items.Clear();
    }

    public void Dispose() => _statements.Dispose();

    private void Delete(List<long> files)
    {
        _versions.UnionWith(files.SelectMany(f => Numbers("SELECT version_id FROM files WHERE id = ?1 AND version_id IS NOT NULL", f)));
        using (var prints = new DuplicateBatch(connection))
        {
            prints.Apply([.. files.Select(f => new PrintChange(f, null))]);
        }

        foreach (var file in files)
        {
            var shown = Numbers("SELECT item_id FROM item_pictures WHERE file_id = ?1", file);
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

    /// <summary>Brings an item up to what is left of it. Answers its parent when that may be other now.</summary>
    private List<long> Settle(long item)
    {
        var row = Sql("SELECT holding_id FROM media_items WHERE id = ?1").Bind(1, item);
        if (!row.Read())
        {
            return [];
        }

        var was = row.Int32(0);
        row.Reset();
        var parents = Numbers("SELECT parent_id FROM media_items WHERE id = ?1 AND parent_id IS NOT NULL", item);
        if (holdings.Standing(was) == SourceStanding.Removed && Numbers("SELECT id FROM media_versions WHERE item_id = ?1 UNION ALL SELECT id FROM media_items WHERE parent_id = ?1 LIMIT 1", item).Count == 0)
        {
            foreach (var table in (ReadOnlySpan<string>)["media_matches WHERE item_id", "external_metadata WHERE item_id", "item_pictures WHERE item_id", "media_items WHERE id"])
            {
                Run($"DELETE FROM {table} = ?1", item);
            }

            return parents;
        }

        var now = holdings.Id(Left(item, holdings.Pattern(was)));
        if (now == was)
        {
            return [];
        }

        // When it was last changed stays: for whoever reads, nothing did.
        Sql("UPDATE media_items SET holding_id = ?2 WHERE id = ?1").Bind(1, item).Bind(2, (long)now).Run();
        return parents;
    }

    /// <summary>The pattern without the source, once neither a copy nor a part of the item is on it.</summary>
    private string Left(long item, string pattern)
    {
        var isOnIt = Numbers("SELECT id FROM media_versions WHERE item_id = ?1 AND source_id = ?2 LIMIT 1", item, sourceId).Count > 0
            || Numbers("SELECT DISTINCT holding_id FROM media_items WHERE parent_id = ?1", item).Any(h => HoldingPattern.Has(holdings.Pattern((int)h), sourceId));
        return isOnIt ? pattern : HoldingPattern.Without(pattern, sourceId);
    }

    private void Run(string sql, long id) => Sql(sql).Bind(1, id).Run();

    private List<long> Numbers(string sql, params ReadOnlySpan<long> values) => _statements.Numbers(sql, values);

    private Statement Sql(string sql) => _statements.Get(sql);
}
