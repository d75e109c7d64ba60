using Catalogizer.Domain.Sources.Caching;
using Catalogizer.Domain.Sources.Local;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Domain.Sources.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Sources;

internal static class SourcesRegistration
{
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.AddSingleton<ISourceLifecycleStore, SourceLifecycleStore>();
        services.AddSingleton<OwnFiles>();
        services.AddSingleton<ISourceProtocol, LocalProtocol>();
        services.AddSmb();
        services.AddSingleton<CircuitRegistry>();
        services.AddSingleton<SourceConnectors>();
        services.AddSingleton<OfflineCache>();
        services.AddSingleton<SourceDraftValidator>();
        services.AddSingleton<SourceService>();
        services.AddSingleton<SourceRemoval>();
        services.AddSingleton<SourceTimeline>();
        services.AddSingleton<SourcesHealthCheck>();
        services.AddSingleton<SourceOutageStore>();
        services.AddSingleton<SourceAlerts>();
        services.AddHostedService<AlertWebhook>();
        services.AddSingleton<SourceReconnector>();
        services.AddHostedService(provider => provider.GetRequiredService<SourceReconnector>());
        services.AddSingleton<SourceProbe>();
        services.AddSingleton<SourceFolders>();
        services.AddHostedService<ConfiguredSources>();
        return services;
    }
}
