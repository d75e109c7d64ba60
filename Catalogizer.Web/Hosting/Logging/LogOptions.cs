using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>The format of a log line.</summary>
public enum LogFormat
{
    /// <summary>Json in a container, Text elsewhere.</summary>
    Auto,
    Text,
    Json,
}

/// <summary>Settings of the log on the console.</summary>
[SettingsSection("Catalogizer:Logging")]
public sealed class LogOptions
{
    /// <summary>Text for people, Json (one object per line) for programs. Default: Auto.</summary>
    public LogFormat Format { get; set; } = LogFormat.Auto;
}
