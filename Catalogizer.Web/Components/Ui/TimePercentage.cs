using System.Globalization;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Shares of time in whole per cent: 100 only if all of it is good, 0 only if none is.</summary>
internal static class TimePercentage
{
    /// <summary>The share of the good periods by their lengths; null when nothing is known.</summary>
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
