using System.Globalization;

namespace Catalogizer.Bench.Report;

/// <summary>The tables in docs/performance.md. A run replaces the lines it measured and leaves the others as they are.</summary>
internal sealed class PerformanceTable(string file)
{
    private const string Figures = "figures";
    private const string Parts = "parts";

    /// <summary>Puts the lines of a figure in the place of all lines with the same ids.</summary>
    public void Put(IReadOnlyList<FigureRow> rows, string on)
    {
        var ids = rows.Select(r => r.Id).ToHashSet();
        var lines = rows.Select(r => Line(r.Id, r.What, r.Against, r.Measured, r.Cpu, r.Must, r.Goal, r.Reached, on));
        Replace(Figures, Line("id", "what", "against", "measured", "CPU", "must", "goal", "reached", "on"), old => ids.Contains(FirstCell(old)), lines);
    }

    public void Put(IReadOnlyList<PartRow> rows)
    {
        var lines = rows.Select(r => Line(r.Part, r.Mean, r.Allocated));
        Replace(Parts, Line("part", "mean", "allocated"), _ => true, lines);
    }

    /// <summary>Says where the figures come from.</summary>
    public void PutMachine(string machine)
    {
        var (before, _, after) = Cut(File.ReadAllText(file), "machine");
        File.WriteAllText(file, $"{before}\n{machine}\n{after}");
    }

    private void Replace(string marker, string head, Func<string, bool> isReplaced, IEnumerable<string> lines)
    {
        var (before, table, after) = Cut(File.ReadAllText(file), marker);
        var rule = string.Concat(Enumerable.Repeat("| --- ", head.Count(c => c == '|') - 1)) + "|";
        var kept = table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Where(line => !isReplaced(line));
        var sorted = kept.Concat(lines).OrderBy(Number).ToList();   // stable: lines of one id keep their order
        File.WriteAllText(file, $"{before}\n{string.Join('\n', [head, rule, .. sorted])}\n{after}");
    }

    private (string Before, string Between, string After) Cut(string text, string marker)
    {
        var (open, close) = ($"<!-- {marker} -->", $"<!-- /{marker} -->");
        var (start, end) = (text.IndexOf(open, StringComparison.Ordinal), text.IndexOf(close, StringComparison.Ordinal));
        return start < 0 || end < start
            ? throw new InvalidOperationException($"{file} has no {open} … {close} to write between.")
            : (text[..(start + open.Length)], text[(start + open.Length)..end], text[end..]);
    }

    private static string Line(params ReadOnlySpan<string> cells)
    {
        var line = "|";
        foreach (var cell in cells)
        {
            line += $" {cell.Replace("|", "\\|", StringComparison.Ordinal)} |";
        }

        return line;
    }

    private static string FirstCell(string line) => line.Split('|')[1].Trim();

    /// <summary>A figure's number: 7 of "P7" and of "P7r".</summary>
    private static int Number(string line)
    {
        var digits = new string([.. FirstCell(line).SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}

/// <summary>One line of the table of parts.</summary>
internal sealed record PartRow(string Part, string Mean, string Allocated);
