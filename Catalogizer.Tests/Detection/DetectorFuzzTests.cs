using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Detection;
using Catalogizer.Tests.Support;
using Xunit.Abstractions;

namespace Catalogizer.Tests.Detection;

/// <summary>
/// Detects 20,000 hostile names per run; CATALOGIZER_FUZZ_MINUTES=600 continues for that many minutes, and each seed gives other names:
/// <c>CATALOGIZER_FUZZ_MINUTES=10 CATALOGIZER_TEST_SEED=$RANDOM dotnet test Catalogizer.Tests --filter FullyQualifiedName~Fuzz --logger "console;verbosity=detailed"</c>.
/// </summary>
public sealed class DetectorFuzzTests(ITestOutputHelper output)
{
    private const int NameCount = 20_000;

    [Fact]
    public void Detect_MutatedNames_GiveVerdictsThatHold()
    {
        var asked = Environment.GetEnvironmentVariable("CATALOGIZER_FUZZ_MINUTES");
        var minutes = asked is null ? 0 : double.Parse(asked, CultureInfo.InvariantCulture);
        var mutations = new NameMutations([.. NameCasesTests.ReadPaths()], TestRun.Seed);
        var detector = new MediaDetector();
        var watch = Stopwatch.StartNew();
        var (count, slowest) = (0L, TimeSpan.Zero);
        for (; count < NameCount || watch.Elapsed.TotalMinutes < minutes; count++)
        {
            var path = mutations.CreateName();
            var started = Stopwatch.GetTimestamp();
            try
            {
                Check(detector, path);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {TestRun.Seed}, name {count}: {JsonSerializer.Serialize(path)}", exception);
            }

            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} names in {watch.Elapsed.TotalSeconds:N0} s, seed {TestRun.Seed}, slowest {slowest.TotalMilliseconds:0.0} ms"));
    }

    private static void Check(MediaDetector detector, string path)
    {
        var verdict = detector.Detect(path);
        var explained = detector.Detect(path, explain: true);
        using var memory = new MemoryStream();
        using (var writer = VerdictJson.CreateWriter(memory))
        {
            VerdictJson.Write(writer, path, explained, explain: true);
        }

        var fields = JsonDocument.Parse(memory.ToArray()).RootElement.GetProperty("fields").GetRawText();
        Assert.Equal(verdict.Type, explained.Type);
        Assert.Equal(JsonSerializer.Serialize(verdict.Fields), JsonSerializer.Serialize(explained.Fields));
        Assert.NotEmpty(fields);
        Assert.InRange(verdict.Confidence, 0, 1);
        Assert.Single(explained.Clues, clue => clue is { Fact: "type", Won: true });
        Assert.DoesNotContain('\0', verdict.Fields.Title ?? "");
        Assert.True(verdict.Fields.Episodes is null or { Count: <= 401 });
        _ = FileRoles.For(path, verdict);
        _ = FileRoles.GetOwnerStem(path);
    }
}
