using System.Globalization;
using System.Runtime.InteropServices;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Report;

/// <summary>What the figures are measured on.</summary>
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

    /// <summary>The share of the processor that others take, from a moment's look: figures of a busy machine are for a look only.</summary>
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
