using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Metrics;

public static class MetricsRegistration
{
    /// <summary>Adds what measures the program while it serves.</summary>
    public static IServiceCollection AddMeasures(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<OpenConnections>()
        .AddSingleton<MetricCollector>()
        .AddSingleton(provider => new PrometheusText(provider.GetRequiredService<MetricCollector>()))
        .AddSingleton<MetricsService>()
        .AddSingleton<MetricKeeper>()
        .AddHostedService(provider => provider.GetRequiredService<MetricKeeper>());
}
