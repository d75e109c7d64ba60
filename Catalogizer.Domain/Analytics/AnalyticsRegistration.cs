using Catalogizer.Domain.Analytics.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Analytics;

internal static class AnalyticsRegistration
{
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddSingleton<ISnapshotStore, SnapshotStore>()
        .AddSingleton<AnalyticsService>();
}
