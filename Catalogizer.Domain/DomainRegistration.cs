using Catalogizer.Domain.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Catalogizer.Domain;

/// <summary>Adds every feature of the domain except storage, which is opened first.</summary>
public static class DomainRegistration
{
    public static IServiceCollection AddDomain(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EventStreamer>();
        return services;
    }
}
