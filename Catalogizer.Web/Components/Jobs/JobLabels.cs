using System.Globalization;
using Catalogizer.Jobs;

namespace Catalogizer.Web.Components.Jobs;

/// <summary>Display texts for jobs.</summary>
internal static class JobLabels
{
    /// <summary>Label, icon and tone of a run's state.</summary>
    public static (string Word, string Icon, string Tone) ToDisplay(this JobState state) => state switch
    {
        JobState.Queued => ("waiting", "clock", "quiet"),
        JobState.Running => ("running", "pulse", "primary"),
        JobState.Succeeded => ("done", "present", "ok"),
        JobState.Failed => ("failed", "warning", "danger"),
        _ => ("cancelled", "stop", "quiet"),
    };

    /// <summary>"0.4 s", "12 s", "3 min 5 s", "2 h 10 min".</summary>
    public static string FormatDuration(double? seconds) => seconds switch
    {
        null => "",
        < 0.1 => "< 0.1 s",
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds.Value / 60):0} min {seconds % 60:0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds.Value / 3600):0} h {seconds % 3600 / 60:0} min"),
    };

    /// <summary>For a schedule at the start of a sentence: "Every day at 03:30".</summary>
    public static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    public static JobState? Parse(string? text) =>
        Enum.TryParse<JobState>(text, ignoreCase: true, out var state) && state is JobState.Succeeded or JobState.Failed or JobState.Cancelled ? state : null;
}
