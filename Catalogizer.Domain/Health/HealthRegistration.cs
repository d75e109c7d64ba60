using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Health;

public static class HealthRegistration
{
    /// <summary>Adds what looks whether the program can do its work.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<IntegrityCheck>()
        .AddSingleton<HealthChecker>()
        .AddSingleton<HealthService>()
        .AddHostedService<HealthCheckRunner>()
        .AddSingleton<Doctor>()
        .AddBuiltInHealthChecks();
}
