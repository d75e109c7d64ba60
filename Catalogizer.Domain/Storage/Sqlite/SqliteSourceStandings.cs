using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Archives, removes and purges sources over the scans' own writer of the catalogue.</summary>
internal sealed class SqliteSourceStandings(SqliteFile file, SqliteScanStore scans) : ISourceStandings
{
    private const int MostNamed = 20;

    public Task<Result<bool>> SetArchivedAsync(long sourceId, bool archived, DateTimeOffset now, AuditEntry told, CancellationToken cancellation) => ChangeAsync(
        sourceId,
        source => source.Standing != SourceStanding.Removed && source.Standing != (archived ? SourceStanding.Archived : SourceStanding.Counted),
        connection =>
        {
            using var row = new Statement(connection, "UPDATE sources SET availability = ?2, since = ?3, last_error = ?4 WHERE id = ?1");
            row.Bind(1, sourceId).Bind(2, (long)(archived ? SourceAvailability.Retired : SourceAvailability.Unreachable)).Bind(3, now.ToUnixTimeMilliseconds())
                .Bind(4, archived ? null : "Brought back; not looked at since.").Run();
            return archived ? SourceStanding.Archived : SourceStanding.Counted;
        },
        told,
        cancellation);

    public Task<RemovalNumbers?> CountAsync(long sourceId, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var connection = file.OpenConnection(readOnly: true);
            SqlCipher.Execute(connection, "BEGIN");
            try
            {
                return Find(connection, sourceId) is { Standing: not SourceStanding.Removed } ? Count(connection, sourceId) : null;
            }
            finally
            {
                SqlCipher.Execute(connection, "COMMIT");
            }
        },
        cancellation);

    public Task<Result<bool>> RemoveAsync(long sourceId, DateTimeOffset now, AuditEntry told, CancellationToken cancellation) => ChangeAsync(
        sourceId,
        source => source.Standing != SourceStanding.Removed,
        connection =>
        {
            using var row = new Statement(connection, "UPDATE sources SET removed_at = ?2 WHERE id = ?1");
            row.Bind(1, sourceId).Bind(2, now.ToUnixTimeMilliseconds()).Run();
            using var held = new Statement(connection, "UPDATE scans SET state = 'Completed', reason = 'The source was removed.' WHERE source_id = ?1 AND state = 'Held'");
            held.Bind(1, sourceId).Run();
            return SourceStanding.Removed;
        },
        told,
        cancellation);

    public Task<Result<bool>> UndoRemoveAsync(long sourceId, string name, AuditEntry told, CancellationToken cancellation) => ChangeAsync(
        sourceId,
        source => source is { Standing: SourceStanding.Removed, IsPurging: false },
        connection =>
        {
            using var row = new Statement(connection, "UPDATE sources SET removed_at = NULL, name = ?2 WHERE id = ?1 RETURNING availability");
            row.Bind(1, sourceId).Bind(2, name).Read();
            var availability = (SourceAvailability)row.Int32(0);
            row.Reset();
            return availability == SourceAvailability.Retired ? SourceStanding.Archived : SourceStanding.Counted;
        },
        told,
        cancellation);

    public Task<bool> BeginPurgeAsync(long sourceId, AuditEntry told, CancellationToken cancellation) => scans.WriteAnewAsync(
        connection =>
        {
            using var row = new Statement(connection, $"UPDATE sources SET is_purging = 1 WHERE id = ?1 AND standing = {(int)SourceStanding.Removed} RETURNING 1");
            var isRemoved = row.Bind(1, sourceId).Read();
            row.Reset();
            if (isRemoved)
            {
                AuditRows.Add(connection, told);
            }

            return isRemoved;
        },
        cancellation);

    public Task<bool> PurgeAsync(long sourceId, IProgress<ProgressUpdate> progress, CancellationToken cancellation) =>
        new SourcePurge(file, scans, sourceId).RunAsync(progress, cancellation);

    private async Task<Result<bool>> ChangeAsync(
        long sourceId, Func<SourceRow, bool> isDue, Func<SqliteConnection, SourceStanding> change, AuditEntry told, CancellationToken cancellation) => await scans.WriteAnewAsync<Result<bool>>(
            connection =>
            {
                if (Find(connection, sourceId) is not { } source)
                {
                    return SourceErrors.NoSuchSource(sourceId);
                }

                if (!isDue(source))
                {
                    return false;
                }

                // While a bulk load runs, counters lag behind and the indexes are away that a recount goes by.
                if (CatalogueFollower.IsSuspended(connection))
                {
                    return SourceErrors.FirstScanRuns;
                }

                new StandingChange(connection).Set(sourceId, change(connection));
                AuditRows.Add(connection, told);
                return true;
            },
            cancellation);

    private static SourceRow? Find(SqliteConnection connection, long sourceId)
    {
        using var row = new Statement(connection, "SELECT standing, is_purging FROM sources WHERE id = ?1");
        return row.Bind(1, sourceId).Read() ? new SourceRow((SourceStanding)row.Int32(0), row.Int32(1) == 1) : null;
    }

    private static RemovalNumbers Count(SqliteConnection connection, long sourceId)
    {
        var (leaves, stays) = Holdings(connection, sourceId);
        var kept = Kept(connection, leaves);
        using var copies = new Statement(connection, $"SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = {CatalogueSchema.Facet.VersionResolution} AND CAST(value AS INTEGER) = ?1");
        copies.Bind(1, sourceId).Read();
        using var files = new Statement(connection, "SELECT coalesce(sum(files), 0), coalesce(sum(bytes), 0) FROM file_counts WHERE source_id = ?1");
        files.Bind(1, sourceId).Read();
        return new RemovalNumbers(
            Works(connection, leaves) - kept.Count(k => k.IsWork), copies.Int64(0), files.Int64(0), files.Int64(1), Works(connection, stays), kept.Count,
            [.. kept.Take(MostNamed).Select(k => new KeptItem(k.Id, SqliteWorkJoins.Name(connection, k.Id)))]);
    }

    /// <summary>The patterns with the source: those that no other source in the catalogue has, and the others.</summary>
    private static (HashSet<int> Leaves, HashSet<int> Stays) Holdings(SqliteConnection connection, long sourceId)
    {
        using var book = new HoldingBook(connection);
        var (leaves, stays) = (new HashSet<int>(), new HashSet<int>());
        foreach (var (id, pattern) in book.All)
        {
            var sources = HoldingPattern.Parse(pattern).Keys.Select(c => c.SourceId).ToHashSet();
            if (sources.Remove(sourceId))
            {
                (sources.All(s => s != HoldingPattern.KeptPlace && book.StandingOf(s) == SourceStanding.Removed) ? leaves : stays).Add(id);
            }
        }

        return (leaves, stays);
    }

    private static List<(long Id, bool IsWork)> Kept(SqliteConnection connection, HashSet<int> leaves)
    {
        using var rows = new Statement(connection, $"SELECT m.id, m.is_work, m.holding_id FROM ({StandingChange.ByPeople}) p JOIN media_items m ON m.id = p.id ORDER BY m.id");
        var kept = new List<(long, bool)>();
        while (rows.Read())
        {
            if (leaves.Contains(rows.Int32(2)))
            {
                kept.Add((rows.Int64(0), rows.Int32(1) == 1));
            }
        }

        return kept;
    }

    private static long Works(SqliteConnection connection, HashSet<int> holdings)
    {
        using var count = new Statement(connection, $"SELECT n FROM facet_counts WHERE facet = {CatalogueSchema.Facet.WorkHolding} AND value = ?1");
        var sum = 0L;
        foreach (var holding in holdings)
        {
            sum += count.Bind(1, (long)holding).Read() ? count.Int64(0) : 0;
            count.Reset();
        }

        return sum;
    }

    private sealed record SourceRow(SourceStanding Standing, bool IsPurging);
}
