using Catalogizer.Domain;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Bench.Rig;

/// <summary>A scanned catalogue opened in this process: the services that pages use, without the web server.</summary>
internal sealed class BenchCatalog : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private BenchCatalog(ServiceProvider services) => _services = services;

    public MediaService Media => _services.GetRequiredService<MediaService>();

    public SqliteFile File => _services.GetRequiredService<SqliteFile>();

    /// <summary>The data folder of a tree scanned by this build of the app; scans it first if needed.</summary>
    public static async Task<string> GetOrScanAsync(PublishedApp app, MediaTree tree)
    {
        var folder = Directory.CreateDirectory(BenchFolder.PathOf("catalogues")).FullName;
        var name = $"{Path.GetFileName(Path.GetDirectoryName(app.AssemblyPath))}-{tree.FileCount}";
        var data = Path.Combine(folder, name);
        if (!System.IO.File.Exists(Path.Combine(data, "finished")))
        {
            // Catalogues of earlier builds are no longer needed.
            foreach (var old in Directory.GetDirectories(folder, $"*-{tree.FileCount}"))
            {
                Directory.Delete(old, recursive: true);
            }

            await app.ScanAsync(tree.Path, Directory.CreateDirectory(data).FullName);
            await System.IO.File.WriteAllTextAsync(Path.Combine(data, "finished"), "");
        }

        return data;
    }

    /// <summary>A copy that may be changed.</summary>
    public static async Task<string> CopyAsync(string data, string name)
    {
        var copy = BenchFolder.CreateEmpty(name);
        await ProcessRunner.RunAsync("cp", ["-a", $"{data}/.", copy]);
        return copy;
    }

    public static BenchCatalog Open(string data)
    {
        var configuration = new ConfigurationBuilder().Build();
        return new BenchCatalog(new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddStorage(DataDirectory.Open(new StorageOptions { DataDirectory = data }, data), PublishedApp.Passphrase)
            .AddDomain(configuration)
            .BuildServiceProvider());
    }

    /// <summary>Returns a single integer from the database.</summary>
    public long QueryInt64(string sql)
    {
        using var connection = File.OpenConnection(readOnly: true);
        using var row = new Statement(connection, sql);
        return row.Read() ? row.Int64(0) : throw new InvalidOperationException($"No answer to {sql}");
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
