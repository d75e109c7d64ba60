using Catalogizer.Domain.Common;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Caching;

internal static class CachingRegistration
{
    /// <summary>Adds the shared cache if one is set; what uses it does without otherwise.</summary>
    public static IServiceCollection AddSharedCache(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RedisOptions>(configuration);
        return string.IsNullOrWhiteSpace(configuration["Catalogizer:Redis:ConnectionString"]) ? services : services.AddSingleton<IDistributedCache, RedisCache>();
    }
}
