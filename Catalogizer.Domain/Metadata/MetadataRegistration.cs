using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

internal static class MetadataRegistration
{
    public static IServiceCollection AddMetadata(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MetadataOptions>(configuration);
        services.AddSingleton<ProviderManager>();
        services.AddSingleton<ArtworkStore>();
        services.AddSingleton<Enricher>();
        services.AddSingleton<MetadataService>();
        return services;
    }
}
