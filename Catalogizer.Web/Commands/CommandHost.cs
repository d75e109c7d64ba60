using Catalogizer.Domain;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Storage;
using Catalogizer.Jobs;
using Catalogizer.Web.Hosting;

namespace Catalogizer.Web.Commands;

/// <summary>The catalogue for the commands: settings, the locked data folder and the domain services, without a server.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private CommandHost(DataDirectory data, ServiceProvider services) => (Data, _services) = (data, services);

    public DataDirectory Data { get; }

    /// <exception cref="StartupException">A server is using the data folder, or something must be corrected first.</exception>
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

            // A killed scan may have left indexes and counters that do not match its rows yet.
            await services.GetRequiredService<IScanStore>().EndBulkLoadAsync(CancellationToken.None);

            // Records the detector's version in an empty catalogue, so that what this command adds is not redetected.
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
