using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;

namespace Catalogizer.Web.Hosting;

/// <summary>Loads the settings.</summary>
internal static class Settings
{
    /// <summary>The base of relative folders: CATALOGIZER_HOME, or the current folder.</summary>
    public static string Home => Environment.GetEnvironmentVariable("CATALOGIZER_HOME") is { Length: > 0 } home ? home : Environment.CurrentDirectory;

    /// <summary>In ascending priority: the built-in defaults, appsettings.json in the home folder, environment variables, arguments.</summary>
    public static void Load(ConfigurationManager configuration, string[] arguments)
    {
        configuration.AddJsonFile(Path.Combine(Path.GetFullPath(Home), DataDirectory.SettingsFile), optional: true, reloadOnChange: false);
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(arguments);
    }

    /// <summary>The storage settings, which are needed before everything else.</summary>
    /// <exception cref="StartupException">A setting has an invalid value.</exception>
    public static StorageOptions LoadStorageOptions(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection("Catalogizer").Get<StorageOptions>() ?? new StorageOptions();
        }
        catch (InvalidOperationException exception)
        {
            throw new StartupException($"A setting cannot be used: {exception.Message}", exception);
        }
    }
}
