using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Duplicates;

internal static class DuplicatesRegistration
{
    public static IServiceCollection AddDuplicates(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<DuplicateOptions>(configuration)
        .AddSingleton<IDuplicateStore, DuplicateStore>()
        .AddSingleton<FingerprintService>()
        .AddSingleton<DuplicateService>();
}
