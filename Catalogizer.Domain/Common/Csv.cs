using System.Globalization;
using System.Text;

namespace Catalogizer.Domain.Common;

/// <summary>Tables as comma-separated values (RFC 4180), safe to open in a spreadsheet: no text of ours is taken for a formula there.</summary>
public static class Csv
{
    /// <summary>The marks that make a spreadsheet calculate.</summary>
    private const string FormulaCharacters = "=+-@\t\r\n";

    private const string CharactersToQuote = ",\"\r\n";

    /// <summary>A table as text, a line for each row.</summary>
    public static string Format(IEnumerable<IEnumerable<object?>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(FormatCell)).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>One row, its end included.</summary>
    public static string FormatRow(params IReadOnlyList<string?> cells) => Format([cells]);

    /// <summary>A value as it stands in its cell. Only texts are guarded: a number is one whatever its sign.</summary>
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
