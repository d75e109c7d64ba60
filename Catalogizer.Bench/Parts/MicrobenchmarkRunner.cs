using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Parts;

/// <summary>Benchmarks the parts of scans and pages, each on its own.</summary>
internal static class MicrobenchmarkRunner
{
    /// <summary>The name for <c>--only</c>.</summary>
    public const string Name = "parts";

    public static IReadOnlyList<MicrobenchmarkRow> Run()
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(BenchFolder.PathOf("parts"));
        Type[] parts = [typeof(DetectionBenchmarks), typeof(CatalogBenchmarks)];
        return [.. parts.Select(part => BenchmarkRunner.Run(part, config)).SelectMany(summary => summary.Reports).Select(CreateRow)];
    }

    private static MicrobenchmarkRow CreateRow(BenchmarkReport report)
    {
        var mean = (report.ResultStatistics ?? throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo} failed.")).Mean;
        var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
        return new MicrobenchmarkRow(
            report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            Math.Round(mean, 1),
            bytes);
    }
}
