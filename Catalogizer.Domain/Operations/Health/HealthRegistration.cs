using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Operations.Health;

public static class HealthRegistration
{
    /// <summary>Registers the health checks and the doctor.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<IStorageCheck, StorageCheck>()
        .AddSingleton<IntegrityCheck>()
        .AddSingleton<HealthChecker>()
        .AddSingleton<HealthService>()
        .AddHostedService<HealthCheckRunner>()
        .AddSingleton<Doctor>()
        .AddBuiltInHealthChecks();
}
