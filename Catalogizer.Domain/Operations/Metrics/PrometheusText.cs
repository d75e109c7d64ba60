using System.Globalization;
using System.Text;

namespace Catalogizer.Domain.Operations.Metrics;

/// <summary>The metrics since the start, in the text format of Prometheus.</summary>
public sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly (string Metric, string Name, string Help)[] Families =
    [
        (Metric.Requests, "catalogizer_request_duration_seconds", "How long requests took."),
        (Metric.ScannedFiles, "catalogizer_scan_files_total", "Files that scans have seen."),
        (Metric.WriterWait, "catalogizer_writer_wait_seconds", "How long those who write waited for their turn."),
        (Metric.WriterQueue, "catalogizer_writer_queue", "How many wait for their turn to write."),
        (Metric.Connections, "catalogizer_active_connections", "Circuits of pages and streams of events that are open."),
        (Metric.Memory, "catalogizer_memory_bytes", "Memory of the process."),
    ];

    private readonly MetricCollector _collector;

    internal PrometheusText(MetricCollector collector) => _collector = collector;

    public string Write()
    {
        _collector.Sample();
        var text = new StringBuilder();
        var all = _collector.Series.ToLookup(s => s.Name);
        foreach (var (metric, name, help) in Families.Where(n => all.Contains(n.Metric)))
        {
            var kind = all[metric].First().Kind;
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {(kind == MetricKind.Histogram ? "histogram" : kind == MetricKind.Counter ? "counter" : "gauge")}\n");
            foreach (var series in all[metric])
            {
                AppendSeries(text, name, series);
            }
        }

        AppendRequestCounts(text, [.. all[Metric.Requests]]);
        return text.ToString();
    }

    private static void AppendSeries(StringBuilder text, string name, MetricSeries series)
    {
        var (count, sum, last, buckets) = series.GetTotal();
        if (series.Kind != MetricKind.Histogram)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{FormatLabels(series.Labels)} {(series.Kind == MetricKind.Counter ? sum : last)}\n");
            return;
        }

        var cumulative = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            cumulative += buckets[i];
            var end = i == Metric.BucketBounds.Count ? "+Inf" : Metric.BucketBounds[i].ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{FormatLabels(series.Labels, end)} {cumulative}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{FormatLabels(series.Labels)} {sum}\n{name}_count{FormatLabels(series.Labels)} {count}\n");
    }

    /// <summary>Derives the numbers of all and of failed requests from the duration histogram.</summary>
    private static void AppendRequestCounts(StringBuilder text, IReadOnlyList<MetricSeries> requests)
    {
        text.Append("# HELP catalogizer_requests_total Requests.\n# TYPE catalogizer_requests_total counter\n");
        foreach (var series in requests)
        {
            text.Append(CultureInfo.InvariantCulture, $"catalogizer_requests_total{FormatLabels(series.Labels)} {series.GetTotal().Count}\n");
        }

        var failed = requests.Where(s => s.Labels.EndsWith("status=5xx", StringComparison.Ordinal)).Sum(s => s.GetTotal().Count);
        text.Append(CultureInfo.InvariantCulture, $"# HELP catalogizer_request_errors_total Requests that failed here.\n# TYPE catalogizer_request_errors_total counter\ncatalogizer_request_errors_total {failed}\n");
    }

    private static string FormatLabels(string labels, string? end = null)
    {
        var parts = labels.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2)).Select(p => $"{p[0]}=\"{Escape(p[1])}\"").Concat(end is null ? [] : [$"le=\"{end}\""]).ToList();
        return parts.Count == 0 ? "" : $"{{{string.Join(',', parts)}}}";
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
