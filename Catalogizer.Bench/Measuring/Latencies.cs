using System.Diagnostics;

namespace Catalogizer.Bench.Measuring;

/// <summary>Durations of many calls, in seconds.</summary>
internal sealed record Latencies(IReadOnlyList<double> Seconds)
{
    public double Median => Percentile.Calculate(Seconds, 0.5);

    public double P99 => Percentile.Calculate(Seconds, 0.99);

    /// <summary>Measures each call separately, one after the other.</summary>
    public static async Task<Latencies> MeasureAsync<T>(IEnumerable<T> inputs, Func<T, Task> call)
    {
        var seconds = new List<double>();
        foreach (var input in inputs)
        {
            var started = Stopwatch.GetTimestamp();
            await call(input);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return new Latencies(seconds);
    }
}
