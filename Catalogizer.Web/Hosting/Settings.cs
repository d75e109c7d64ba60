namespace Catalogizer.Web.Hosting;

/// <summary>Where settings come from.</summary>
internal static class Settings
{
    /// <summary>Where relative folders start: CATALOGIZER_HOME, or the current folder.</summary>
    public static string Home => Environment.GetEnvironmentVariable("CATALOGIZER_HOME") is { Length: > 0 } home ? home : Environment.CurrentDirectory;

    /// <summary>The program's own defaults, then appsettings.json in the home folder, then the environment, then arguments.</summary>
    public static void Read(ConfigurationManager configuration, string[] arguments)
    {
        configuration.AddJsonFile(Path.Combine(Path.GetFullPath(Home), "appsettings.json"), optional: true, reloadOnChange: false);
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(arguments);
    }
}
