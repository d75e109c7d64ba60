using Catalogizer.Domain;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Catalogizer.Jobs;
using Catalogizer.Web.Hosting;

namespace Catalogizer.Web.Commands;

/// <summary>The catalogue as the verbs use it: settings, the data folder with its lock, and the domain, without a server.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private CommandHost(DataDirectory data, ServiceProvider services) => (Data, _services) = (data, services);

    public DataDirectory Data { get; }

    /// <exception cref="StartupException">A server holds the data folder, or something must be put right first.</exception>
    public static async Task<CommandHost> OpenAsync()
    {
        var configuration = new ConfigurationManager();
        Settings.Load(configuration, []);
        var options = Settings.LoadStorageOptions(configuration);
        var data = DataDirectory.Open(options, Settings.Home);
        try
        {
            data.AcquireLock();
            var key = DatabaseKey.GetOrCreate(options, data, Settings.Home, out var madeKey);
            if (madeKey is not null)
            {
                await Console.Error.WriteLineAsync($"A database key was made at {madeKey}. Back it up apart from the data: without it the catalogue cannot be opened.");
            }

            var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton<IConfiguration>(configuration)
                .AddStorage(data, key)
                .AddDomain(configuration)
                .AddJobs(data, key)
                .AddAccounts(configuration)
                .BuildServiceProvider();
            services.CheckSettings();

            // A scan that was killed may have left indexes and counters behind its rows.
            await services.GetRequiredService<IScanStore>().EndBulkLoadAsync(CancellationToken.None);

            // What this program puts into an empty catalogue needs no reading again.
            await services.GetRequiredService<Redetection>().IsDueAsync(CancellationToken.None);
            return new CommandHost(data, services);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public T GetRequired<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Data.Dispose();
    }
}
