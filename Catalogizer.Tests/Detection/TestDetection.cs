using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Tests.Detection;

/// <summary>Detects a path and formats its fields as one line, so that a table row shows the whole result.</summary>
internal static class TestDetection
{
    private static readonly MediaDetector Detector = new();

    public static Verdict Detect(string path) => Detector.Detect(path);

    public static Verdict Explain(string path) => Detector.Detect(path, explain: true);

    /// <summary>For example "tv_show Title (1999) s1 e2,3".</summary>
    public static string Format(string path)
    {
        var verdict = Detect(path);
        var fields = verdict.Fields;
        var parts = new List<string> { verdict.Type.ToApiName() };
        Add(parts, "", fields.Title);
        Add(parts, "y", fields.Year?.ToString(CultureInfo.InvariantCulture));
        Add(parts, "s", fields.Season?.ToString(CultureInfo.InvariantCulture));
        Add(parts, "S", JoinNumbers(fields.Seasons));
        Add(parts, "e", JoinNumbers(fields.Episodes));
        Add(parts, "d", fields.Date);
        return string.Join(" | ", parts);
    }

    public static string JoinNumbers(IReadOnlyList<int>? numbers) =>
        numbers is null ? "" : string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    private static void Add(List<string> parts, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            parts.Add(label.Length == 0 ? value : label + "=" + value);
        }
    }
}
