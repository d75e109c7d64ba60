using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Metrics;

/// <summary>How far back to look.</summary>
public enum MetricRange
{
    /// <summary>The last hour, by minutes.</summary>
    Hour,

    /// <summary>The last two days, by hours.</summary>
    Days,

    /// <summary>The last three months, by days.</summary>
    Months,
}

/// <summary>What was measured in one stretch of time. Times in milliseconds; null where nothing was measured.</summary>
public sealed record MetricPoint(
    DateTimeOffset At, long Requests, long Errors, double? Median, double? P95, double? P99, double Connections, double ScannedFiles, double WriterQueue, double? WriterWaitP95, double? MemoryMegabytes);

/// <summary>How the requests of one route went.</summary>
public sealed record RouteMetric(string Route, long Requests, long Errors, double? Median, double? P95, double? P99);

/// <summary>What was measured, over time and by route.</summary>
public sealed record MetricsReport(MetricRange Range, IReadOnlyList<MetricPoint> Points, IReadOnlyList<RouteMetric> Routes, MetricPoint Whole);

/// <summary>Shows what was measured.</summary>
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
        var points = Enumerable.Range(0, count).Select(i => Point(first + (step * i), [.. byTime[first + (step * i)]])).ToList();
        var routes = rows.Where(r => r.Name == Metric.Requests).GroupBy(r => Label(r.Labels, "route")).Select(g => Route(g.Key, [.. g])).OrderByDescending(r => r.Requests).ToList();
        return new MetricsReport(range, points, routes, Point(first, rows));
    }

    private static MetricPoint Point(DateTimeOffset at, List<MetricRow> rows)
    {
        var requests = rows.FindAll(r => r.Name == Metric.Requests);
        var buckets = Sum(requests);
        return new MetricPoint(
            at, requests.Sum(r => r.Count), Failed(requests), Milliseconds(buckets, .5), Milliseconds(buckets, .95), Milliseconds(buckets, .99),
            rows.Where(r => r.Name == Metric.Connections).GroupBy(r => r.Labels).Sum(Level), rows.Where(r => r.Name == Metric.ScannedFiles).Sum(r => r.Sum),
            Level(rows.Where(r => r.Name == Metric.WriterQueue)), Milliseconds(Sum(rows.FindAll(r => r.Name == Metric.WriterWait)), .95),
            rows.Any(r => r.Name == Metric.Memory) ? Level(rows.Where(r => r.Name == Metric.Memory)) / 1_000_000 : null);
    }

    private static RouteMetric Route(string route, List<MetricRow> rows)
    {
        var buckets = Sum(rows);
        return new RouteMetric(route, rows.Sum(r => r.Count), Failed(rows), Milliseconds(buckets, .5), Milliseconds(buckets, .95), Milliseconds(buckets, .99));
    }

    private static long Failed(List<MetricRow> requests) => requests.Where(r => Label(r.Labels, "status") == "5xx").Sum(r => r.Count);

    private static double Level(IEnumerable<MetricRow> rows)
    {
        var (count, sum) = (0L, 0d);
        foreach (var row in rows)
        {
            (count, sum) = (count + row.Count, sum + row.Sum);
        }

        return count == 0 ? 0 : sum / count;
    }

    private static long[] Sum(List<MetricRow> rows)
    {
        var sum = MetricRow.Read(null);
        foreach (var row in rows)
        {
            var more = MetricRow.Read(row.Buckets);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += more[i];
            }
        }

        return sum;
    }

    private static double? Milliseconds(long[] buckets, double share) => Metric.Percentile(buckets, share) * 1000;

    private static string Label(string labels, string name) =>
        labels.Split(';').Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0] == name).Select(p => p[1]).FirstOrDefault() ?? "";
}
