using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Operations.ErrorLog;

/// <summary>Writes errors and metrics, each batch in one short transaction.</summary>
internal sealed class ErrorLogStore(WriterQueue writer) : IErrorLogStore, IMetricStore
{
    /// <summary>Makes the audit log append-only: the database itself rejects any other change from every caller.</summary>
    public const string CreateAuditLogTriggers = """
        CREATE TRIGGER audit_logs_stay_as_they_are BEFORE UPDATE ON audit_logs BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        CREATE TRIGGER audit_logs_are_not_replaced BEFORE INSERT ON audit_logs WHEN EXISTS (SELECT 1 FROM audit_logs WHERE id = new.id) BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        CREATE TRIGGER audit_logs_stay BEFORE DELETE ON audit_logs BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END;
        """;

    public const string DropAuditLogTriggers = "DROP TRIGGER audit_logs_stay_as_they_are; DROP TRIGGER audit_logs_are_not_replaced; DROP TRIGGER audit_logs_stay;";

    private const string UpsertErrorSql = """
        INSERT INTO error_logs (fingerprint, component, kind, place, message, details, first_seen, last_seen, count, status)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'New')
        ON CONFLICT (fingerprint) DO UPDATE SET message = excluded.message, details = excluded.details, last_seen = max(last_seen, excluded.last_seen), count = count + excluded.count,
          status = CASE status WHEN 'Resolved' THEN 'New' ELSE status END
        """;

    private const string SelectMetricSql = "SELECT count, sum, max, coalesce(buckets, '') FROM performance_metrics WHERE period = ?1 AND at = ?2 AND name = ?3 AND labels = ?4";

    private const string UpsertMetricSql = "INSERT OR REPLACE INTO performance_metrics (period, at, name, labels, count, sum, max, buckets) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    public Task AddAsync(IReadOnlyList<ErrorLogEntry> errors, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            foreach (var error in errors)
            {
                using var add = new Statement(connection, UpsertErrorSql);
                add.Bind(1, error.Fingerprint).Bind(2, error.Component).Bind(3, error.Kind).Bind(4, error.Place).Bind(5, error.Message).Bind(6, error.Details)
                    .Bind(7, error.FirstSeen.ToUnixTimeMilliseconds()).Bind(8, error.LastSeen.ToUnixTimeMilliseconds()).Bind(9, error.Count).Run();
            }
        },
        durable: false,
        cancellation);

    public Task AddAsync(IReadOnlyList<MetricRow> minute, CancellationToken cancellation) => minute.Count == 0 ? Task.CompletedTask : writer.RunAsync(
        connection =>
        {
            foreach (var row in minute)
            {
                AddMetric(connection, row, MetricPeriod.Minute, TimeSpan.TicksPerMinute);
                AddMetric(connection, row, MetricPeriod.Hour, TimeSpan.TicksPerHour);
                AddMetric(connection, row, MetricPeriod.Day, TimeSpan.TicksPerDay);
            }
        },
        durable: false,
        cancellation);

    private static void AddMetric(SqliteConnection connection, MetricRow row, MetricPeriod period, long ticks)
    {
        var at = new DateTimeOffset(row.At.UtcTicks - (row.At.UtcTicks % ticks), TimeSpan.Zero).ToUnixTimeMilliseconds();
        var sum = new MetricRow { Name = row.Name, Labels = row.Labels, Count = row.Count, Sum = row.Sum, Max = row.Max, Buckets = row.Buckets };
        using (var find = new Statement(connection, SelectMetricSql))
        {
            find.Bind(1, (long)period).Bind(2, at).Bind(3, row.Name).Bind(4, row.Labels);
            if (find.Read())
            {
                var known = find.Text(3);
                sum.Add(new MetricRow { Name = row.Name, Labels = row.Labels, Count = find.Int64(0), Sum = find.Double(1), Max = find.Double(2), Buckets = known.Length == 0 ? null : known });
            }
        }

        using var set = new Statement(connection, UpsertMetricSql);
        set.Bind(1, (long)period).Bind(2, at).Bind(3, sum.Name).Bind(4, sum.Labels).Bind(5, sum.Count).Bind(6, sum.Sum).Bind(7, sum.Max).Bind(8, sum.Buckets).Run();
    }
}
