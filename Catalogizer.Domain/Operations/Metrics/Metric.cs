namespace Catalogizer.Domain.Operations.Metrics;

public enum MetricKind
{
    /// <summary>Values of which only the count per range is kept, besides their number, sum and maximum.</summary>
    Histogram,

    /// <summary>An amount that only increases.</summary>
    Counter,

    /// <summary>A level that is sampled at intervals.</summary>
    Gauge,
}

/// <summary>The recorded metrics, by their names in database rows and, with their unit, at <c>/metrics</c>.</summary>
public static class Metric
{
    public const string Requests = "request_duration";
    public const string ScannedFiles = "scan_files";
    public const string WriterWait = "writer_wait";
    public const string WriterQueue = "writer_queue";
    public const string Connections = "active_connections";
    public const string Memory = "memory";

    /// <summary>Upper bounds of the histogram buckets, in seconds; longer values fall into one more bucket.</summary>
    public static IReadOnlyList<double> BucketBounds { get; } = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30];

    /// <summary>
    /// Estimates the value below which a share (0 to 1) of a histogram's values lies, accurate to its bucket; null when the histogram is empty.
    /// </summary>
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

/// <summary>The length of time that a row covers.</summary>
public enum MetricPeriod
{
    Minute = 0,
    Hour = 1,
    Day = 2,
}

/// <summary>A metric over one period. Row of <c>performance_metrics</c>.</summary>
public sealed class MetricRow
{
    public MetricPeriod Period { get; set; }

    /// <summary>Start of the period.</summary>
    public DateTimeOffset At { get; set; }

    public required string Name { get; set; }

    /// <summary>The part that was measured, as "route=/library;status=2xx"; empty for the whole.</summary>
    public required string Labels { get; set; }

    public long Count { get; set; }

    public double Sum { get; set; }

    public double Max { get; set; }

    /// <summary>Number of values in each histogram bucket, separated by commas; null for metrics that are not histograms.</summary>
    public string? Buckets { get; set; }

    /// <summary>Adds the values of another row of the same metric.</summary>
    public void Add(MetricRow other)
    {
        (Count, Sum, Max) = (Count + other.Count, Sum + other.Sum, Math.Max(Max, other.Max));
        Buckets = other.Buckets is null ? Buckets : Format([.. Parse(other.Buckets).Zip(Parse(Buckets), (a, b) => a + b)]);
    }

    public static string Format(IReadOnlyList<long> buckets) => string.Join(',', buckets);

    /// <summary>The counts of all histogram buckets; missing ones are 0.</summary>
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

/// <summary>Stores metrics.</summary>
public interface IMetricStore
{
    /// <summary>Adds the values of a minute to the rows of its minute, hour and day.</summary>
    Task AddAsync(IReadOnlyList<MetricRow> minute, CancellationToken cancellation);
}
