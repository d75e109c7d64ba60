using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Common;

public static class SettingsRegistration
{
    /// <summary>Binds an options class to its section. Invalid values stop the start, with all of them listed.</summary>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, IConfiguration configuration)
        where TOptions : class
    {
        var section = typeof(TOptions).GetCustomAttribute<SettingsSectionAttribute>()?.Path
            ?? throw new InvalidOperationException($"{typeof(TOptions).Name} names no settings section.");
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section));
        services.AddSingleton<IValidateOptions<TOptions>>(new SettingsValidator<TOptions>(section));
        services.AddSingleton<SettingsCheck>(provider => new SettingsCheck(section, () => _ = provider.GetRequiredService<IOptions<TOptions>>().Value));
        return services;
    }

    /// <summary>Reads every setting once to validate it.</summary>
    /// <exception cref="StartupException">Some settings are invalid; the message lists all of them.</exception>
    public static void CheckSettings(this IServiceProvider services)
    {
        var problems = services.GetServices<SettingsCheck>().SelectMany(check => check.FindProblems()).ToList();
        if (problems.Count > 0)
        {
            throw new StartupException("Some settings cannot be used:" + string.Concat(problems.Select(p => $"{Environment.NewLine}- {p}")));
        }
    }

    /// <summary>Prefixes each problem with the full name of the setting.</summary>
    private sealed class SettingsValidator<TOptions>(string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var problems = new List<ValidationResult>();
            return Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(problems.Select(p => $"{section}:{string.Join(", ", p.MemberNames)}: {p.ErrorMessage}"));
        }
    }

    private sealed class SettingsCheck(string section, Action read)
    {
        public IEnumerable<string> FindProblems()
        {
            try
            {
                read();
                return [];
            }
            catch (OptionsValidationException exception)
            {
                return exception.Failures;
            }
            catch (InvalidOperationException exception)
            {
                return [$"{section}: {exception.Message}"];    // the value does not convert to the setting's type
            }
        }
    }
}
