using System.Globalization;
using System.Text.RegularExpressions;

namespace Catalogizer.Bench.Rig;

/// <summary>What a server answered while wrk asked as fast as it could.</summary>
internal sealed partial record Load(double PerSecond, double P50, double P99)
{
    private const int Connections = 16;

    /// <exception cref="InvalidOperationException">Something was answered that is neither 2xx nor 3xx.</exception>
    public static async Task<Load> OfAsync(Uri address, TimeSpan duration, params string[] headers)
    {
        await Tool.NeedAsync("wrk", "wrk");
        var told = await Tool.RunAsync("wrk",
        [
            "--threads", "1", "--connections", Connections.ToString(CultureInfo.InvariantCulture), "--duration", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0}s"), "--latency",
            .. headers.SelectMany(header => new[] { "--header", header }), address.ToString(),
        ]);
        return told.Contains("Non-2xx", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{address}: {told}")
            : new Load(double.Parse(Rate().Match(told).Groups[1].Value, CultureInfo.InvariantCulture), Seconds(told, "50%"), Seconds(told, "99%"));
    }

    private static double Seconds(string told, string share)
    {
        var match = Regex.Match(told, $@"{share}\s+([\d.]+)(us|ms|s)");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch { "us" => 1e-6, "ms" => 1e-3, _ => 1 };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();
}
