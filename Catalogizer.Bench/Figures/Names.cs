using System.Diagnostics;
using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Bench.Figures;

/// <summary>Reading names, against guessit on the same names, and a million paths through the verb; each on one core.</summary>
internal sealed class Names : IFigure
{
    private const string Python = "/usr/bin/python3";     // the one that the package is for
    private const int Paths = 1_000_000;
    private const double MostSeconds = 15;
    private const int WarmUp = 30;
    private const int Passes = 20;

    public string Name => "names";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        await Tool.NeedAsync("/usr/share/doc/python3-guessit", "python3-guessit");
        return [await AgainstGuessitAsync(quick), await VerbAsync(quick)];
    }

    private static async Task<FigureRow> AgainstGuessitAsync(bool quick)
    {
        var all = MediaTree.Planned(100_000).Paths.ToList();
        var count = quick ? 400 : 2000;
        var names = Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)]).ToArray();
        var list = BenchFolder.WorkPathOf("names");
        await File.WriteAllTextAsync(list, string.Join('\n', names));
        var detector = new MediaDetector();
        for (var pass = 0; pass < WarmUp; pass++)
        {
            Read(detector, names);
        }

        var bytes = 0L;
        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => GuessAsync(list),
            () =>
            {
                var (sample, allocated) = Measure(detector, names);
                bytes = allocated / names.Length;
                return Task.FromResult(sample);
            });
        var each = runs.MedianOfOurs(o => o.Seconds) / names.Length;
        return FigureRow.Of(
            "P9",
            string.Create(CultureInfo.InvariantCulture, $"reading {names.Length:N0} names of films, episodes, tracks and what lies beside them, one core: speed"),
            "`guessit` on the same names",
            runs,
            Limit.NoLess(200, 1000),
            string.Create(CultureInfo.InvariantCulture, $"; {each * 1e9:N0} ns and {bytes:N0} bytes a name, {1 / each:N0} names a second against {names.Length / runs.MedianOfBaseline(b => b.Seconds):N0}"));
    }

    private static async Task<FigureRow> VerbAsync(bool quick)
    {
        var app = await PublishedApp.BuildAsync();
        var list = BenchFolder.WorkPathOf("paths");
        await File.WriteAllLinesAsync(list, MediaTree.Planned(Paths).Paths);
        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => OneCoreAsync(Python, [Script("echo.py"), list]),
            () => OneCoreAsync("dotnet", [app.Assembly, "detect", list]));
        var (ratio, seconds) = (runs.Of((b, o) => o.Seconds / b.Seconds), runs.MedianOfOurs(o => o.Seconds));
        return new FigureRow(
            "P9",
            string.Create(CultureInfo.InvariantCulture, $"{Paths:N0} paths through `detect`, from a file, start of the process and JSON included, one core: time"),
            "a loop in Python that writes each path as JSON")
        {
            Pairs = ratio.Count,
            Detail = $"{Write.Seconds(seconds)} against {Write.Seconds(runs.MedianOfBaseline(b => b.Seconds))}",
            Cpu = runs.Of((b, o) => o.CpuSeconds / b.CpuSeconds).Median,
            Must = $"≤ {Write.Seconds(MostSeconds)}",
            Reached = seconds <= MostSeconds ? "must" : FigureRow.Missed,
        }.With(ratio);
    }

    private static Task<Sample> OneCoreAsync(string command, string[] arguments) => Tool.MeasureAsync("/dev/null", "taskset", ["--cpu-list", "0", command, .. arguments]);

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "native", name);

    private static async Task<Sample> GuessAsync(string list)
    {
        var told = (await Tool.RunAsync("taskset", ["--cpu-list", "0", Python, Script("guess.py"), list])).Split(' ');
        var (seconds, cpu) = (double.Parse(told[0], CultureInfo.InvariantCulture), double.Parse(told[1], CultureInfo.InvariantCulture));
        return new Sample(seconds, seconds, cpu, 0);
    }

    /// <summary>Some passes over the names by this thread alone; the time of one.</summary>
    private static (Sample Took, long Bytes) Measure(MediaDetector detector, string[] names)
    {
        var (cpu, bytes, started) = (Process.GetCurrentProcess().TotalProcessorTime, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        for (var pass = 0; pass < Passes; pass++)
        {
            Read(detector, names);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds / Passes;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / Passes;
        return (new Sample(seconds, seconds, used, 0), (GC.GetAllocatedBytesForCurrentThread() - bytes) / Passes);
    }

    private static void Read(MediaDetector detector, string[] names)
    {
        foreach (var name in names)
        {
            detector.Detect(name);
        }
    }
}
