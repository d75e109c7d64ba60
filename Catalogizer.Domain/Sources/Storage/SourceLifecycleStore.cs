using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Auditing.Storage;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Sources.Storage;

/// <summary>Archives, removes and purges sources with the catalogue writer of the scans.</summary>
internal sealed class SourceLifecycleStore(SqliteFile file, ScanStore scans) : ISourceLifecycleStore
{
    private const int MaxNamedItems = 20;

    public Task<Result<bool>> SetArchivedAsync(long sourceId, bool archived, DateTimeOffset now, AuditEntry auditEntry, CancellationToken cancellation) => ChangeAsync(
        sourceId,
        source => source.Lifecycle != SourceLifecycle.Removed && source.Lifecycle != (archived ? SourceLifecycle.Archived : SourceLifecycle.Counted),
        connection =>
        {
            using var row = new Statement(connection, "UPDATE sources SET availability = ?2, since = ?3, last_error = ?4 WHERE id = ?1");
            row.Bind(1, sourceId).Bind(2, (long)(archived ? SourceAvailability.Retired : SourceAvailability.Unreachable)).Bind(3, now.ToUnixTimeMilliseconds())
                .Bind(4, archived ? null : "Brought back; not looked at since.").Run();
            return archived ? SourceLifecycle.Archived : SourceLifecycle.Counted;
        },
        auditEntry,
        cancellation);

