using Catalogizer.Domain.Sources.Caching;
using Catalogizer.Domain.Sources.Local;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Sources.Smb;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Sources;

internal static class SourcesRegistration
{
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.AddSingleton<OwnFiles>();
        services.AddSingleton<ISourceProtocol, LocalProtocol>();
        services.AddSmb();
        services.AddSingleton<SourceStates>();
        services.AddSingleton<SourceConnectors>();
        services.AddSingleton<OfflineCache>();
        services.AddSingleton<SourceDrafts>();
        services.AddSingleton<SourceService>();
        services.AddSingleton<SourceRemoval>();
        services.AddSingleton<SourceTimeline>();
        services.AddSingleton<SourcesAnswer>();
        services.AddSingleton<SourceOutages>();
        services.AddSingleton<SourceAlerts>();
        services.AddHostedService<AlertWebhook>();
        services.AddSingleton<SourceKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<SourceKeeper>());
        services.AddSingleton<SourceTrials>();
        services.AddSingleton<SourceFolders>();
        services.AddHostedService<DeclaredSources>();
        return services;
    }
}
