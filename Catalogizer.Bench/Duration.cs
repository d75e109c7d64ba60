using System.Globalization;

namespace Catalogizer.Bench;

/// <summary>Parses durations as typed on the command line: 90s, 10m, 2h.</summary>
internal static class Duration
{
    public static readonly TimeSpan DefaultSoak = TimeSpan.FromHours(2);

    public static readonly TimeSpan MinSoak = TimeSpan.FromMinutes(1);

    public static TimeSpan? Parse(string text) =>
        text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => null,
            }
            : null;
}
