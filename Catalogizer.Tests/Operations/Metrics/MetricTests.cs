using System.Diagnostics.Metrics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Tests.Operations.Metrics;

/// <summary>Metrics, from the meter to the rows of an encrypted catalogue.</summary>
public sealed class MetricTests : IAsyncDisposable
{
    private static readonly Actor Anna = new(7, "anna", Permission.All);
    private readonly ManualTime _time = new();
    private readonly TestCatalog _catalog;

    public MetricTests() => _catalog = new TestCatalog(_time);

    private MetricRecorder Recorder => _catalog.Services.GetRequiredService<MetricRecorder>();

    private MetricsService Metrics => _catalog.Services.GetRequiredService<MetricsService>();

    private Histogram<double> RequestDuration => _requestDuration ??= _catalog.Services.GetRequiredService<IMeterFactory>().Create("Microsoft.AspNetCore.Hosting").CreateHistogram<double>("http.server.request.duration");

    private Histogram<double>? _requestDuration;

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Fact]
    public async Task Write_MinuteAfterMinute_IsKeptByMinuteHourAndDay()
    {
        _ = Recorder;
        for (var minute = 0; minute < 3; minute++)
        {
            RecordRequest(.02, "/library", 200);
            RecordRequest(.2, "/library", 200);
            RecordRequest(.004, "/api/v1/media", 500);
            await Recorder.WriteAsync(default);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["0|3|9", "1|1|9", "2|1|9"], _catalog.QueryRows("SELECT period, count(DISTINCT at), sum(count) FROM performance_metrics WHERE name = 'request_duration' GROUP BY period"));
        foreach (var range in Enum.GetValues<MetricRange>())
        {
            var report = await Metrics.ReadAsync(Anna, range, default);
            Assert.Equal((9, 3), (report.Total.Requests, report.Total.Errors));
            Assert.Equal(["/library", "/api/v1/media"], report.Routes.Select(r => r.Route));
            Assert.InRange(report.Routes[0].P99!.Value, 100, 250);
        }
    }

    [Fact]
    public void EstimatePercentile_Values_LieInTheirRange()
    {
        var buckets = new long[Metric.BucketBounds.Count + 1];
        (buckets[3], buckets[7], buckets[^1]) = (90, 9, 1);    // 5–10 ms, 100–250 ms, above the last bound

        Assert.InRange(Metric.EstimatePercentile(buckets, .5)!.Value, .005, .01);
        Assert.InRange(Metric.EstimatePercentile(buckets, .95)!.Value, .1, .25);
        Assert.Equal(30, Metric.EstimatePercentile(buckets, 1));
        Assert.Null(Metric.EstimatePercentile(new long[buckets.Length], .5));
    }

    [Fact]
    public async Task Connections_OpenAndClose_AreALevel()
    {
        var connections = _catalog.Services.GetRequiredService<OpenConnections>();
        connections.AddCircuit();
        var stream = connections.OpenStream();
        await Recorder.WriteAsync(default);
        var during = (await Metrics.ReadAsync(Anna, MetricRange.Hour, default)).Points[^1].Connections;
        connections.RemoveCircuit();
        stream.Dispose();
        stream.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        await Recorder.WriteAsync(default);

        Assert.Equal(2, during);
        Assert.Equal(0, (await Metrics.ReadAsync(Anna, MetricRange.Hour, default)).Points[^1].Connections);
    }

    [Fact]
    public async Task Scan_OfASource_CountsItsFiles()
    {
        _ = Recorder;
        _catalog.Write("A Film (2001).mkv");
        _catalog.Write("B Film (2002).mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await Recorder.WriteAsync(default);

        // Other tests in the same process scan, too.
        Assert.True((await Metrics.ReadAsync(Anna, MetricRange.Hour, default)).Total.ScannedFiles >= 2);
        var text = _catalog.Services.GetRequiredService<PrometheusText>().Write();
        Assert.Contains("# TYPE catalogizer_scan_files_total counter", text, StringComparison.Ordinal);
        Assert.Contains("catalogizer_writer_wait_seconds_bucket{le=\"+Inf\"}", text, StringComparison.Ordinal);
        Assert.Contains("catalogizer_writer_queue 0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Prometheus_Requests_AreAHistogramByRouteAndStatus()
    {
        _ = Recorder;
        RecordRequest(.02, "/library", 200);
        RecordRequest(.2, "/library", 200);
        RecordRequest(.2, "/library", 503);
        RecordRequest(3600, "/_blazor", 101);

        var text = _catalog.Services.GetRequiredService<PrometheusText>().Write();

        Assert.Contains("catalogizer_request_duration_seconds_bucket{route=\"/library\",status=\"2xx\",le=\"0.025\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("catalogizer_request_duration_seconds_bucket{route=\"/library\",status=\"2xx\",le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("catalogizer_request_duration_seconds_count{route=\"/library\",status=\"2xx\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("catalogizer_requests_total{route=\"/library\",status=\"5xx\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("catalogizer_request_errors_total 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_blazor", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retention_OldMeasuresErrorsScansAndSignIns_Go()
    {
        _ = Recorder;
        RecordRequest(.02, "/library", 200);
        await Recorder.WriteAsync(default);
        await LogErrorAsync();
        var source = await _catalog.AddSourceAsync();
        for (var i = 0; i < RetentionService.MinScansPerSource + 5; i++)
        {
            await _catalog.ScanAsync(source.Id);
        }

        _time.Advance(TimeSpan.FromDays(3));
        await RetainAsync();
        Assert.Equal(["1", "2"], _catalog.QueryRows("SELECT DISTINCT period FROM performance_metrics ORDER BY period"));
        _time.Advance(TimeSpan.FromDays(200));
        Assert.Contains("5 old scans", await RetainAsync(), StringComparison.Ordinal);
        Assert.Equal(["2"], _catalog.QueryRows("SELECT DISTINCT period FROM performance_metrics"));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM error_logs"));
        Assert.Equal(RetentionService.MinScansPerSource, _catalog.Count("SELECT count(*) FROM scans"));
    }

    /// <summary>Logs an error, and waits until it is saved.</summary>
    private async Task LogErrorAsync()
    {
        _catalog.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Catalogizer.Domain.Scanning.ScanService").LogError("The scan failed");
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(catalogEvent => catalogEvent is ErrorLogChanged);
        await using var batches = subscription.ReadAsync(TimeSpan.Zero, default).GetAsyncEnumerator();
        using var writer = ActivatorUtilities.CreateInstance<ErrorWriter>(_catalog.Services);
        await writer.StartAsync(default);
        Assert.True(await batches.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        await writer.StopAsync(default);
        Assert.Equal(1, _catalog.Count("SELECT count(*) FROM error_logs"));
    }

    private Task<string> RetainAsync() => _catalog.Services.GetRequiredService<RetentionService>().RunAsync(null, default);

    private void RecordRequest(double seconds, string route, int status) =>
        RequestDuration.Record(seconds, new("http.route", route), new("http.response.status_code", status), new("http.request.method", "GET"));
}
