using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Catalogizer.Bench.Report;

/// <summary>All results, as stored in docs/bench-results.json.</summary>
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

    /// <summary>Replaces the earlier rows of a scenario; the rows of other scenarios stay.</summary>
    public BenchResults With(string figure, RunEnvironment on, IEnumerable<ResultRow> rows) => this with
    {
        Figures =
        [
            .. Figures.Where(row => row.Figure != figure)
                .Concat(rows.Select(row => row.WithRoundedValues() with { Figure = figure, On = on }))
                .OrderBy(row => ParseNumber(row.Id)),     // stable sort: rows with the same id keep their order
        ],
    };

    public BenchResults With(IReadOnlyList<MicrobenchmarkRow> parts) => this with { Parts = parts };

    /// <summary>The number in an id: 7 in "P7" and in "P7r".</summary>
    private static int ParseNumber(string id) => int.TryParse(string.Concat(id.Where(char.IsAsciiDigit)), out var number) ? number : 0;
}

/// <summary>Mean time and allocated bytes of one part.</summary>
internal sealed record MicrobenchmarkRow(string Part, double Nanoseconds, double Bytes);
