using System.Collections.Concurrent;
using System.Globalization;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Tests.Scanning;

/// <summary>What a scan logs about media, as docs/operating.md describes.</summary>
public sealed class ScanLogTests : IAsyncLifetime
{
    private readonly LineCollector _lines = new();
    private readonly TestCatalog _catalog;

    public ScanLogTests() => _catalog = new TestCatalog(configureServices: services =>
        services.AddLogging(logging => logging.AddProvider(_lines).AddFilter(typeof(ScanRun).FullName, LogLevel.Information)));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Scan_AFewFiles_LogsEachCopyByItsTitleWithItsOwnTime()
    {
        _catalog.Write("Films/Quiet Water (2001) 1080p.mkv");
        _catalog.Write("Films/Quiet Water (2001) 1080p.srt");
        _catalog.Write("TV/Some Show/Season 01/Some Show S01E01 720p.mkv");
        _catalog.Write("TV/Some Show/Season 01/Some Show S01E02 - The Harbor 720p.mkv", new string('x', 5000));
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        Assert.Equal(["Quiet Water|movie|34", "Some Show S01E01|tv_show|48", "The Harbor|tv_show|5000"], _lines.FindWithField("title").Select(f => $"{f["title"]}|{f["type"]}|{f["file_size"]}").Order());
        Assert.Equal(3, _lines.FindWithField("title").Select(f => f["processing_time"]).Distinct().Count());
        Assert.All(_lines.FindWithField("title"), f => Assert.True((double)f["processing_time"]! > 0));
    }

    [Fact]
    public async Task Scan_FirstOfThousands_LogsTheLaterOnesByBatches()
    {
        const int films = 7_000;
        for (var i = 0; i < films; i++)
        {
            _catalog.Write(string.Create(CultureInfo.InvariantCulture, $"{i / 100}/Film {i} (2001).mkv"), "");
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        var (named, batches) = (_lines.FindWithField("title").Count(), _lines.FindWithField("saving_time").ToList());
        Assert.InRange(named, 4_000, 6_000);
        Assert.Equal(films, named + batches.Sum(f => (int)f["count"]!));
        Assert.All(batches, f => Assert.True((double)f["saving_time"]! > 0));
    }

    /// <summary>Collects the named values of each line.</summary>
    private sealed class LineCollector : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<Dictionary<string, object?>> _lines = [];

        public IEnumerable<Dictionary<string, object?>> FindWithField(string field) => _lines.Where(line => line.ContainsKey(field));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is IReadOnlyList<KeyValuePair<string, object?>> fields)
            {
                _lines.Enqueue(fields.ToDictionary(f => f.Key, f => f.Value));
            }
        }

        public void Dispose()
        {
        }
    }
}
