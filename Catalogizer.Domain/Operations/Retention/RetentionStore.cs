using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Operations.Retention;

/// <summary>Deletes old rows in batches so short that other writes do not wait noticeably.</summary>
internal sealed class RetentionStore(WriterQueue writer) : IRetentionStore
{
    private const int BatchSize = 2000;

    public Task<int> RemoveScansAsync(DateTimeOffset before, int minPerSource, CancellationToken cancellation) => RemoveAsync(
        "scans",
        """
        SELECT id FROM (SELECT id, state, finished_at, row_number() OVER (PARTITION BY source_id ORDER BY id DESC) AS place FROM scans)
        WHERE place > ?2 AND finished_at < ?1 AND state <> 'Held' AND id NOT IN (SELECT max(id) FROM scans WHERE state IN ('Completed', 'Held') GROUP BY source_id)
        """,
        before,
        minPerSource,
        cancellation);

    public Task<int> RemoveTokensAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "refresh_tokens", "SELECT id FROM refresh_tokens WHERE expires_at < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveSessionsAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "user_tokens", $"SELECT rowid FROM user_tokens WHERE login_provider = '{Sessions.Provider}' AND CAST(value AS INTEGER) < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveErrorsAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "error_logs", "SELECT id FROM error_logs WHERE last_seen < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveHealthPeriodsAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "health_checks", "SELECT id FROM health_checks WHERE until < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveOutagesAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "source_outages", "SELECT id FROM source_outages WHERE back_at < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<int> RemoveMetricsAsync(MetricPeriod period, DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "performance_metrics", "SELECT rowid FROM performance_metrics WHERE at < ?1 AND period = ?2", before, (long)period, cancellation);

    public Task<int> RemoveResponsesAsync(DateTimeOffset before, CancellationToken cancellation) => RemoveAsync(
        "provider_answers", "SELECT rowid FROM provider_answers WHERE expires_at < ?1 AND ?2 = 0", before, 0, cancellation);

    public Task<IReadOnlyList<string>> RemoveArtworkAsync(DateTimeOffset before, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            using var rows = new Statement(connection, $"""
                DELETE FROM artwork WHERE fetched_at < ?1 AND hash NOT IN (
                  SELECT substr(address, length('{ArtworkStore.UrlPrefix}') + 1) FROM item_pictures WHERE address IS NOT NULL
                  UNION SELECT substr(poster, length('{ArtworkStore.UrlPrefix}') + 1) FROM media_items WHERE poster IS NOT NULL)
                RETURNING hash
                """);
            rows.Bind(1, before.ToUnixTimeMilliseconds());
            var hashes = new List<string>();
            while (rows.Read())
            {
                hashes.Add(rows.Text(0));
            }

            return (IReadOnlyList<string>)hashes;
        },
        durable: false,
        cancellation);

    private async Task<int> RemoveAsync(string table, string old, DateTimeOffset before, long second, CancellationToken cancellation)
    {
        var total = 0;
        while (true)
        {
            var removed = await writer.RunAsync(
                connection =>
                {
                    using (var delete = new Statement(connection, $"DELETE FROM {table} WHERE rowid IN ({old} LIMIT {BatchSize})"))
                    {
                        delete.Bind(1, before.ToUnixTimeMilliseconds()).Bind(2, second).Run();
                    }

                    return SqlCipher.CountChanges(connection);
                },
                durable: false,
                cancellation);
            total += removed;
            if (removed < BatchSize)
            {
                return total;
            }
        }
    }
}
