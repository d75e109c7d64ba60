namespace Catalogizer.Bench.Measuring;

/// <summary>The cost of one run.</summary>
/// <param name="Seconds">The measured time.</param>
/// <param name="WholeSeconds">Time of the whole process, from its start to its end.</param>
internal sealed record Sample(double Seconds, double WholeSeconds, double CpuSeconds, long PeakBytes)
{
    /// <summary>Two runs in succession: times add up, and the larger peak counts.</summary>
    public static Sample operator +(Sample first, Sample second) => new(
        first.Seconds + second.Seconds, first.WholeSeconds + second.WholeSeconds, first.CpuSeconds + second.CpuSeconds, Math.Max(first.PeakBytes, second.PeakBytes));
}
