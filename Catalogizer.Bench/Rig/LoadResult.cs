using System.Globalization;
using System.Text.RegularExpressions;

namespace Catalogizer.Bench.Rig;

/// <summary>Requests per second and latency (seconds) of a server under full load from wrk.</summary>
internal sealed partial record LoadResult(double RequestsPerSecond, double P50, double P99)
{
    private const int ConnectionCount = 16;

    /// <exception cref="InvalidOperationException">A response was neither 2xx nor 3xx.</exception>
    public static async Task<LoadResult> MeasureAsync(Uri address, TimeSpan duration, params string[] headers)
    {
        await ProcessRunner.EnsureInstalledAsync("wrk", "wrk");
        var output = await ProcessRunner.RunAsync("wrk",
        [
            "--threads", "1", "--connections", ConnectionCount.ToString(CultureInfo.InvariantCulture), "--duration", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0}s"), "--latency",
            .. headers.SelectMany(header => new[] { "--header", header }), address.ToString(),
        ]);
        return output.Contains("Non-2xx", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{address}: {output}")
            : new LoadResult(double.Parse(RateRegex().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), ParseSeconds(output, "50%"), ParseSeconds(output, "99%"));
    }

    private static double ParseSeconds(string output, string share)
    {
        var match = Regex.Match(output, $@"{share}\s+([\d.]+)(us|ms|s)");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch { "us" => 1e-6, "ms" => 1e-3, _ => 1 };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RateRegex();
}
