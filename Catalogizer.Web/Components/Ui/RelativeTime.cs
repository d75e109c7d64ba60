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

        return time <= now ? Span(apart) + " ago" : "in " + Span(apart);
    }

    /// <summary>A length of time in its largest unit: "9 days".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 59.5 } => Count(span.TotalMinutes, "minute"),
        { TotalHours: < 23.5 } => Count(span.TotalHours, "hour"),
        { TotalDays: < 29.5 } => Count(span.TotalDays, "day"),
        { TotalDays: < 364 } => Count(span.TotalDays / 30.4, "month"),
        _ => Count(span.TotalDays / 365.25, "year"),
    };

    private static string Count(double amount, string unit)
    {
        var whole = Math.Max(1, (int)Math.Round(amount));
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? "" : "s")}");
    }
}
