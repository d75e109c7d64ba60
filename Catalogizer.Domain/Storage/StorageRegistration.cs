using System.Xml.Linq;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Storage;
using Catalogizer.Domain.Sources.Caching;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Storage;

public static class StorageRegistration
{
    /// <summary>Adds the catalogue's database, opened and migrated, and the services that read and write it.</summary>
    /// <exception cref="StartupException">The key is wrong, or the file cannot be opened or migrated.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, DataDirectory data, string passphrase)
    {
        var file = SqliteFile.Open(data.Database, passphrase);
        CatalogDatabase.Migrate(file);
        // Registered by factories, so that the container disposes of them in the reverse order of their creation: the lock last.
        services.AddSingleton(_ => data);
        services.AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<DataDirectory>();
            return file;
        });
        services.AddSingleton<WriterQueue>();
        services.AddSingleton<IDbContextFactory<CatalogDbContext>, CatalogDbContextFactory>();
        services.AddSingleton<IOfflineEntryStore>(_ => new OfflineEntryStore(data.CacheDatabase, passphrase));
        services.AddSingleton<Metadata.Imdb.IImdbTitleStore>(_ => new ImdbTitleStore(data.ImdbDatabase, passphrase));
        services.AddSingleton(provider => new CatalogBackup(data, passphrase, provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>().CreateDbContext());

        services.AddDataProtection().SetApplicationName("Catalogizer");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, DataProtectionKeyStore>();
        return services;
    }

    /// <summary>Stores Data Protection's keys in the encrypted database instead of next to it.</summary>
    private sealed class DataProtectionKeyStore(IDbContextFactory<CatalogDbContext> contexts) : IConfigureOptions<KeyManagementOptions>, IXmlRepository
    {
        private const string Prefix = "dataProtection:";

        public void Configure(KeyManagementOptions options) => options.XmlRepository = this;

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            using var db = contexts.CreateDbContext();
            return [.. db.Settings.AsNoTracking().Where(s => s.Key.StartsWith(Prefix)).Select(s => s.Value).AsEnumerable().Select(XElement.Parse)];
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            // Data Protection's interface is synchronous; it is called a few times a year, never on a circuit.
            Task.Run(async () =>
            {
                await using var db = await contexts.CreateDbContextAsync();
                db.Settings.Add(new Setting { Key = Prefix + friendlyName, Value = element.ToString(SaveOptions.DisableFormatting) });
                await db.SaveChangesAsync();
            }).GetAwaiter().GetResult();
        }
    }
}
