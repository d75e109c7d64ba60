namespace Catalogizer.Bench.Measuring;

/// <summary>What one run took.</summary>
/// <param name="Seconds">The time that counts.</param>
/// <param name="WholeSeconds">The whole process, from its start to its end.</param>
internal sealed record Sample(double Seconds, double WholeSeconds, double CpuSeconds, long PeakBytes)
{
    /// <summary>One run after the other.</summary>
    public static Sample operator +(Sample first, Sample second) => new(
        first.Seconds + second.Seconds, first.WholeSeconds + second.WholeSeconds, first.CpuSeconds + second.CpuSeconds, Math.Max(first.PeakBytes, second.PeakBytes));
}
