using System.Text.Json;
using Catalogizer.Tests.Support;
using Verbs = Catalogizer.Web.Commands.CommandLine;

namespace Catalogizer.Tests.Commands;

/// <summary>The commands <c>detect</c>, <c>scan</c>, <c>doctor</c> and <c>redetect</c>, and incorrect usage of any command.</summary>
[Trait("Category", "Server")]
public sealed class CommandTests : CommandTest
{
    [Fact]
    public async Task Detect_Lines_AnswersOneObjectALineInOrder()
    {
        var lines = new[] { "The Matrix (1999) 1080p.mkv", "", "   ", "<script>\"'\u202e\t", new string('x', 5000), "TV/Ünï S01E02.mkv", "a/../../etc/passwd" };
        Home.Write("paths.txt", string.Join('\n', lines) + "\n");

        var run = await RunAsync("detect", "paths.txt");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.EndsWith("}\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\ufeff', run.Output);
        var results = run.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(lines, results.Select(a => a.GetProperty("path").GetString()));
        Assert.All(results, a => Assert.Equal(["path", "type", "confidence", "fields"], a.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(("movie", 1999), (results[0].GetProperty("type").GetString(), results[0].GetProperty("fields").GetProperty("year").GetInt32()));
        Assert.False(Directory.Exists(Home.PathOf("data")));
    }

    [Fact]
    public async Task Detect_BytesThatAreNoUtf8_StillAnswersALine()
    {
        await File.WriteAllBytesAsync(Home.PathOf("paths.txt"), [.. "bad"u8, 0xFF, 0x00, .. ".mkv\nGood (2001).mkv"u8]);

        var run = await RunAsync("detect", "paths.txt");

        Assert.Equal((0, 2), (run.ExitCode, run.Output.TrimEnd('\n').Split('\n').Length));
    }

    [Fact]
    public async Task Detect_StandardInputEmpty_AnswersNothing()
    {
        var run = await RunAsync("detect");

        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public async Task Detect_Explain_AddsTheClues()
    {
        Home.Write("paths.txt", "Show S01E02 720p.mkv");

        var run = await RunAsync("detect", "--explain", "paths.txt");

        var clues = JsonDocument.Parse(run.Output).RootElement.GetProperty("clues");
        Assert.Contains(clues.EnumerateArray(), c => c.GetProperty("fact").GetString() == "type");
        Assert.All(clues.EnumerateArray(), c => Assert.InRange(c.GetProperty("confidence").GetDouble(), 0, 1));
    }

    [Fact]
    public async Task Detect_FileNotThere_FailsWithOneSentence()
    {
        var run = await RunAsync("detect", "nowhere.txt");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("nowhere.txt", Assert.Single(SplitLines(run.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongUsage_EndsWithTwo()
    {
        var run = await RunAsync("scan", "media", "--quick", "--full");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("not both", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("detect", "--loudly")]
    [InlineData("detect", "")]
    [InlineData("scan", "")]
    [InlineData("scan", " ")]
    [InlineData("backup", "")]
    [InlineData("restore", "")]
    [InlineData("detect", "a", "b")]
    [InlineData("scan")]
    [InlineData("scan", "--jsno")]
    [InlineData("bake")]
    public void Parse_WrongUsage_HasAnError(params string[] arguments) => Assert.NotEmpty(Verbs.Create().Parse(arguments).Errors);

    [Fact]
    public async Task Scan_Folder_AddsItScansItAndIsInOrder()
    {
        Home.Write("media/A (2001).mkv", "aaa");
        Home.Write("media/sub/B (2002).mkv", "bbb");

        var dry = ParseJson(await RunAsync("scan", "media", "--dry-run", "--json"));
        var first = ParseJson(await RunAsync("scan", "media", "--json"));
        var second = await RunAsync("scan", "media");
        var doctor = await RunAsync("doctor");
        Directory.Delete(Home.PathOf("media/sub"), recursive: true);
        var less = ParseJson(await RunAsync("scan", "media", "--dry-run", "--json"));

        Assert.Equal((2, 2), (dry.GetProperty("listed").GetInt32(), dry.GetProperty("added").GetInt32()));
        Assert.Equal(("completed", "full", 2), (first.GetProperty("state").GetString(), first.GetProperty("kind").GetString(), first.GetProperty("added").GetInt32()));
        Assert.StartsWith("media: completed.", second.Output, StringComparison.Ordinal);
        Assert.Contains(" 0 added", second.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (doctor.ExitCode, doctor.Errors));
        Assert.DoesNotContain("WRONG", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("source “media”", doctor.Output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (less.GetProperty("listed").GetInt32(), less.GetProperty("missing").GetInt32()));
    }

    [Theory]
    [InlineData("nowhere", "nowhere")]
    [InlineData("gopher://host/share", "gopher://host/share")]
    public async Task Scan_PlaceThatCannotBe_FailsWithOneSentence(string path, string says)
    {
        var run = await RunAsync("scan", path, "--json");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(says, SplitLines(run.Errors)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_FolderGone_FailsAndDoctorRemarksOnIt()
    {
        Home.Write("media/A (2001).mkv", "a");
        await using (var catalog = new TestCatalog(home: Home))
        {
            await catalog.ScanAsync((await catalog.AddSourceAsync("media")).Id);
        }

        Directory.Move(Home.PathOf("media"), Home.PathOf("away"));

        var scan = await RunAsync(["scan", "media", "--json"], TestCatalog.Key);
        var doctor = await RunAsync(["doctor"], TestCatalog.Key);
        var repaired = await RunAsync(["doctor", "--repair"], TestCatalog.Key);

        Assert.Equal((1, "failed"), (scan.ExitCode, JsonDocument.Parse(scan.Output).RootElement.GetProperty("state").GetString()));
        Assert.All([doctor, repaired], run =>
        {
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.Contains("note  source “media”: ", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("WRONG", run.Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Doctor_IndexAndCountersSpoilt_SaysSoAndRepairsThem()
    {
        Home.Write("media/A (2001).mkv", "a");
        await using (var catalog = new TestCatalog(home: Home))
        {
            await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
            catalog.Execute("UPDATE facet_counts SET n = n + 7; DELETE FROM file_counts; INSERT INTO media_titles(media_titles) VALUES ('delete-all')");
        }

        var wrong = await RunAsync(["doctor"], TestCatalog.Key);
        var repaired = await RunAsync(["doctor", "--repair"], TestCatalog.Key);

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("WRONG counters: Counted 8 works and 0 files; there are 1 and 1. With --repair it is built anew.", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("WRONG search index (titles)", wrong.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (repaired.ExitCode, repaired.Errors));
        Assert.Contains("were built anew: 1 works, 1 files.", repaired.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", repaired.Output, StringComparison.Ordinal);
        await using var after = new TestCatalog(home: Home);
        CatalogInvariants.Check(after);
    }

    [Fact]
    public async Task Redetect_SpoiltTitle_TellsThenMendsIt()
    {
        Home.Write("media/Quiet Water (2001).mkv", "a");
        await using (var catalog = new TestCatalog(home: Home))
        {
            await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
            catalog.Execute("UPDATE media_items SET title = 'Quite Water', sort_title = 'quite water'");
        }

        var dry = await RunAsync(["redetect", "--dry-run"], TestCatalog.Key);
        var elsewhere = await RunAsync(["redetect", "--source", "Elsewhere"], TestCatalog.Key);
        var done = await RunAsync(["redetect", "--source", "films"], TestCatalog.Key);

        Assert.Equal((0, ""), (dry.ExitCode, dry.Errors));
        Assert.Contains("film “Quite Water” (2001) → film “Quiet Water” (2001)", dry.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 names read: 0 files of another work, 0 of another type, 0 copies, 1 titles, 0 beside a work, 0 kept as people left them. Nothing was saved.", dry.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal((1, "There is no source called “Elsewhere”."), (elsewhere.ExitCode, SplitLines(elsewhere.Errors)[^1]));
        Assert.Contains(" 1 titles,", done.Output, StringComparison.Ordinal);
        await using var after = new TestCatalog(home: Home);
        Assert.Equal("Quiet Water", Assert.Single((await after.FindAsync()).Items).Title);
    }

    [Fact]
    public async Task Run_DataFolderInUse_FailsWithOneSentence()
    {
        Home.Write("media/A (2001).mkv", "a");
        using var data = Domain.Storage.DataDirectory.Open(new Domain.Storage.StorageOptions(), Home.Path);
        data.AcquireLock();

        foreach (var run in new[] { await RunAsync("scan", "media"), await RunAsync("doctor"), await RunAsync() })
        {
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.Contains("Another Catalogizer is using the data folder", Assert.Single(SplitLines(run.Errors)), StringComparison.Ordinal);
        }
    }
}
