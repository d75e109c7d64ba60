using System.Globalization;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Formats times relative to now: "3 minutes ago", "in 2 hours".</summary>
public static class RelativeTime
{
    public static string Format(DateTimeOffset time, DateTimeOffset now)
    {
        var distance = (time - now).Duration();
        if (distance < TimeSpan.FromSeconds(45))
        {
            return time <= now ? "just now" : "in a moment";
        }

        return time <= now ? FormatDuration(distance) + " ago" : "in " + FormatDuration(distance + HalfUnit(distance));
    }

    /// <summary>The exact time in the server's time zone: "3 November 2026, 14:05".</summary>
    public static string FormatExact(DateTimeOffset time) => time.ToLocalTime().ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A duration in its largest unit, rounded down but at least 1: "9 days".</summary>
    public static string FormatDuration(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => FormatCount(span.TotalSeconds, "second"),
        { TotalHours: < 1 } => FormatCount(span.TotalMinutes, "minute"),
        { TotalDays: < 1 } => FormatCount(span.TotalHours, "hour"),
        { TotalDays: < 30 } => FormatCount(span.TotalDays, "day"),
        { TotalDays: < 365 } => FormatCount(span.TotalDays / 30.4, "month"),
        _ => FormatCount(span.TotalDays / 365.25, "year"),
    };

    /// <summary>Half of the unit in which a duration is shown: times in the future are rounded, not cut off.</summary>
    private static TimeSpan HalfUnit(TimeSpan span) =>
        span < TimeSpan.FromHours(1) ? TimeSpan.FromSeconds(30) : span < TimeSpan.FromDays(1) ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(12);

    private static string FormatCount(double amount, string unit)
    {
        var whole = Math.Max(1, (int)amount);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? "" : "s")}");
    }
}
