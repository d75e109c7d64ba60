using Catalogizer.Bench.Report;

namespace Catalogizer.Bench.Figures;

/// <summary>All end-to-end scenarios, in the order in which they run.</summary>
internal static class AllScenarios
{
    private static readonly IScenario[] All =
    [
        new FirstScanScenario("scan-100k", "P1", 100_000, 6, Limit.Minimum(0.6, 1.0)),
        new FirstScanScenario("scan-1m", "P2", 1_000_000, 4, Limit.Minimum(0.5, 0.9)),
        new ColdScanScenario(),
        new RescanScenario(),
        new ChangedFilesScenario(),
        new ShareScanScenario(),
        new ShareReadScenario(),
        new ShareWatchScenario(),
        new DetectionScenario(),
        new TypingScenario(),
        new PagingScenario(),
        new FacetCountsScenario(),
        new StartupScenario(),
        new MemoryScenario(),
        new BrowserScenario(),
        new HeldCircuitsScenario(),
        new ThumbnailScenario(),
        new PageDuringScanScenario(),
        new InputDuringScanScenario(),
        new LogInScenario(),
        new HungSourceScenario(),
        new EncryptionScenario(),
        new BackupScenario(),
    ];

    public static IEnumerable<string> Names => All.Select(f => f.Name);

    public static IEnumerable<IScenario> Select(IReadOnlyList<string> names) => All.Where(f => names.Contains(f.Name));
}
