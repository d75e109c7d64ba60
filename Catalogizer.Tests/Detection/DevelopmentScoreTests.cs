using System.Text.Json.Nodes;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Detection;

/// <summary>
/// How many names of a labelled collection are detected correctly: of the project's own small one, and of a larger one in the file that
/// <c>CATALOGIZER_TEST_NAMES</c> names.
/// </summary>
public sealed class DevelopmentScoreTests(ITestOutputHelper output)
{
    private const double MinExactShare = 0.90;
    private const double MinTypeShare = 0.97;

    private static readonly string LabeledNamesPath = Path.Combine(AppContext.BaseDirectory, "Detection", "labelled-names.jsonl");

    public static TheoryData<string> FindCollections() =>
        Environment.GetEnvironmentVariable("CATALOGIZER_TEST_NAMES") is { Length: > 0 } file ? new TheoryData<string>(LabeledNamesPath, file) : new TheoryData<string>(LabeledNamesPath);

    [Theory]
    [MemberData(nameof(FindCollections))]
    public void Detect_LabelledNames_AreReadRight(string file)
    {
        var names = LabeledName.Read(file);

        Check("all", names);

        // Every fifth name, by the hash of its path, is held out and must not be read while working on detection.
        Check("kept fifth", [.. names.Where(name => TextNormalizer.ComputeHash(name.Path) % 5 == 0)]);
    }

    [Theory]
    [InlineData("""{"type":"movie","title":"silver harbour","year":1994,"audio_codec":["AC3"]}""", true)]
    [InlineData("""{"type":{"any":["tv_show","movie"]},"title":{"any":["Harbour","Silver  Härbour!"]},"season":null,"platform":["Wii"]}""", true)]
    [InlineData("""{"type":"tv_show","title":"Silver Harbour"}""", false)]
    [InlineData("""{"title":"Silver Harbor"}""", false)]
    [InlineData("""{"year":1995}""", false)]
    [InlineData("""{"year":null}""", false)]
    [InlineData("""{"audio_codec":["AC3","DTS"]}""", false)]
    [InlineData("""{"episodes":[1]}""", false)]
    public void IsExact_Expectation_HoldsOrNot(string expected, bool isExact)
    {
        var name = new LabeledName("Silver.Harbour.1994.1080p.BluRay.AC3.x264-GRP.mkv", JsonNode.Parse(expected)!.AsObject());

        Assert.Equal(isExact, name.IsExact(new MediaDetector().Detect(name.Path)));
    }

    private void Check(string what, IReadOnlyList<LabeledName> names)
    {
        Assert.NotEmpty(names);
        var detector = new MediaDetector();
        var read = names.Select(name => (Name: name, Verdict: detector.Detect(name.Path))).ToList();
        var typed = read.Where(r => r.Name.HasType).ToList();
        var (exact, right) = (read.Count(r => r.Name.IsExact(r.Verdict)), typed.Count(r => r.Name.IsTypeRight(r.Verdict)));
        output.WriteLine($"{what}: {read.Count} names, exact {(double)exact / read.Count:P2}, types {(double)right / typed.Count:P2}");
        foreach (var (name, verdict) in read.Where(r => !r.Name.IsExact(r.Verdict)))
        {
            output.WriteLine($"{name.Path}: {name.Expected.ToJsonString()}, read as {verdict.Type}: {System.Text.Json.JsonSerializer.Serialize(verdict.Fields)}");
        }

        Assert.True(exact >= MinExactShare * read.Count, $"Of {what}, {exact} of {read.Count} are exact.");
        Assert.True(right >= MinTypeShare * typed.Count, $"Of {what}, the types of {right} of {typed.Count} are right.");
    }
}
