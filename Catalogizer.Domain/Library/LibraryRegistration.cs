using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Library;

internal static class LibraryRegistration
{
    public static IServiceCollection AddLibrary(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MediaQueryValidator(provider.GetRequiredService<IOptions<SearchOptions>>().Value, provider.GetRequiredService<ICatalogReader>()));
        services.AddSingleton<CatalogReader>();
        services.AddSingleton<ICatalogReader>(provider => provider.GetRequiredService<CatalogReader>());
        services.AddSingleton<IFolderReader>(provider => provider.GetRequiredService<CatalogReader>());
        services.AddSingleton<ISourceFileCounter>(provider => provider.GetRequiredService<CatalogReader>());
        services.AddSingleton<IItemEditStore, ItemEditStore>();
        services.AddSingleton<IItemMergeStore, ItemMergeStore>();
        services.AddSingleton(provider => new SortTitles(provider.GetRequiredService<SqliteFile>(), provider.GetRequiredService<WriterQueue>()));
        services.AddSingleton<MediaService>();
        services.AddSingleton<ItemMergeService>();
        return services;
    }
}
