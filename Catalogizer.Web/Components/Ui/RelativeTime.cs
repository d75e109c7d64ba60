using System.Globalization;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Times as people say them: "3 minutes ago", "in 2 hours".</summary>
public static class RelativeTime
{
    public static string Of(DateTimeOffset time, DateTimeOffset now)
    {
        var apart = (time - now).Duration();
        if (apart < TimeSpan.FromSeconds(45))
        {
            return time <= now ? "just now" : "in a moment";
        }

        return time <= now ? Span(apart) + " ago" : "in " + Span(apart + Half(apart));
    }

    /// <summary>The moment itself, in the server's time zone: "3 November 2026, 14:05".</summary>
    public static string Exact(DateTimeOffset time) => time.ToLocalTime().ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A length of time in its largest unit, of which as many are over: "9 days".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => Count(span.TotalSeconds, "second"),
        { TotalHours: < 1 } => Count(span.TotalMinutes, "minute"),
        { TotalDays: < 1 } => Count(span.TotalHours, "hour"),
        { TotalDays: < 30 } => Count(span.TotalDays, "day"),
        { TotalDays: < 365 } => Count(span.TotalDays / 30.4, "month"),
        _ => Count(span.TotalDays / 365.25, "year"),
    };

    /// <summary>Half of the unit in which a length of time is told: what is to come is rounded.</summary>
    private static TimeSpan Half(TimeSpan span) =>
        span < TimeSpan.FromHours(1) ? TimeSpan.FromSeconds(30) : span < TimeSpan.FromDays(1) ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(12);

    private static string Count(double amount, string unit)
    {
        var whole = Math.Max(1, (int)amount);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? "" : "s")}");
    }
}
