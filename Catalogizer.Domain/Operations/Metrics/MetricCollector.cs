using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Operations.Metrics;

/// <summary>One metric with one set of labels, since the start and since it was last saved.</summary>
internal sealed class MetricSeries(MetricKind kind, string name, string labels)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[Metric.BucketBounds.Count + 1];
    private readonly long[] _deltaBuckets = new long[Metric.BucketBounds.Count + 1];
    private (long Count, double Sum, double Max, double Last) _total;
    private (long Count, double Sum, double Max) _delta;

    public MetricKind Kind => kind;

    public string Name => name;

    public string Labels => labels;

    public void Add(double value)
    {
        lock (_lock)
        {
            _total = (_total.Count + 1, _total.Sum + value, Math.Max(_total.Max, value), value);
            _delta = (_delta.Count + 1, _delta.Sum + value, Math.Max(_delta.Max, value));
            if (kind == MetricKind.Histogram)
            {
                var range = 0;
                while (range < Metric.BucketBounds.Count && value > Metric.BucketBounds[range])
                {
                    range++;
                }

                _buckets[range]++;
                _deltaBuckets[range]++;
            }
        }
    }

    public (long Count, double Sum, double Last, long[] Buckets) GetTotal()
    {
        lock (_lock)
        {
            return (_total.Count, _total.Sum, _total.Last, [.. _buckets]);
        }
    }

    /// <summary>Returns the values since the last call and resets them; null when there are none.</summary>
    public MetricRow? Consume(DateTimeOffset minute)
    {
        lock (_lock)
        {
            if (_delta.Count == 0)
            {
                return null;
            }

            var row = new MetricRow
            {
                At = minute, Name = name, Labels = labels, Count = _delta.Count, Sum = _delta.Sum, Max = _delta.Max,
                Buckets = kind == MetricKind.Histogram ? MetricRow.Format(_deltaBuckets) : null,
            };
            _delta = default;
            Array.Clear(_deltaBuckets);
            return row;
        }
    }
}

/// <summary>Listens to the program's meters and aggregates their measurements.</summary>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>More than the program has routes. Beyond this, new series are counted together.</summary>
    private const int MaxSeries = 600;

    private readonly ConcurrentDictionary<(string Name, string Labels), MetricSeries> _series = new();
    private readonly MeterListener _listener = new();

    public MetricCollector(IMeterFactory meters, WriterQueue writer, OpenConnections connections)
    {
        // The factory scopes the meter to this program: another one may run in the same process.
        var meter = meters.Create(CatalogizerMeter.Name);
        meter.CreateObservableGauge("catalogizer.writer.queue", () => writer.WaitingCount);
        meter.CreateObservableGauge("catalogizer.connections", () => new Measurement<int>[]
        {
            new(connections.Circuits, new KeyValuePair<string, object?>("kind", "circuit")), new(connections.Streams, new KeyValuePair<string, object?>("kind", "stream")),
        });
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if ((instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters)) && FindMapping(instrument) is { } mapping)
            {
                listener.EnableMeasurementEvents(instrument, mapping);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, mapping) => Record(value, tags, mapping));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, mapping) => Record(value, tags, mapping));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, mapping) => Record(value, tags, mapping));
        _listener.Start();
    }

    public IEnumerable<MetricSeries> Series => _series.Values.OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Labels, StringComparer.Ordinal);

    /// <summary>Samples the gauges.</summary>
    public void Sample() => _listener.RecordObservableInstruments();

    /// <summary>Returns all values since the last call and resets them.</summary>
    public IReadOnlyList<MetricRow> Consume(DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return [.. _series.Values.Select(s => s.Consume(minute)).OfType<MetricRow>()];
    }

    public void Dispose() => _listener.Dispose();

    private static InstrumentMapping? FindMapping(Instrument instrument) => (instrument.Meter.Name, instrument.Name) switch
    {
        ("Microsoft.AspNetCore.Hosting", "http.server.request.duration") => new InstrumentMapping(MetricKind.Histogram, Metric.Requests, FormatRequestLabels),
        (CatalogizerMeter.Name, "catalogizer.scan.files") => new InstrumentMapping(MetricKind.Counter, Metric.ScannedFiles, _ => ""),
        (CatalogizerMeter.Name, "catalogizer.writer.wait") => new InstrumentMapping(MetricKind.Histogram, Metric.WriterWait, _ => ""),
        (CatalogizerMeter.Name, "catalogizer.writer.queue") => new InstrumentMapping(MetricKind.Gauge, Metric.WriterQueue, _ => ""),
        (CatalogizerMeter.Name, "catalogizer.connections") => new InstrumentMapping(MetricKind.Gauge, Metric.Connections, tags => $"kind={FindTag(tags, "kind")}"),
        ("System.Runtime", "dotnet.process.memory.working_set") => new InstrumentMapping(MetricKind.Gauge, Metric.Memory, _ => ""),
        _ => null,
    };

    /// <summary>Labels by route and status class; null for connections that stay open, whose duration is not a response time.</summary>
    private static string? FormatRequestLabels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var route = "/" + ((FindTag(tags, "http.route") as string)?.TrimStart('/') ?? "(other)");
        if (route.StartsWith("/_blazor", StringComparison.Ordinal) || route == "/api/v1/events")
        {
            return null;
        }

        if (route.StartsWith("/assets/", StringComparison.Ordinal) || route.StartsWith("/_content/", StringComparison.Ordinal) || route.StartsWith("/_framework/", StringComparison.Ordinal))
        {
            route = "/(assets)";
        }

        var status = FindTag(tags, "http.response.status_code") is int code ? code / 100 : 5;
        return string.Create(CultureInfo.InvariantCulture, $"route={route.Replace(';', ',')};status={status}xx");
    }

    private static object? FindTag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
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

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var mapping = (InstrumentMapping)state!;
        if (mapping.Labels(tags) is { } labels)
        {
            var known = _series.TryGetValue((mapping.Name, labels), out var series);
            if (!known && _series.Count >= MaxSeries)
            {
                labels = "";
            }

            series ??= _series.GetOrAdd((mapping.Name, labels), key => new MetricSeries(mapping.Kind, key.Name, key.Labels));
            series.Add(value);
        }
    }

    private delegate string? LabelSelector(ReadOnlySpan<KeyValuePair<string, object?>> tags);

    private sealed record InstrumentMapping(MetricKind Kind, string Name, LabelSelector Labels);
}
