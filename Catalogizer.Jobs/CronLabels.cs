using System.Globalization;
using System.Text.RegularExpressions;

namespace Catalogizer.Jobs;

/// <summary>Describes common cron expressions in plain words.</summary>
public static partial class CronLabels
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>"every day at 03:30", "every 15 minutes"; any other expression is quoted as it is.</summary>
    public static string Describe(string? cron)
    {
        if (string.IsNullOrWhiteSpace(cron))
        {
            return "only when asked";
        }

        var parts = cron.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (parts is ["0", var minute, var hour, var day, "*", var weekday] ? DescribeCommon(minute, hour, day, weekday) : null) ?? $"at “{cron.Trim()}”";
    }

    private static string? DescribeCommon(string minute, string hour, string day, string weekday)
    {
        var everyDay = day is "*" or "?" && weekday is "*" or "?";
        if (everyDay && hour == "*")
        {
            return minute == "*" ? "every minute"
                : ParseStep(minute) is { } minutes ? (minutes == 1 ? "every minute" : $"every {minutes} minutes")
                : ParseNumber(minute) is { } past ? (past == 0 ? "every hour" : string.Create(CultureInfo.InvariantCulture, $"every hour at {past} past"))
                : null;
        }

        if (ParseNumber(minute) is not { } at)
        {
            return null;
        }

        if (everyDay && RangePattern().Match(hour) is { Success: true } range)
        {
            return string.Create(CultureInfo.InvariantCulture, $"every hour from {ParseNumber(range.Groups[1].Value):00}:{at:00} to {ParseNumber(range.Groups[2].Value):00}:{at:00}");
        }

        if (everyDay && ParseStep(hour) is { } hours)
        {
            return hours == 1 ? "every hour" : $"every {hours} hours" + (at == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" at {at} past"));
        }

        return ParseNumber(hour) is { } hourOfDay && DescribeDays(day, weekday) is { } days ? string.Create(CultureInfo.InvariantCulture, $"{days} at {hourOfDay:00}:{at:00}") : null;
    }

    private static string? DescribeDays(string day, string weekday) => (day, weekday) switch
    {
        ("*" or "?", "*" or "?") => "every day",
        ("*" or "?", "MON-FRI" or "2-6") => "on weekdays",
        ("*" or "?", "SAT,SUN" or "7,1" or "1,7" or "SUN,SAT") => "on weekends",
        ("*" or "?", _) when WeekdayName(weekday) is { } name => $"every {name}",
        ("L", "?") => "on the last day of the month",
        (_, "?") when ParseNumber(day) is { } date => string.Create(CultureInfo.InvariantCulture, $"on day {date} of the month"),
        _ => null,
    };

    private static string? WeekdayName(string word) =>
        word is [>= '1' and <= '7'] ? Days[word[0] - '1']
        : word.Length == 3 ? Days.FirstOrDefault(d => d.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        : null;

    private static int? ParseNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? ParseStep(string text) => StepPattern().Match(text) is { Success: true } match ? ParseNumber(match.Groups[1].Value) : null;

    /// <summary>Where the steps start does not matter, as long as it is a single digit.</summary>
    [GeneratedRegex(@"^(?:\*|\d)/(\d{1,2})$")]
    private static partial Regex StepPattern();

    [GeneratedRegex(@"^(\d{1,2})-(\d{1,2})$")]
    private static partial Regex RangePattern();
}
