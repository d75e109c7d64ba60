using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Metadata.Storage;
using Catalogizer.Domain.Operations.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Metadata;

internal static class MetadataRegistration
{
    public static IServiceCollection AddMetadata(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MetadataOptions>(configuration);
        services.AddSingleton<IMatchStore, MatchStore>();
        services.AddSingleton<INfoFileStore, NfoFileStore>();
        services.AddSingleton<IItemArtworkStore, ItemArtworkStore>();
        services.AddSingleton<IProviderResponseStore, ProviderResponseStore>();
        services.AddSingleton<ProviderHttpClients>();
        services.AddSingleton<ProviderResponseCache>();
        services.AddSingleton<ProviderSettings>();
        services.AddSingleton<ProviderChannelFactory>();
        services.AddSingleton<ProviderManager>();
        services.AddSingleton<Imdb.ImdbImport>();
        services.AddSingleton<ArtworkStore>();
        services.AddSingleton<Enricher>();
        services.AddSingleton<MetadataService>();
        services.AddSingleton<ProviderAdministration>();
        services.AddSingleton<SeriesGaps>();
        services.AddSingleton<NfoReader>();
        services.AddSingleton<LocalArtwork>();
        services.AddSingleton<ProvidersHealthCheck>();
        services.AddHealthCheck<ProvidersHealthCheck>(
            "providers", "Providers", "See the providers: each says why it does not answer and when it is asked again. What was told before is shown meanwhile.",
            (check, _) => Task.FromResult(check.Check()), isLive: true, gracePeriod: HealthCheck.ExternalGracePeriod, retry: (check, cancellation) => check.RetryAsync(cancellation));
        return services;
    }
}
