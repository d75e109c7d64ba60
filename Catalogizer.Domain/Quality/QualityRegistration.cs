using Catalogizer.Domain.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Quality;

internal static class QualityRegistration
{
    public static IServiceCollection AddQuality(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<QualityOptions>(configuration)
        .AddSingleton<Ffprobe>()
        .AddSingleton<RangeEndpoint>()
        .AddSingleton<QualityProbe>()
        .AddSingleton<Rescoring>()
        .AddSingleton<QualityAnalysis>()
        .AddSingleton<PreferredCopies>()
        .AddHostedService(provider => provider.GetRequiredService<PreferredCopies>())
        .AddSingleton<FailedAnalyses>()
        .AddSingleton<CopyQuality>();
}
