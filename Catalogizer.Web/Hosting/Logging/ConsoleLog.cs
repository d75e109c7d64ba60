using Catalogizer.Domain.Common;
using Microsoft.Extensions.Logging.Console;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>The log on the console, without secrets, for people or for programs.</summary>
internal static class ConsoleLog
{
    public static void AddConsoleLog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<LogOptions>(builder.Configuration);
        var json = builder.Configuration.GetSection("Catalogizer:Logging:Format").Value switch
        {
            { } format when format.Equals(nameof(LogFormat.Json), StringComparison.OrdinalIgnoreCase) => true,
            { } format when format.Equals(nameof(LogFormat.Text), StringComparison.OrdinalIgnoreCase) => false,
            _ => Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true",
        };
        builder.Logging.AddConsole(options => options.FormatterName = json ? JsonLines.Format : TextLines.Format);
        builder.Services.AddSingleton<DiskFaults>();
        builder.Logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        builder.Logging.AddConsoleFormatter<TextLines, ConsoleFormatterOptions>();
    }

    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
