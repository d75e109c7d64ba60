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

    /// <summary>Says so when more is at work than the machine has cores, us not counted: such figures are for a look only.</summary>
    public static string OthersAtWork()
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) - 1;
        return load > Environment.ProcessorCount ? string.Create(CultureInfo.InvariantCulture, $", busy: load {load:0}") : "";
    }

    private static string? Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
