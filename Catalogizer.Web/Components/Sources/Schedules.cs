using System.Globalization;

namespace Catalogizer.Web.Components.Sources;

/// <summary>The common schedules of a source's scans, with their cron expressions.</summary>
public static class Schedules
{
    public const string Never = "";
    public const string Hourly = "0 0 * * * ?";
    public const string Daily = "0 0 3 * * ?";
    public const string Weekly = "0 0 3 ? * SUN";
    public const string Custom = "custom";

    public static IReadOnlyList<(string Value, string Label)> Choices { get; } =
    [
        (Never, "Only when asked"),
        (Hourly, "Every hour"),
        (Daily, "Every night at 3"),
        (Weekly, "Every Sunday at 3"),
        (Custom, "Another time…"),
    ];

    /// <summary>The choice for a cron expression; <see cref="Custom"/> if it is none of the common ones.</summary>
    public static string FindChoice(string? cron) => Choices.Any(c => c.Value == (cron ?? Never)) ? cron ?? Never : Custom;

    public static string Describe(string? cron) => FindChoice(string.IsNullOrWhiteSpace(cron) ? null : cron) switch
    {
        Never => "Scanned only when asked",
        Hourly => "Scanned every hour",
        Daily => "Scanned every night",
        Weekly => "Scanned every Sunday",
        _ => string.Create(CultureInfo.InvariantCulture, $"Scanned at “{cron}”"),
    };
}
