using Catalogizer.Domain.Common;
using Catalogizer.Domain.Quality.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Quality;

internal static class QualityRegistration
{
    public static IServiceCollection AddQuality(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<QualityOptions>(configuration)
        .AddSingleton<IQualityStore, QualityStore>()
        .AddSingleton<Ffprobe>()
        .AddSingleton<RangeEndpoint>()
        .AddSingleton<MediaProbe>()
        .AddSingleton<Rescoring>()
        .AddSingleton<QualityAnalysis>()
        .AddSingleton<PriorityAnalysis>()
        .AddHostedService(provider => provider.GetRequiredService<PriorityAnalysis>())
        .AddSingleton<FailedAnalyses>()
        .AddSingleton<VersionQuality>();
}
