using System.Diagnostics;
using System.Globalization;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Bench.Figures;

/// <summary>Detection from names, compared with guessit on the same names, and a million paths through the detect command; each on one core.</summary>
internal sealed class DetectionScenario : IScenario
{
    private const string PythonPath = "/usr/bin/python3";     // the interpreter that the Debian package installs for
    private const int PathCount = 1_000_000;
    private const double MaxSeconds = 15;
    private const int WarmUpPasses = 30;
    private const int PassCount = 20;

    public string Name => "names";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        await ProcessRunner.EnsureInstalledAsync("/usr/share/doc/python3-guessit", "python3-guessit");
        return [await CompareWithGuessitAsync(quick), await MeasureDetectCommandAsync(quick)];
    }

    private static async Task<ResultRow> CompareWithGuessitAsync(bool quick)
    {
        var all = MediaTree.CreatePlan(100_000).Paths.ToList();
        var count = quick ? 400 : 2000;
        var names = Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)]).ToArray();
        var list = BenchFolder.WorkPathOf("names");
        await File.WriteAllTextAsync(list, string.Join('\n', names));
        var detector = new MediaDetector();
        for (var pass = 0; pass < WarmUpPasses; pass++)
        {
            DetectAll(detector, names);
        }

        var bytes = 0L;
        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => RunGuessitAsync(list),
            () =>
            {
                var (sample, allocated) = MeasureDetection(detector, names);
                bytes = allocated / names.Length;
                return Task.FromResult(sample);
            });
        var each = runs.MedianOfOurs(o => o.Seconds) / names.Length;
        return ResultRow.FromRuns(
            "P9",
            string.Create(CultureInfo.InvariantCulture, $"detecting {names.Length:N0} names of films, episodes, tracks and sidecar files, one core: speed"),
            "`guessit` on the same names",
            runs,
            Limit.Minimum(200, 1000),
            string.Create(CultureInfo.InvariantCulture, $"; {each * 1e9:N0} ns and {bytes:N0} bytes a name, {1 / each:N0} names a second against {names.Length / runs.MedianOfBaseline(b => b.Seconds):N0}"));
    }

    private static async Task<ResultRow> MeasureDetectCommandAsync(bool quick)
    {
        var app = await PublishedApp.BuildAsync();
        var list = BenchFolder.WorkPathOf("paths");
        await File.WriteAllLinesAsync(list, MediaTree.CreatePlan(PathCount).Paths);
        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => MeasureOnOneCoreAsync(PythonPath, [ScriptPath("echo.py"), list]),
            () => MeasureOnOneCoreAsync("dotnet", [app.AssemblyPath, "detect", list]));
        var (ratio, seconds) = (runs.CalculateSpread((b, o) => o.Seconds / b.Seconds), runs.MedianOfOurs(o => o.Seconds));
        return new ResultRow(
            "P9",
            string.Create(CultureInfo.InvariantCulture, $"{PathCount:N0} paths through `detect`, from a file, start of the process and JSON included, one core: time"),
            "a loop in Python that writes each path as JSON")
        {
            Pairs = ratio.Count,
            Detail = $"{ResultFormatter.FormatSeconds(seconds)} against {ResultFormatter.FormatSeconds(runs.MedianOfBaseline(b => b.Seconds))}",
            Cpu = runs.CalculateSpread((b, o) => o.CpuSeconds / b.CpuSeconds).Median,
            Must = $"≤ {ResultFormatter.FormatSeconds(MaxSeconds)}",
            Reached = seconds <= MaxSeconds ? "must" : ResultRow.Missed,
        }.WithRatio(ratio);
    }

    private static Task<Sample> MeasureOnOneCoreAsync(string command, string[] arguments) => ProcessRunner.MeasureAsync("/dev/null", "taskset", ["--cpu-list", "0", command, .. arguments]);

    private static string ScriptPath(string name) => Path.Combine(AppContext.BaseDirectory, "native", name);

    private static async Task<Sample> RunGuessitAsync(string list)
    {
        var output = (await ProcessRunner.RunAsync("taskset", ["--cpu-list", "0", PythonPath, ScriptPath("guess.py"), list])).Split(' ');
        var (seconds, cpu) = (double.Parse(output[0], CultureInfo.InvariantCulture), double.Parse(output[1], CultureInfo.InvariantCulture));
        return new Sample(seconds, seconds, cpu, 0);
    }

    /// <summary>Runs several passes over the names on this thread alone. Returns time and allocated bytes of one pass.</summary>
    private static (Sample Took, long Bytes) MeasureDetection(MediaDetector detector, string[] names)
    {
        var (cpu, bytes, started) = (Process.GetCurrentProcess().TotalProcessorTime, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        for (var pass = 0; pass < PassCount; pass++)
        {
            DetectAll(detector, names);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds / PassCount;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / PassCount;
        return (new Sample(seconds, seconds, used, 0), (GC.GetAllocatedBytesForCurrentThread() - bytes) / PassCount);
    }

    private static void DetectAll(MediaDetector detector, string[] names)
    {
        foreach (var name in names)
        {
            detector.Detect(name);
        }
    }
}
