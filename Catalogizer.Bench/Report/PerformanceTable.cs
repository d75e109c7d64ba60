using System.Globalization;

namespace Catalogizer.Bench.Report;

/// <summary>Generates the tables in docs/performance.md from the results; the text around them stays.</summary>
internal static class PerformanceTable
{
    /// <exception cref="InvalidOperationException">The document has no markers for a table.</exception>
    public static string Update(string document, BenchResults results)
    {
        document = ReplaceSection(document, "machine", FormatMachines(results.Figures));
        document = ReplaceSection(document, "figures", FormatTable(
            ["id", "what", "against", "measured", "CPU", "must", "goal", "reached", "on"],
            results.Figures.Select(r => new[] { r.Id, r.What, r.Against, r.Measured, ResultFormatter.FormatRatio(r.Cpu), r.Must, r.Goal, r.Reached == ResultRow.Missed ? "**missed**" : r.Reached, $"{r.On}" })));
        return ReplaceSection(document, "parts", FormatTable(["part", "mean", "allocated"], results.Parts.Select(p => new[] { p.Part, FormatTime(p.Nanoseconds), FormatSize(p.Bytes) })));
    }

    private static string FormatMachines(IEnumerable<ResultRow> figures) => string.Join('\n', figures.Where(row => row.On is not null)
        .GroupBy(row => row.On!.Machine).OrderBy(machine => machine.Max(row => row.On!.Date))
        .Select(machine => string.Create(CultureInfo.InvariantCulture, $"Machine: {machine.Key}; last run on {machine.Max(row => row.On!.Date):O}.")));

    private static string FormatTable(string[] head, IEnumerable<string[]> rows) =>
        string.Join('\n', rows.Select(FormatLine).Prepend("|" + string.Concat(head.Select(_ => " --- |"))).Prepend(FormatLine(head)));

    private static string FormatLine(string[] cells) => "|" + string.Concat(cells.Select(cell => $" {cell.Replace("|", "\\|", StringComparison.Ordinal)} |"));

    private static string ReplaceSection(string document, string marker, string content)
    {
        var (open, close) = ($"<!-- {marker} -->", $"<!-- /{marker} -->");
        var (start, end) = (document.IndexOf(open, StringComparison.Ordinal), document.IndexOf(close, StringComparison.Ordinal));
        return start < 0 || end < start
            ? throw new InvalidOperationException($"The document has no {open} … {close} to write between.")
            : $"{document[..(start + open.Length)]}\n{content}\n{document[end..]}";
    }

    private static string FormatTime(double nanoseconds) => nanoseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns")
        : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1000:0.0} µs");

    private static string FormatSize(double bytes) => bytes < 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0.0} KiB");
}
