using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Metrics;

/// <summary>One measure since the start, and since it was last written down.</summary>
internal sealed class MetricSeries(MetricKind kind, string name, string labels)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[Metric.Bounds.Count + 1];
    private readonly long[] _since = new long[Metric.Bounds.Count + 1];
    private (long Count, double Sum, double Max, double Last) _total;
    private (long Count, double Sum, double Max) _part;

    public MetricKind Kind => kind;

    public string Name => name;

    public string Labels => labels;

    public void Add(double value)
    {
        lock (_lock)
        {
            _total = (_total.Count + 1, _total.Sum + value, Math.Max(_total.Max, value), value);
            _part = (_part.Count + 1, _part.Sum + value, Math.Max(_part.Max, value));
            if (kind == MetricKind.Histogram)
            {
                var range = 0;
                while (range < Metric.Bounds.Count && value > Metric.Bounds[range])
                {
                    range++;
                }

                _buckets[range]++;
                _since[range]++;
            }
        }
    }

    public (long Count, double Sum, double Last, long[] Buckets) Total()
    {
        lock (_lock)
        {
            return (_total.Count, _total.Sum, _total.Last, [.. _buckets]);
        }
    }

    /// <summary>What came since the last time this was asked; null when nothing did.</summary>
    public MetricRow? Take(DateTimeOffset minute)
    {
        lock (_lock)
        {
            if (_part.Count == 0)
            {
                return null;
            }

            var row = new MetricRow
            {
                At = minute, Name = name, Labels = labels, Count = _part.Count, Sum = _part.Sum, Max = _part.Max,
                Buckets = kind == MetricKind.Histogram ? MetricRow.Written(_since) : null,
            };
            _part = default;
            Array.Clear(_since);
            return row;
        }
    }
}

/// <summary>Listens to the program's meters and keeps what they tell.</summary>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>More routes than a program of ours has; what comes beyond is counted together.</summary>
    private const int MostSeries = 600;

    private readonly ConcurrentDictionary<(string Name, string Labels), MetricSeries> _series = new();
    private readonly MeterListener _listener = new();

    public MetricCollector(IMeterFactory meters, WriterQueue writer, OpenConnections connections)
    {
        // Meters of this program, not of another one in the same process.
        var own = meters.Create(CatalogizerMeter.Name);
        own.CreateObservableGauge("catalogizer.writer.queue", () => writer.WaitingCount);
        own.CreateObservableGauge("catalogizer.connections", () => new Measurement<int>[]
        {
            new(connections.Circuits, new KeyValuePair<string, object?>("kind", "circuit")), new(connections.Streams, new KeyValuePair<string, object?>("kind", "stream")),
        });
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if ((instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters)) && Wanted(instrument) is { } how)
            {
                listener.EnableMeasurementEvents(instrument, how);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, how) => Note(value, tags, how));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, how) => Note(value, tags, how));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, how) => Note(value, tags, how));
        _listener.Start();
    }

    public IEnumerable<MetricSeries> Series => _series.Values.OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Labels, StringComparer.Ordinal);

    /// <summary>Looks at the levels.</summary>
    public void Sample() => _listener.RecordObservableInstruments();

    /// <summary>What came since the last time, to be written down.</summary>
    public IReadOnlyList<MetricRow> Take(DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return [.. _series.Values.Select(s => s.Take(minute)).OfType<MetricRow>()];
    }

    public void Dispose() => _listener.Dispose();

    private static How? Wanted(Instrument instrument) => (instrument.Meter.Name, instrument.Name) switch
    {
        ("Microsoft.AspNetCore.Hosting", "http.server.request.duration") => new How(MetricKind.Histogram, Metric.Requests, RequestLabels),
        (CatalogizerMeter.Name, "catalogizer.scan.files") => new How(MetricKind.Counter, Metric.ScannedFiles, _ => ""),
        (CatalogizerMeter.Name, "catalogizer.writer.wait") => new How(MetricKind.Histogram, Metric.WriterWait, _ => ""),
        (CatalogizerMeter.Name, "catalogizer.writer.queue") => new How(MetricKind.Gauge, Metric.WriterQueue, _ => ""),
        (CatalogizerMeter.Name, "catalogizer.connections") => new How(MetricKind.Gauge, Metric.Connections, tags => $"kind={Value(tags, "kind")}"),
        ("System.Runtime", "dotnet.process.memory.working_set") => new How(MetricKind.Gauge, Metric.Memory, _ => ""),
        _ => null,
    };

    /// <summary>By route and kind of answer; null for connections that stay open, which are no requests to wait for.</summary>
    private static string? RequestLabels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var route = "/" + ((Value(tags, "http.route") as string)?.TrimStart('/') ?? "(other)");
        if (route.StartsWith("/_blazor", StringComparison.Ordinal) || route == "/api/v1/events")
        {
            return null;
        }

        if (route.StartsWith("/assets/", StringComparison.Ordinal) || route.StartsWith("/_content/", StringComparison.Ordinal) || route.StartsWith("/_framework/", StringComparison.Ordinal))
        {
            route = "/(assets)";
        }

        var status = Value(tags, "http.response.status_code") is int code ? code / 100 : 5;
        return string.Create(CultureInfo.InvariantCulture, $"route={route.Replace(';', ',')};status={status}xx");
    }

    private static object? Value(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    private void Note(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var how = (How)state!;
        if (how.Labels(tags) is { } labels)
        {
            var known = _series.TryGetValue((how.Name, labels), out var series);
            if (!known && _series.Count >= MostSeries)
            {
                labels = "";
            }

            series ??= _series.GetOrAdd((how.Name, labels), key => new MetricSeries(how.Kind, key.Name, key.Labels));
            series.Add(value);
        }
    }

    private delegate string? LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags);

    private sealed record How(MetricKind Kind, string Name, LabelsOf Labels);
}
