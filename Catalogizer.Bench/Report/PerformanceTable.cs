using System.Globalization;

namespace Catalogizer.Bench.Report;

/// <summary>The tables in docs/performance.md, made of the results; the text around them stays.</summary>
internal static class PerformanceTable
{
    /// <exception cref="InvalidOperationException">The document has no place for a table.</exception>
    public static string Put(string document, BenchResults results)
    {
        document = Replace(document, "machine", MachinesOf(results.Figures));
        document = Replace(document, "figures", Table(
            ["id", "what", "against", "measured", "CPU", "must", "goal", "reached", "on"],
            results.Figures.Select(r => new[] { r.Id, r.What, r.Against, r.Measured, Write.Times(r.Cpu), r.Must, r.Goal, r.Reached == FigureRow.Missed ? "**missed**" : r.Reached, $"{r.On}" })));
        return Replace(document, "parts", Table(["part", "mean", "allocated"], results.Parts.Select(p => new[] { p.Part, Time(p.Nanoseconds), Size(p.Bytes) })));
    }

    private static string MachinesOf(IEnumerable<FigureRow> figures) => string.Join('\n', figures.Where(row => row.On is not null)
        .GroupBy(row => row.On!.Machine).OrderBy(machine => machine.Max(row => row.On!.Date))
        .Select(machine => string.Create(CultureInfo.InvariantCulture, $"Machine: {machine.Key}; last run on {machine.Max(row => row.On!.Date):O}.")));

    private static string Table(string[] head, IEnumerable<string[]> rows) =>
        string.Join('\n', rows.Select(Line).Prepend("|" + string.Concat(head.Select(_ => " --- |"))).Prepend(Line(head)));

    private static string Line(string[] cells) => "|" + string.Concat(cells.Select(cell => $" {cell.Replace("|", "\\|", StringComparison.Ordinal)} |"));

    private static string Replace(string document, string marker, string content)
    {
        var (open, close) = ($"<!-- {marker} -->", $"<!-- /{marker} -->");
        var (start, end) = (document.IndexOf(open, StringComparison.Ordinal), document.IndexOf(close, StringComparison.Ordinal));
        return start < 0 || end < start
            ? throw new InvalidOperationException($"The document has no {open} … {close} to write between.")
            : $"{document[..(start + open.Length)]}\n{content}\n{document[end..]}";
    }

    private static string Time(double nanoseconds) => nanoseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns")
        : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1000:0.0} µs");

    private static string Size(double bytes) => bytes < 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0.0} KiB");
}
