using System.Globalization;
using System.Runtime.InteropServices;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Report;

/// <summary>Describes the machine that runs the measurements.</summary>
internal static class Machine
{
    private static readonly TimeSpan SampleDuration = TimeSpan.FromSeconds(3);

    public static string Describe()
    {
        var processor = ReadField("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var kilobytes = long.Parse(ReadField("/proc/meminfo", "MemTotal")!.Split(' ')[0], CultureInfo.InvariantCulture);
        var drive = new DriveInfo(BenchFolder.Path).DriveFormat;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({processor}), {kilobytes / 1048576.0:0} GiB, {drive}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>
    /// Share of the processor used by other programs (0 to 1), sampled for three seconds. Results from a busy machine are only a rough
    /// check.
    /// </summary>
    public static async Task<double> MeasureBusyShareAsync()
    {
        var before = ReadTicks();
        await Task.Delay(SampleDuration);
        var after = ReadTicks();
        return Math.Round(1 - ((after.Idle - before.Idle) / (double)(after.All - before.All)), 2);
    }

    private static (long Idle, long All) ReadTicks()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToList();
        return (ticks[3] + ticks[4], ticks.Take(8).Sum());
    }

    private static string? ReadField(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
