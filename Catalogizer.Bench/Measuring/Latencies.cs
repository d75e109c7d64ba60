using System.Diagnostics;

namespace Catalogizer.Bench.Measuring;

/// <summary>How long each of many calls took, in seconds.</summary>
internal sealed record Latencies(IReadOnlyList<double> Seconds)
{
    public double Median => Percentile.Of(Seconds, 0.5);

    public double P99 => Percentile.Of(Seconds, 0.99);

    /// <summary>Each call by itself, one after the other.</summary>
    public static async Task<Latencies> OfAsync<T>(IEnumerable<T> asked, Func<T, Task> call)
    {
        var seconds = new List<double>();
        foreach (var one in asked)
        {
            var started = Stopwatch.GetTimestamp();
            await call(one);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return new Latencies(seconds);
    }
}
