namespace Catalogizer.Domain.Metrics;

public enum MetricKind
{
    /// <summary>Values that are told from each other only by which of a few ranges they fall into.</summary>
    Histogram,

    /// <summary>An amount that only grows.</summary>
    Counter,

    /// <summary>A level, looked at now and then.</summary>
    Gauge,
}

/// <summary>The measures that are kept, by the names they have in rows and, with their unit, at <c>/metrics</c>.</summary>
public static class Metric
{
    public const string Requests = "request_duration";
    public const string ScannedFiles = "scan_files";
    public const string WriterWait = "writer_wait";
    public const string WriterQueue = "writer_queue";
    public const string Connections = "active_connections";
    public const string Memory = "memory";

    /// <summary>The upper ends of the ranges of a histogram, in seconds; what is longer falls into one more.</summary>
    public static IReadOnlyList<double> BucketBounds { get; } = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30];

    /// <summary>The value below which a share of a histogram's values lie, to within its range; null when it is empty.</summary>
    public static double? EstimatePercentile(IReadOnlyList<long> buckets, double share)
    {
        var total = buckets.Sum();
        if (total == 0)
        {
            return null;
        }

        var (rank, before) = (share * total, 0L);
        for (var i = 0; i < buckets.Count; i++)
        {
            if (before + buckets[i] >= rank && buckets[i] > 0)
            {
                var low = i == 0 ? 0 : BucketBounds[i - 1];
                return i == BucketBounds.Count ? low : low + ((BucketBounds[i] - low) * (rank - before) / buckets[i]);
            }

            before += buckets[i];
        }

        return BucketBounds[^1];
    }
}

/// <summary>How long the time is that a row of measures stands for.</summary>
public enum MetricPeriod
{
    Minute = 0,
    Hour = 1,
    Day = 2,
}

/// <summary>A measure over a stretch of time. Row of <c>performance_metrics</c>.</summary>
public sealed class MetricRow
{
    public MetricPeriod Period { get; set; }

    /// <summary>When the stretch begins.</summary>
    public DateTimeOffset At { get; set; }

    public required string Name { get; set; }

    /// <summary>What it is a part of, as "route=/library;status=2xx"; empty for the whole.</summary>
    public required string Labels { get; set; }

    public long Count { get; set; }

    public double Sum { get; set; }

    public double Max { get; set; }

    /// <summary>How many values fell into each range, with commas between; null for what is no histogram.</summary>
    public string? Buckets { get; set; }

    /// <summary>Adds what another row of the same measure tells.</summary>
    public void Add(MetricRow other)
    {
        (Count, Sum, Max) = (Count + other.Count, Sum + other.Sum, Math.Max(Max, other.Max));
        Buckets = other.Buckets is null ? Buckets : Format([.. Parse(other.Buckets).Zip(Parse(Buckets), (a, b) => a + b)]);
    }

    public static string Format(IReadOnlyList<long> buckets) => string.Join(',', buckets);

    /// <summary>The ranges of a histogram, none of them left out.</summary>
    public static long[] Parse(string? buckets)
    {
        var read = new long[Metric.BucketBounds.Count + 1];
        var parts = buckets?.Split(',') ?? [];
        for (var i = 0; i < Math.Min(parts.Length, read.Length); i++)
        {
            read[i] = long.Parse(parts[i], System.Globalization.CultureInfo.InvariantCulture);
        }

        return read;
    }
}

/// <summary>Where measures are kept.</summary>
public interface IMetricStore
{
    /// <summary>Adds what a minute told, to its minute, its hour and its day.</summary>
    Task AddAsync(IReadOnlyList<MetricRow> minute, CancellationToken cancellation);
}
