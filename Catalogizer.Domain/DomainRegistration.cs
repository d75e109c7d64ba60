using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Caching;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Catalogizer.Domain;

/// <summary>Adds every feature of the domain except storage, which is opened first.</summary>
public static class DomainRegistration
{
    public static IServiceCollection AddDomain(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<StorageOptions>(configuration);
        services.AddSettings<ConfiguredSourcesOptions>(configuration);
        services.AddSettings<ScanningOptions>(configuration);
        services.AddSettings<SearchOptions>(configuration);
        services.AddSettings<Sources.Local.LocalOptions>(configuration);
        services.AddSettings<Sources.Smb.SmbOptions>(configuration);
        services.AddSettings<Sources.Caching.OfflineCacheOptions>(configuration);
        services.AddSettings<Sources.Resilience.ResilienceOptions>(configuration);
        services.AddSettings<Sources.Resilience.AlertOptions>(configuration);
        services.AddSettings<MetricsOptions>(configuration);
        services.AddSettings<HealthOptions>(configuration);
        services.AddSharedCache(configuration);
        services.AddSingleton<EventStreamer>();
        services.AddAuditing();
        services.AddErrorLog();
        services.AddCatalogMetrics();
        services.AddHealth();
        services.AddAnalytics();
        // Hosted services stop in reverse order: those that start scans must stop before the one that ends them.
        services.AddScanning();
        services.AddSources();
        services.AddLibrary();
        services.AddQuality(configuration);
        services.AddDuplicates(configuration);
        services.AddMetadata(configuration);
        services.AddRetention(configuration);
        return services;
    }
}
