using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Operations.Metrics;

/// <summary>How far back a report goes.</summary>
public enum MetricRange
{
    /// <summary>The last hour, by minutes.</summary>
    Hour,

    /// <summary>The last two days, by hours.</summary>
    Days,

    /// <summary>The last three months, by days.</summary>
    Months,
}

/// <summary>Measurements of one period. Times are in milliseconds; null where nothing was measured.</summary>
public sealed record MetricPoint(
    DateTimeOffset At, long Requests, long Errors, double? Median, double? P95, double? P99, double Connections, double ScannedFiles, double WriterQueue, double? WriterWaitP95, double? MemoryMegabytes);

/// <summary>The requests of one route. Times are in milliseconds; null where nothing was measured.</summary>
public sealed record RouteMetric(string Route, long Requests, long Errors, double? Median, double? P95, double? P99);

/// <summary>Measurements over time and by route.</summary>
public sealed record MetricsReport(MetricRange Range, IReadOnlyList<MetricPoint> Points, IReadOnlyList<RouteMetric> Routes, MetricPoint Total);

public sealed class MetricsService(IDbContextFactory<CatalogDbContext> contexts, TimeProvider time)
{
    /// <exception cref="PermissionDeniedException"/>
    public async Task<MetricsReport> ReadAsync(Actor actor, MetricRange range, CancellationToken cancellation)
    {
        actor.Require(Permission.SystemView);
        var (period, step, count) = range switch
        {
            MetricRange.Hour => (MetricPeriod.Minute, TimeSpan.FromMinutes(1), 60),
            MetricRange.Days => (MetricPeriod.Hour, TimeSpan.FromHours(1), 48),
            _ => (MetricPeriod.Day, TimeSpan.FromDays(1), 90),
        };
        var now = time.GetUtcNow();
        var last = new DateTimeOffset(now.Ticks - (now.Ticks % step.Ticks), TimeSpan.Zero);
        var first = last - (step * (count - 1));
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rows = await db.Metrics.AsNoTracking().Where(m => m.Period == period && m.At >= first).ToListAsync(cancellation);
        var byTime = rows.ToLookup(r => r.At);
        var points = Enumerable.Range(0, count).Select(i => CreatePoint(first + (step * i), [.. byTime[first + (step * i)]])).ToList();
        var routes = rows.Where(r => r.Name == Metric.Requests).GroupBy(r => GetLabel(r.Labels, "route")).Select(g => CreateRoute(g.Key, [.. g])).OrderByDescending(r => r.Requests).ToList();
        return new MetricsReport(range, points, routes, CreatePoint(first, rows));
    }

    private static MetricPoint CreatePoint(DateTimeOffset at, List<MetricRow> rows)
    {
        var requests = rows.FindAll(r => r.Name == Metric.Requests);
        var buckets = SumBuckets(requests);
        return new MetricPoint(
            at, requests.Sum(r => r.Count), CountFailed(requests), PercentileMilliseconds(buckets, .5), PercentileMilliseconds(buckets, .95), PercentileMilliseconds(buckets, .99),
            rows.Where(r => r.Name == Metric.Connections).GroupBy(r => r.Labels).Sum(AverageValue), rows.Where(r => r.Name == Metric.ScannedFiles).Sum(r => r.Sum),
            AverageValue(rows.Where(r => r.Name == Metric.WriterQueue)), PercentileMilliseconds(SumBuckets(rows.FindAll(r => r.Name == Metric.WriterWait)), .95),
            rows.Any(r => r.Name == Metric.Memory) ? AverageValue(rows.Where(r => r.Name == Metric.Memory)) / 1_000_000 : null);
    }

    private static RouteMetric CreateRoute(string route, List<MetricRow> rows)
    {
        var buckets = SumBuckets(rows);
        return new RouteMetric(route, rows.Sum(r => r.Count), CountFailed(rows), PercentileMilliseconds(buckets, .5), PercentileMilliseconds(buckets, .95), PercentileMilliseconds(buckets, .99));
    }

    private static long CountFailed(List<MetricRow> requests) => requests.Where(r => GetLabel(r.Labels, "status") == "5xx").Sum(r => r.Count);

    private static double AverageValue(IEnumerable<MetricRow> rows)
    {
        var (count, sum) = (0L, 0d);
        foreach (var row in rows)
        {
            (count, sum) = (count + row.Count, sum + row.Sum);
        }

        return count == 0 ? 0 : sum / count;
    }

    private static long[] SumBuckets(List<MetricRow> rows)
    {
        var sum = MetricRow.Parse(null);
        foreach (var row in rows)
        {
            var other = MetricRow.Parse(row.Buckets);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += other[i];
            }
        }

        return sum;
    }

    private static double? PercentileMilliseconds(long[] buckets, double share) => Metric.EstimatePercentile(buckets, share) * 1000;

    private static string GetLabel(string labels, string name) =>
        labels.Split(';').Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0] == name).Select(p => p[1]).FirstOrDefault() ?? "";
}
