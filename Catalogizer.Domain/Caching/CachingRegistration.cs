using Catalogizer.Domain.Common;
using Catalogizer.Domain.Operations.Health;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Caching;

internal static class CachingRegistration
{
    /// <summary>Adds the Redis server from the settings as the shared cache, with its health check.</summary>
    internal static IServiceCollection AddRedis(this IServiceCollection services) => services
        .AddSingleton<IDistributedCache, RedisCache>()
        .AddHealthCheck<SharedCache>(
            "cache", "Shared cache", "See whether the Redis server of the settings runs and can be reached from here. Nothing is lost: the catalogue goes on without it.",
            (cache, cancellation) => cache.CheckAsync(cancellation), isLive: true, gracePeriod: HealthCheck.ExternalGracePeriod, retry: (cache, cancellation) => cache.CheckAsync(cancellation));

    /// <summary>Adds the shared cache if one is configured; otherwise its users work without it.</summary>
    public static IServiceCollection AddSharedCache(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RedisOptions>(configuration).AddSingleton<SharedCache>();
        return string.IsNullOrWhiteSpace(configuration["Catalogizer:Redis:ConnectionString"]) ? services : services.AddRedis();
    }
}
