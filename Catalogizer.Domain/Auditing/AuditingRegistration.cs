using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Auditing;

public static class AuditingRegistration
{
    public static IServiceCollection AddAuditing(this IServiceCollection services) => services
        .AddSingleton<ISaveChangesInterceptor, AuditNameInterceptor>()
        .AddSingleton<AuditLog>()
        .AddSingleton<AuditReader>()
        .AddSingleton<DeniedRequestLog>()
        .AddHostedService(provider => provider.GetRequiredService<DeniedRequestLog>());
}
