using Catalogizer.Domain.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Operations.Retention;

internal static class RetentionRegistration
{
    public static IServiceCollection AddRetention(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<RetentionOptions>(configuration)
        .AddSingleton<IRetentionStore, RetentionStore>()
        .AddSingleton<RetentionService>()
        .AddSingleton<BacklogMonitor>()
        .AddHostedService(provider => provider.GetRequiredService<BacklogMonitor>());
}
