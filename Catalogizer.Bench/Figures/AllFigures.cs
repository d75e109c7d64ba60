using Catalogizer.Bench.Report;

namespace Catalogizer.Bench.Figures;

/// <summary>Everything that is measured from end to end, in the order it runs in.</summary>
internal static class AllFigures
{
    private static readonly IFigure[] All =
    [
        new FirstScan("scan-100k", "P1", 100_000, 6, Limit.NoLess(0.6, 1.0)),
        new FirstScan("scan-1m", "P2", 1_000_000, 4, Limit.NoLess(0.5, 0.9)),
        new ColdScan(),
        new Rescan(),
        new Changed(),
        new Share(),
        new ShareRead(),
        new ShareLive(),
        new Names(),
        new Typing(),
        new Pages(),
        new Counts(),
        new Start(),
        new Memory(),
        new InBrowser(),
        new HeldCircuits(),
        new Thumbnails(),
        new PageDuringScan(),
        new InputDuringScan(),
        new LogIns(),
        new HungSource(),
        new Encryption(),
        new Backup(),
    ];

    public static IEnumerable<string> Names => All.Select(f => f.Name);

    public static IEnumerable<IFigure> Chosen(IReadOnlyList<string> names) => All.Where(f => names.Contains(f.Name));
}
