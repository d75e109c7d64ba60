using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>How a line of the log is written.</summary>
public enum LogFormat
{
    /// <summary>Json in a container, Text elsewhere.</summary>
    Auto,
    Text,
    Json,
}

/// <summary>The log on the console.</summary>
[SettingsSection("Catalogizer:Logging")]
public sealed class LogOptions
{
    /// <summary>Text for people, Json (a line each) for programs. Default: Auto.</summary>
    public LogFormat Format { get; set; } = LogFormat.Auto;
}
