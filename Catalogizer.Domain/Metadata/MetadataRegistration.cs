using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Health;

namespace Catalogizer.Domain.Metadata;

internal static class MetadataRegistration
{
    public static IServiceCollection AddMetadata(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MetadataOptions>(configuration);
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<ProviderSettings>();
        services.AddSingleton<ProviderChannels>();
        services.AddSingleton<ProviderManager>();
        services.AddSingleton<Imdb.ImdbImport>();
        services.AddSingleton<ArtworkStore>();
        services.AddSingleton<Enricher>();
        services.AddSingleton<MetadataService>();
        services.AddSingleton<ProviderAdministration>();
        services.AddSingleton<SeriesGaps>();
        services.AddSingleton<Nfo.NfoReading>();
        services.AddSingleton<Pictures.OwnPictures>();
        services.AddSingleton<ProvidersAnswer>();
        services.AddHealthCheck<ProvidersAnswer>(
            "providers", "Providers", "See the providers: each says why it does not answer and when it is asked again. What was told before is shown meanwhile.",
            (answer, _) => Task.FromResult(answer.Look()), isLive: true, patience: HealthCheck.PassingTrouble, retry: (answer, cancellation) => answer.RetryAsync(cancellation));
        return services;
    }
}
