using Catalogizer.Domain.Common;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Operations.Metrics;

public static class MetricsRegistration
{
    /// <summary>Registers what measures the program while it is serving.</summary>
    public static IServiceCollection AddCatalogMetrics(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<OpenConnections>()
        .AddSingleton<MetricCollector>()
        .AddSingleton(provider => new PrometheusText(provider.GetRequiredService<MetricCollector>()))
        .AddSingleton<MetricsService>()
        .AddSingleton<MetricRecorder>()
        .AddHostedService(provider => provider.GetRequiredService<MetricRecorder>());
}
