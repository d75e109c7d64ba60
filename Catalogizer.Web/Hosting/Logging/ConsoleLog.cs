using Catalogizer.Domain.Common;
using Microsoft.Extensions.Logging.Console;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>The log on the console, without secrets, as text for people or JSON for programs.</summary>
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
        builder.Logging.AddConsole(options => options.FormatterName = json ? JsonLogFormatter.FormatterName : TextLogFormatter.FormatterName);
        builder.Services.AddSingleton<DiskFailureThrottle>();
        builder.Logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddConsoleFormatter<TextLogFormatter, ConsoleFormatterOptions>();
    }

    public static string FormatLevel(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
