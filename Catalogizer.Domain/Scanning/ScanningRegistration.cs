using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Scanning;

internal static class ScanningRegistration
{
    public static IServiceCollection AddScanning(this IServiceCollection services)
    {
        services.AddSingleton<MediaDetector>();
        services.AddSingleton<ScanStore>();
        services.AddSingleton<IScanStore>(provider => provider.GetRequiredService<ScanStore>());
        services.AddSingleton<IRedetectionStore, RedetectionStore>();
        services.AddSingleton<SidecarAssignment>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ScanningOptions>>().Value;
            return new ScanServices(
                provider.GetRequiredService<IScanStore>(), provider.GetRequiredService<SidecarAssignment>(), provider.GetRequiredService<MediaDetector>(), new IgnoreList(options.Ignore), options,
                new BulkLoadLock(), provider.GetRequiredService<EventStreamer>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ScanRun>>());
        });
        services.AddSingleton(provider => new ScanService(
            provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>(), provider.GetRequiredService<SourceConnectors>(),
            provider.GetRequiredService<ScanServices>(), provider.GetRequiredService<AuditLog>()));
        services.AddSingleton(provider => new ScanPreview(provider.GetRequiredService<SourceConnectors>(), provider.GetRequiredService<ScanServices>()));
        services.AddSingleton(provider => new Redetection(provider.GetRequiredService<ScanServices>(), provider.GetRequiredService<IRedetectionStore>()));
        services.AddHostedService<ScanRecoveryService>();
        services.AddSingleton(provider => new SourceWatchService(
            provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>(), provider.GetRequiredService<SourceConnectors>(), provider.GetRequiredService<ScanService>(),
            provider.GetRequiredService<ScanServices>(), provider.GetRequiredService<ILogger<SourceWatchService>>()));
        services.AddHostedService(provider => provider.GetRequiredService<SourceWatchService>());
        return services;
    }
}
