using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Tests.Support;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Detection;

/// <summary>
/// How many names of a labelled collection are read right. The collection is not part of the repository: it is looked for in
/// <c>shared/data</c> beside it or above, and without it this is left out.
/// </summary>
public sealed class DevelopmentScoreTests(ITestOutputHelper output)
{
    private const double LeastExact = 0.90;
    private const double LeastTypes = 0.97;

    [LabelledNamesFact]
    public void Detect_LabelledNames_AreReadRight()
    {
        using var folder = new TemporaryFolder();
        var cases = File.ReadAllLines(LabelledNames.Cases!).Where(line => line.Length > 0).ToList();
        var detector = new MediaDetector();
        var answers = cases.Select(line =>
        {
            var name = JsonDocument.Parse(line).RootElement;
            var verdict = detector.Detect(name.GetProperty("path").GetString()!);
            return new JsonObject { ["id"] = name.GetProperty("id").GetString(), ["type"] = verdict.Type.Word(), ["fields"] = JsonSerializer.SerializeToNode(verdict.Fields) }.ToJsonString();
        });
        File.WriteAllLines(folder.PathOf("answers"), answers);

        // Every fifth, by the hash of its id, is kept apart: nobody looks at these while working on the reader.
        File.WriteAllLines(folder.PathOf("kept"), cases.Where(line => Fold.Hash(JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!) % 5 == 0));

        Check("all", Score(folder, LabelledNames.Cases!));
        Check("kept fifth", Score(folder, folder.PathOf("kept")));
    }

    private static JsonElement Score(TemporaryFolder folder, string cases)
    {
        var start = new ProcessStartInfo("python3", [LabelledNames.Tool!, "--cases", cases, "--answers", folder.PathOf("answers"), "--json", folder.PathOf("score")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said.Result + wrong.Result);
        return JsonDocument.Parse(File.ReadAllText(folder.PathOf("score"))).RootElement.GetProperty("all");
    }

    private void Check(string what, JsonElement score)
    {
        var (all, exact) = (score.GetProperty("cases").GetDouble(), score.GetProperty("exact").GetDouble());
        var (right, typed) = (score.GetProperty("type")[0].GetDouble(), score.GetProperty("type")[1].GetDouble());
        output.WriteLine($"{what}: {all} names, exact {exact / all:P2}, types {right / typed:P2}");
        Assert.True(exact >= LeastExact * all, $"Of {what}, {exact} of {all} are exact.");
        Assert.True(right >= LeastTypes * typed, $"Of {what}, the types of {right} of {typed} are right.");
    }
}

/// <summary>A fact that needs the labelled names.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabelledNamesFactAttribute : FactAttribute
{
    public LabelledNamesFactAttribute() => Skip = LabelledNames.WhyNot;
}

internal static class LabelledNames
{
    public static string? Cases { get; } = Find("shared/data/release-names.dev.jsonl");

    public static string? Tool { get; } = Find("shared/tools/score.py");

    public static string? WhyNot => Cases is null ? "There are no labelled names: no shared/data beside the repository." : Tool is null || !HasPython ? "What counts them is not there." : null;

    private static bool HasPython => Environment.GetEnvironmentVariable("PATH")?.Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))) == true;

    private static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(RepositoryRoot.Folder); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        return null;
    }
}
