using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Catalogizer.Bench.Report;

/// <summary>Everything that was measured, as docs/bench-results.json keeps it.</summary>
internal sealed record BenchResults(IReadOnlyList<ResultRow> Figures, IReadOnlyList<MicrobenchmarkRow> Parts)
{
    private static readonly JsonSerializerOptions SerializerOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static BenchResults Parse(string json) =>
        JsonSerializer.Deserialize<BenchResults>(json, SerializerOptions) ?? throw new InvalidDataException("The results are empty.");

    public string ToJson() => JsonSerializer.Serialize(this, SerializerOptions) + "\n";

    /// <summary>Puts what a figure measured in the place of what it measured before; the lines of the others stay.</summary>
    public BenchResults With(string figure, RunEnvironment on, IEnumerable<ResultRow> rows) => this with
    {
        Figures =
        [
            .. Figures.Where(row => row.Figure != figure)
                .Concat(rows.Select(row => row.WithRoundedValues() with { Figure = figure, On = on }))
                .OrderBy(row => ParseNumber(row.Id)),     // stable: lines of one id keep their order
        ],
    };

    public BenchResults With(IReadOnlyList<MicrobenchmarkRow> parts) => this with { Parts = parts };

    /// <summary>A figure's number: 7 of "P7" and of "P7r".</summary>
    private static int ParseNumber(string id) => int.TryParse(string.Concat(id.Where(char.IsAsciiDigit)), out var number) ? number : 0;
}

/// <summary>Mean time and allocation of one part.</summary>
internal sealed record MicrobenchmarkRow(string Part, double Nanoseconds, double Bytes);
