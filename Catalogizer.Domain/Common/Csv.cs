using System.Text;

namespace Catalogizer.Domain.Common;

/// <summary>Comma-separated values as spreadsheets read them (RFC 4180), safe from formulas.</summary>
public static class Csv
{
    /// <summary>One line, its end included.</summary>
    public static string Line(params IReadOnlyList<string?> cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Count; i++)
        {
            line.Append(i == 0 ? "" : ",").Append(Cell(cells[i]));
        }

        return line.Append("\r\n").ToString();
    }

    /// <summary>What a spreadsheet would take for a formula begins with an apostrophe.</summary>
    private static string Cell(string? value)
    {
        var text = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value ?? "";
        return text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
