using System.Globalization;
using System.Runtime.InteropServices;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Report;

/// <summary>What the figures were measured on, in one line.</summary>
internal static class Machine
{
    public static string InOneLine(DateOnly on)
    {
        var processor = Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var kilobytes = long.Parse(Field("/proc/meminfo", "MemTotal")!.Split(' ')[0], CultureInfo.InvariantCulture);
        var drive = new DriveInfo(BenchFolder.Path).DriveFormat;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Machine: {Environment.ProcessorCount} cores ({processor}), {kilobytes / 1048576.0:0} GiB, {drive}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; last run on {on:O}.");
    }

    /// <summary>Looks on for a moment before a figure, and says so when others keep the machine busy: such figures are for a look only.</summary>
    public static async Task<string> OthersAtWorkAsync()
    {
        const double Quiet = 0.1;
        var before = Ticks();
        await Task.Delay(TimeSpan.FromSeconds(3));
        var after = Ticks();
        var busy = 1 - ((after.Idle - before.Idle) / (double)(after.All - before.All));
        return busy > Quiet ? string.Create(CultureInfo.InvariantCulture, $", busy: {busy:P0} by others") : "";
    }

    private static (long Idle, long All) Ticks()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToList();
        return (ticks[3] + ticks[4], ticks.Take(8).Sum());
    }

    private static string? Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
