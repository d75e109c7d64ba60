using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Common;

public static class SettingsRegistration
{
    /// <summary>Binds an options class to its section; wrong values stop the start, all listed.</summary>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, IConfiguration configuration)
        where TOptions : class
    {
        var section = typeof(TOptions).GetCustomAttribute<SettingsSectionAttribute>()?.Path
            ?? throw new InvalidOperationException($"{typeof(TOptions).Name} names no settings section.");
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