    public Task<RemovalNumbers?> CountRemovalAsync(long sourceId, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var connection = file.OpenConnection(readOnly: true);
            SqlCipher.Execute(connection, "BEGIN");
            try
            {
                return FindSource(connection, sourceId) is { Lifecycle: not SourceLifecycle.Removed } ? CountRemoval(connection, sourceId) : null;
            }
            finally
            {
                SqlCipher.Execute(connection, "COMMIT");
            }
        },
        cancellation);

    public Task<Result<bool>> RemoveAsync(long sourceId, DateTimeOffset now, AuditEntry auditEntry, CancellationToken cancellation) => ChangeAsync(
        sourceId,
        source => source.Lifecycle != SourceLifecycle.Removed,
        connection =>
        {
            using var row = new Statement(connection, "UPDATE sources SET removed_at = ?2 WHERE id = ?1");
            row.Bind(1, sourceId).Bind(2, now.ToUnixTimeMilliseconds()).Run();
            using var held = new Statement(connection, "UPDATE scans SET state = 'Completed', reason = 'The source was removed.' WHERE source_id = ?1 AND state = 'Held'");
            held.Bind(1, sourceId).Run();
            return SourceLifecycle.Removed;
        },
        auditEntry,
        cancellation);

    public Task<Result<bool>> UndoRemoveAsync(long sourceId, string name, AuditEntry auditEntry, CancellationToken cancellation) => ChangeAsync(
        sourceId,
        source => source is { Lifecycle: SourceLifecycle.Removed, IsPurging: false },
        connection =>
        {
            using var row = new Statement(connection, "UPDATE sources SET removed_at = NULL, name = ?2 WHERE id = ?1 RETURNING availability");
            row.Bind(1, sourceId).Bind(2, name).Read();
            var availability = (SourceAvailability)row.Int32(0);
            row.Reset();
            return availability == SourceAvailability.Retired ? SourceLifecycle.Archived : SourceLifecycle.Counted;
        },
        auditEntry,
        cancellation);

    public Task<bool> BeginPurgeAsync(long sourceId, AuditEntry auditEntry, CancellationToken cancellation) => scans.WriteAndReloadAsync(
        connection =>
        {
            using var row = new Statement(connection, $"UPDATE sources SET is_purging = 1 WHERE id = ?1 AND standing = {(int)SourceLifecycle.Removed} RETURNING 1");
            var isRemoved = row.Bind(1, sourceId).Read();
            row.Reset();
            if (isRemoved)
            {
                AuditRows.Add(connection, auditEntry);
            }

            return isRemoved;
        },
        cancellation);

    public Task<bool> PurgeAsync(long sourceId, IProgress<ProgressUpdate> progress, CancellationToken cancellation) =>
        new SourcePurge(file, scans, sourceId).RunAsync(progress, cancellation);

    private async Task<Result<bool>> ChangeAsync(
        long sourceId, Func<SourceRow, bool> canChange, Func<SqliteConnection, SourceLifecycle> change, AuditEntry auditEntry, CancellationToken cancellation) => await scans.WriteAndReloadAsync<Result<bool>>(
            connection =>
            {
                if (FindSource(connection, sourceId) is not { } source)
                {
                    return SourceErrors.SourceNotFound(sourceId);
                }

                if (!canChange(source))
                {
                    return false;
                }

                // During a bulk load the counters lag behind, and the indexes that a recount needs are dropped.
                if (DeferredIndexes.IsSuspended(connection))
                {
                    return SourceErrors.FirstScanRunning;
                }

                new SourceLifecycleChange(connection).Apply(sourceId, change(connection));
                AuditRows.Add(connection, auditEntry);
                return true;
            },
            cancellation);

    private static SourceRow? FindSource(SqliteConnection connection, long sourceId)
    {
        using var row = new Statement(connection, "SELECT standing, is_purging FROM sources WHERE id = ?1");
        return row.Bind(1, sourceId).Read() ? new SourceRow((SourceLifecycle)row.Int32(0), row.Int32(1) == 1) : null;
    }

    private static RemovalNumbers CountRemoval(SqliteConnection connection, long sourceId)
    {
        var (leaving, staying) = FindPresenceSets(connection, sourceId);
        var retained = FindRetainedItems(connection, leaving);
        using var copies = new Statement(connection, $"SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = {CatalogSchema.Facet.VersionResolution} AND CAST(value AS INTEGER) = ?1");
        copies.Bind(1, sourceId).Read();
        using var files = new Statement(connection, "SELECT coalesce(sum(files), 0), coalesce(sum(bytes), 0) FROM file_counts WHERE source_id = ?1");
        files.Bind(1, sourceId).Read();
        return new RemovalNumbers(
            CountItems(connection, leaving) - retained.Count(k => k.IsWork), copies.Int64(0), files.Int64(0), files.Int64(1), CountItems(connection, staying), retained.Count,
            [.. retained.Take(MaxNamedItems).Select(k => new RetainedItem(k.Id, ItemMergeStore.ReadName(connection, k.Id)))]);
    }

    /// <summary>The patterns with the source: those that have no other source in the catalogue, and the others.</summary>
    private static (HashSet<int> Leaves, HashSet<int> Stays) FindPresenceSets(SqliteConnection connection, long sourceId)
    {
        using var presenceSets = new PresenceSetIndex(connection);
        var (leaving, staying) = (new HashSet<int>(), new HashSet<int>());
        foreach (var (id, pattern) in presenceSets.All)
        {
            var sources = PresenceSet.Parse(pattern).Keys.Select(c => c.SourceId).ToHashSet();
            if (sources.Remove(sourceId))
            {
                (sources.All(s => s != PresenceSet.ArchivedSourceId && presenceSets.GetSourceLifecycle(s) == SourceLifecycle.Removed) ? leaving : staying).Add(id);
            }
        }

        return (leaving, staying);
    }

    private static List<(long Id, bool IsWork)> FindRetainedItems(SqliteConnection connection, HashSet<int> leaving)
    {
        using var rows = new Statement(connection, $"SELECT m.id, m.is_work, m.holding_id FROM ({SourceLifecycleChange.ManuallyChangedItemsSql}) p JOIN media_items m ON m.id = p.id ORDER BY m.id");
        var retained = new List<(long, bool)>();
        while (rows.Read())
        {
            if (leaving.Contains(rows.Int32(2)))
            {
                retained.Add((rows.Int64(0), rows.Int32(1) == 1));
            }
        }

        return retained;
    }

    private static long CountItems(SqliteConnection connection, HashSet<int> presenceSets)
    {
        using var count = new Statement(connection, $"SELECT n FROM facet_counts WHERE facet = {CatalogSchema.Facet.ItemPresenceSet} AND value = ?1");
        var sum = 0L;
        foreach (var presenceSet in presenceSets)
        {
            sum += count.Bind(1, (long)presenceSet).Read() ? count.Int64(0) : 0;
            count.Reset();
        }

        return sum;
    }

    private sealed record SourceRow(SourceLifecycle Lifecycle, bool IsPurging);
}
