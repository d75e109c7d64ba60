using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Metrics;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Takes old rows away in batches that nobody has to wait for.</summary>
internal sealed class OldRows(WriterQueue writer) : IOldRows
{
    private const int Batch = 2000;

    public Task<int> RemoveScansAsync(DateTimeOffset before, int keptOfEach, CancellationToken cancellation) => RemoveAsync(
        "scans",
        """
        SELECT id FROM (SELECT id, state, finished_at, row_number() OVER (PARTITION BY source_id ORDER BY id DESC) AS place FROM scans)
        WHERE place > ?2 AND finished_at < ?1 AND state <> 'Held' AND id NOT IN (SELECT max(id) FROM scans WHERE state IN ('Completed', 'Held') GROUP BY source_id)
        """,
        before,
        keptOfEach,
        cancellation);

    public Task<int> RemoveTokensAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "refresh_tokens", "SELECT id FROM refresh_tokens WHERE expires_at < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveSessionsAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "user_tokens", $"SELECT rowid FROM user_tokens WHERE login_provider = '{Sessions.Provider}' AND CAST(value AS INTEGER) < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveErrorsAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "error_logs", "SELECT id FROM error_logs WHERE last_seen < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveHealthAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "health_checks", "SELECT id FROM health_checks WHERE until < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveMetricsAsync(MetricPeriod period, DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "performance_metrics", "SELECT rowid FROM performance_metrics WHERE at < ?1 AND period = ?2", before, (long)period, cancellation);

    private async Task<int> RemoveAsync(string table, string old, DateTimeOffset before, long second, CancellationToken cancellation)
    {
        var gone = 0;
        while (true)
        {
            var removed = await writer.RunAsync(
                connection =>
                {
                    using (var delete = new Statement(connection, $"DELETE FROM {table} WHERE rowid IN ({old} LIMIT {Batch})"))
                    {
                        delete.Bind(1, before.ToUnixTimeMilliseconds()).Bind(2, second).Run();
                    }

                    return SQLitePCL.raw.sqlite3_changes(connection.Handle!);
                },
                durable: false,
                cancellation);
            gone += removed;
            if (removed < Batch)
            {
                return gone;
            }
        }
    }
}
