using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Auditing;

public static class AuditingRegistration
{
    public static IServiceCollection AddAuditing(this IServiceCollection services) => services.AddSingleton<AuditLog>().AddSingleton<AuditReader>()
        .AddSingleton<Refusals>().AddHostedService(provider => provider.GetRequiredService<Refusals>());
}
