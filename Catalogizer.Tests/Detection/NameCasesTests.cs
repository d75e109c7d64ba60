using System.Text.Json;
using System.Text.Json.Nodes;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Tests.Detection;

/// <summary>
/// The tables in Detection/Cases: "path => type; field=value; …", with fields by their JSON names, lists separated by commas, and "-" for a
/// field that must be left out; other fields are not checked. A wrong detection that someone reports becomes a row, with a made-up name.
/// The folder Own holds rows that were written before the code of their rule.
/// </summary>
public sealed class NameCasesTests
{
    private const string Arrow = " => ";

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var line in ReadLines())
        {
            var arrow = line.LastIndexOf(Arrow, StringComparison.Ordinal);
            cases.Add(line[..arrow], line[(arrow + Arrow.Length)..]);
        }

        return cases;
    }

    public static IEnumerable<string> ReadPaths() => ReadLines().Select(line => line[..line.LastIndexOf(Arrow, StringComparison.Ordinal)]);

    private static IEnumerable<string> ReadLines() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Detection", "Cases"), "*.txt", SearchOption.AllDirectories).Order()
            .SelectMany(File.ReadLines).Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Detect_NameOfTheTables_GivesWhatTheRowSays(string path, string expected)
    {
        var fields = expected.Split("; ")[1..].Select(field => field[..field.IndexOf('=')]).ToArray();

        Assert.Equal(expected, Describe(TestDetection.Detect(path), fields));
    }

    private static string Describe(Verdict verdict, string[] fields)
    {
        var json = JsonSerializer.SerializeToNode(verdict.Fields)!.AsObject();
        return string.Join("; ", fields.Select(field => $"{field}={FormatValue(json[field])}").Prepend(verdict.Type.ToApiName()));
    }

    private static string FormatValue(JsonNode? value) => value switch
    {
        null => "-",
        JsonArray list => string.Join(',', list.Select(item => item!.ToString())),
        _ => value.ToString(),
    };
}
