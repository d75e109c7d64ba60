using Catalogizer.Domain;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Tests.Support;

/// <summary>The whole domain over a real encrypted catalogue and a real folder, without the web application.</summary>
internal sealed class TestCatalog : IAsyncDisposable
{
    /// <summary>The key of its databases, for processes that also open them. A raw key, because deriving one costs 25 ms per file.</summary>
    public const string Key = "x'746865206b6579206f66206120746573742773206f776e20636174616c6f6775'";

    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;
    private readonly Action<IServiceCollection>? _configureServices;
    private ServiceProvider? _services;

    /// <param name="home">A folder with a catalogue in it, which is kept; null for a new one, deleted with the test.</param>
    /// <param name="configureServices">Changes the services of the domain.</param>
    public TestCatalog(TimeProvider? time = null, TemporaryFolder? home = null, Action<IServiceCollection>? configureServices = null)
    {
        (Time, _folder, _ownsFolder, _configureServices) = (time ?? TimeProvider.System, home ?? new TemporaryFolder(), home is null, configureServices);
        Directory.CreateDirectory(Root);
        if (!File.Exists(DatabasePath))
        {
            TemplateCatalog.CopyTo(DatabasePath);
        }

        Open();
    }

    /// <summary>The folder of the sources.</summary>
    public string Root => _folder.PathOf("media");

    public TimeProvider Time { get; }

    public IServiceProvider Services => _services!;

    public ScanService Scans => Services.GetRequiredService<ScanService>();

    public SourceService Sources => Services.GetRequiredService<SourceService>();

    public AnalyticsService Analytics => Services.GetRequiredService<AnalyticsService>();

    public MediaService Media => Services.GetRequiredService<MediaService>();

    public string DatabasePath => _folder.PathOf("data/catalogizer.db");

    /// <summary>Writes a media file; its content is its own path unless given.</summary>
    public void Write(string path, string? content = null) => _folder.Write($"media/{path}", content ?? path);

    public void Delete(string path)
    {
        var full = Path.Combine(Root, path);
        if (Directory.Exists(full))
        {
            Directory.Delete(full, recursive: true);
        }
        else
        {
            File.Delete(full);
        }
    }

    public async Task<SourceView> AddSourceAsync(string name = "Films", string? path = null) =>
        (await Sources.AddAsync(Actor.System, new SourceDraft { Name = name, Protocol = "local", Path = path ?? Root }, default)).Value;

    /// <summary>Scans to the end.</summary>
    public async Task<ScanView> ScanAsync(long sourceId, ScanKind? kind = ScanKind.Full)
    {
        var scan = (await Scans.StartAsync(Actor.System, sourceId, kind, default)).Value;
        await Scans.WaitAsync(scan.Id, default);
        return (await Scans.GetAsync(Actor.System, scan.Id, default)).Value;
    }

    public async Task<MediaPage> FindAsync(MediaQuery? query = null) => (await Media.PageAsync(Actor.System, query ?? new MediaQuery { Limit = 200 }, default)).Value;

    public async Task<MediaSummary> FindOneAsync(string title) => Assert.Single((await FindAsync()).Items, i => i.Title == title);

    /// <summary>Gives pages that are rendered alone the services and events of this catalogue.</summary>
    public void AddServicesTo(IServiceCollection pages)
    {
        pages.AddSingleton(Services.GetRequiredService<MediaDetector>()).AddSingleton(Media).AddSingleton(Sources).AddSingleton(Scans).AddSingleton(Analytics);
        pages.AddSingleton(Services.GetRequiredService<SourceProbe>()).AddSingleton(Services.GetRequiredService<SourceRemoval>()).AddSingleton(Services.GetRequiredService<SourceTimeline>());
        pages.AddSingleton(Services.GetRequiredService<SourceOutageStore>()).AddSingleton(Services.GetRequiredService<FailedAnalyses>());
        pages.AddSingleton(Services.GetRequiredService<EventStreamer>());
        pages.AddSingleton(Services.GetRequiredService<MetadataService>());
        pages.AddSingleton(Services.GetRequiredService<ProviderAdministration>());
        pages.AddSingleton(Services.GetRequiredService<SeriesGaps>());
        pages.AddSingleton(Services.GetRequiredService<VersionQuality>()).AddSingleton(Services.GetRequiredService<DuplicateService>());
        pages.AddSingleton(Services.GetRequiredService<ItemMergeService>()).AddSingleton(Services.GetRequiredService<HealthService>());
        pages.AddSingleton(Services.GetRequiredService<BacklogMonitor>());
    }

    /// <summary>Queries the database directly.</summary>
    public long Count(string sql)
    {
        using var connection = Services.GetRequiredService<SqliteFile>().OpenConnection(readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The rows of a query, each as its values separated by '|'.</summary>
    public List<string> QueryRows(string sql)
    {
        using var connection = Services.GetRequiredService<SqliteFile>().OpenConnection(readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    public void Execute(string sql)
    {
        using var connection = Services.GetRequiredService<SqliteFile>().OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Closes everything and opens the same catalogue again.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_ownsFolder)
        {
            _folder.Dispose();
        }
    }

    private void Open()
    {
        var options = new StorageOptions { DataDirectory = _folder.PathOf("data") };
        var data = DataDirectory.Open(options, _folder.Path);
        var configuration = new ConfigurationBuilder().Build();
        var services = new ServiceCollection()
            .AddSingleton(Time)
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddStorage(data, Key)
            .AddDomain(configuration)
            .AddJobs(data, Key);
        _configureServices?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    private ValueTask CloseAsync() => _services!.DisposeAsync();
}
