using System.Globalization;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Shares of time in whole hundredths: 100 only where nothing is missing, and 0 only where there is nothing.</summary>
internal static class TimePercentage
{
    /// <summary>The share of the stretches that are good, by their lengths; null where nothing is known.</summary>
    public static string? Calculate(IReadOnlyCollection<(bool IsGood, double Length)> periods)
    {
        var (good, bad) = (periods.Where(s => s.IsGood).Sum(s => s.Length), periods.Where(s => !s.IsGood).Sum(s => s.Length));
        var (hasGood, hasBad) = (periods.Any(s => s.IsGood), periods.Any(s => !s.IsGood));
        return (hasGood, hasBad) switch
        {
            (false, false) => null,
            (true, false) => "100",
            (false, true) => "0",
            _ when good + bad <= 0 => "50",
            _ => Math.Clamp(Math.Floor(100 * good / (good + bad)), 1, 99).ToString("0", CultureInfo.InvariantCulture),
        };
    }
}
