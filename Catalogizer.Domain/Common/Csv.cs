using System.Globalization;
using System.Text;

namespace Catalogizer.Domain.Common;

/// <summary>Formats tables as comma-separated values (RFC 4180), safe to open in a spreadsheet: texts are never evaluated as formulas.</summary>
public static class Csv
{
    /// <summary>First characters that make a spreadsheet evaluate a cell as a formula.</summary>
    private const string FormulaCharacters = "=+-@\t\r\n";

    private const string CharactersToQuote = ",\"\r\n";

    /// <summary>Formats a table with one line per row.</summary>
    public static string Format(IEnumerable<IEnumerable<object?>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(FormatCell)).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>Formats one row, including its line ending.</summary>
    public static string FormatRow(params IReadOnlyList<string?> cells) => Format([cells]);

    /// <summary>Formats one value. Only strings are guarded against formulas: a negative number stays a number.</summary>
    public static string FormatCell(object? value)
    {
        if (value is not string text)
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }

        if (text.Length > 0 && FormulaCharacters.Contains(text[0], StringComparison.Ordinal))
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(CharactersToQuote) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
