using Catalogizer.Domain.Library.Merging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Library;

internal static class MediaRegistration
{
    public static IServiceCollection AddMedia(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MediaQueryValidator(provider.GetRequiredService<IOptions<SearchOptions>>().Value, provider.GetRequiredService<ICatalogReader>()));
        services.AddSingleton<MediaService>();
        services.AddSingleton<ItemMergeService>();
        return services;
    }
}
