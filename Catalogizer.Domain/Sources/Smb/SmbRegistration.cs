using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Sources.Smb;

internal static class SmbRegistration
{
    public static IServiceCollection AddSmb(this IServiceCollection services)
    {
        services.AddSingleton<SmbPasswords>();
        services.AddSingleton<ResilientSmbManager>();
        services.AddSingleton<ISourceProtocol, SmbProtocol>();
        return services;
    }
}
