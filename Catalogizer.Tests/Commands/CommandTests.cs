using System.Text;
using System.Text.Json;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Commands;

/// <summary>The verbs as they are run: processes of their own on a home folder of its own.</summary>
[Trait("Category", "Server")]
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    [Fact]
    public async Task Detect_Lines_AnswersOneObjectALineInOrder()
    {
        var lines = new[] { "The Matrix (1999) 1080p.mkv", "", "   ", "<script>\"'\u202e\t", new string('x', 5000), "TV/Ünï S01E02.mkv", "a/../../etc/passwd" };
        _home.Write("paths.txt", string.Join('\n', lines) + "\n");

        var run = await RunAsync("detect", "paths.txt");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.EndsWith("}\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\ufeff', run.Output);
        var answers = run.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(lines, answers.Select(a => a.GetProperty("path").GetString()));
        Assert.All(answers, a => Assert.Equal(["path", "type", "confidence", "fields"], a.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(("movie", 1999), (answers[0].GetProperty("type").GetString(), answers[0].GetProperty("fields").GetProperty("year").GetInt32()));
        Assert.False(Directory.Exists(_home.PathOf("data")));
    }

    [Fact]
    public async Task Detect_BytesThatAreNoUtf8_StillAnswersALine()
    {
        await File.WriteAllBytesAsync(_home.PathOf("paths.txt"), [.. "bad"u8, 0xFF, 0x00, .. ".mkv\nGood (2001).mkv"u8]);

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
        _home.Write("paths.txt", "Show S01E02 720p.mkv");

        var run = await RunAsync("detect", "--explain", "paths.txt");

        var clues = JsonDocument.Parse(run.Output).RootElement.GetProperty("clues");
        Assert.Contains(clues.EnumerateArray(), c => c.GetProperty("fact").GetString() == "type");
        Assert.All(clues.EnumerateArray(), c => Assert.InRange(c.GetProperty("confidence").GetDouble(), 0, 1));
    }

    [Fact]
    public async Task Scan_QuickAndFull_IsWrongUsage()
    {
        var run = await RunAsync("scan", _home.Path, "--quick", "--full");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("not both", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detect_FileNotThere_FailsWithOneSentence()
    {
        var run = await RunAsync("detect", "nowhere.txt");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("nowhere.txt", Assert.Single(Lines(run.Errors)), StringComparison.Ordinal);
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
    public async Task Run_WrongUsage_EndsWithTwo(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.NotEmpty(run.Errors);
    }

    [Fact]
    public async Task Scan_Folder_AddsItScansItAndIsInOrder()
    {
        _home.Write("media/A (2001).mkv", "aaa");
        _home.Write("media/sub/B (2002).mkv", "bbb");

        var dry = Json(await RunAsync("scan", "media", "--dry-run", "--json"));
        var first = Json(await RunAsync("scan", "media", "--json"));
        var second = await RunAsync("scan", "media");
        var doctor = await RunAsync("doctor");
        Directory.Delete(_home.PathOf("media/sub"), recursive: true);
        var less = Json(await RunAsync("scan", "media", "--dry-run", "--json"));

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
    public async Task Scan_PlaceThatCannotBe_FailsWithOneSentence(string place, string says)
    {
        var run = await RunAsync("scan", place, "--json");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(says, Lines(run.Errors)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_FolderGone_FailsAndDoctorSaysWhy()
    {
        _home.Write("media/A (2001).mkv", "a");
        await RunAsync("scan", "media");
        Directory.Move(_home.PathOf("media"), _home.PathOf("away"));

        var scan = await RunAsync("scan", "media", "--json");
        var doctor = await RunAsync("doctor");

        Assert.Equal((1, "failed"), (scan.ExitCode, JsonDocument.Parse(scan.Output).RootElement.GetProperty("state").GetString()));
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("WRONG source “media”", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_IndexAndCountersSpoilt_SaysSoAndRepairsThem()
    {
        _home.Write("media/A (2001).mkv", "a");
        await using (var catalogue = new TestCatalogue(home: _home))
        {
            await catalogue.ScanAsync((await catalogue.AddSourceAsync()).Id);
            catalogue.Execute("UPDATE facet_counts SET n = n + 7; DELETE FROM file_counts; INSERT INTO media_titles(media_titles) VALUES ('delete-all')");
        }

        var wrong = await RunAsync(["doctor"], TestCatalogue.Key);
        var repaired = await RunAsync(["doctor", "--repair"], TestCatalogue.Key);

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("WRONG counters: Counted 8 works and 0 files; there are 1 and 1. With --repair it is built anew.", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("WRONG search index (titles)", wrong.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (repaired.ExitCode, repaired.Errors));
        Assert.Contains("were built anew: 1 works, 1 files.", repaired.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", repaired.Output, StringComparison.Ordinal);
        await using var after = new TestCatalogue(home: _home);
        CatalogueTruth.Check(after);
    }

    [Fact]
    public async Task Redetect_SpoiltTitle_TellsThenMendsIt()
    {
        _home.Write("media/Quiet Water (2001).mkv", "a");
        await using (var catalogue = new TestCatalogue(home: _home))
        {
            await catalogue.ScanAsync((await catalogue.AddSourceAsync()).Id);
            catalogue.Execute("UPDATE media_items SET title = 'Quite Water', sort_title = 'quite water'");
        }

        var dry = await RunAsync(["redetect", "--dry-run"], TestCatalogue.Key);
        var elsewhere = await RunAsync(["redetect", "--source", "Elsewhere"], TestCatalogue.Key);
        var done = await RunAsync(["redetect", "--source", "films"], TestCatalogue.Key);
        var again = await RunAsync(["redetect"], TestCatalogue.Key);

        Assert.Equal((0, ""), (dry.ExitCode, dry.Errors));
        Assert.Contains("film “Quite Water” (2001) → film “Quiet Water” (2001)", dry.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 names read: 0 files of another work, 0 of another type, 0 copies, 1 titles, 0 beside a work, 0 kept as people left them. Nothing was saved.", dry.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal((1, "There is no source called “Elsewhere”."), (elsewhere.ExitCode, Lines(elsewhere.Errors)[^1]));
        Assert.Contains(" 1 titles,", done.Output, StringComparison.Ordinal);
        Assert.Contains(" 0 titles,", again.Output, StringComparison.Ordinal);
        await using var after = new TestCatalogue(home: _home);
        Assert.Equal("Quiet Water", Assert.Single((await after.FindAsync()).Items).Title);
    }

    [Fact]
    public async Task Run_DataFolderInUse_FailsWithOneSentence()
    {
        _home.Write("media/A (2001).mkv", "a");
        using var data = Domain.Storage.DataDirectory.Open(new Domain.Storage.StorageOptions(), _home.Path);
        data.Lock();

        foreach (var run in new[] { await RunAsync("scan", "media"), await RunAsync("doctor"), await RunAsync() })
        {
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.Contains("Another Catalogizer is using the data folder", Assert.Single(Lines(run.Errors)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_WrongKey_FailsWithOneSentence()
    {
        _home.Write("media/A (2001).mkv", "a");
        await RunAsync("scan", "media");
        var keyFile = Directory.GetFiles(_home.Path, "catalogizer.key", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(keyFile, "another key", Encoding.ASCII);

        var run = await RunAsync("doctor");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not open with this key", Assert.Single(Lines(run.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackupAndRestore_BesideAServer_BacksUpAndRefusesToReplace()
    {
        _home.Write("media/A (2001).mkv", "aaa");
        await RunAsync("scan", "media");

        ScriptRun backup, refused;
        using (var data = Domain.Storage.DataDirectory.Open(new Domain.Storage.StorageOptions(), _home.Path))
        {
            data.Lock();
            backup = await RunAsync("backup", "kept.db");
            refused = await RunAsync("restore", "kept.db");
        }

        var rekeyed = await RunAsync("rekey");
        var otherKey = await RunAsync("restore", "kept.db");
        var keyFile = Directory.GetFiles(_home.PathOf("data"), "catalogizer.key", SearchOption.AllDirectories).Single(file => file != _home.PathOf("data/catalogizer.key"));
        File.Copy(keyFile, _home.PathOf("data/catalogizer.key"), overwrite: true);
        var restored = await RunAsync("restore", "kept.db");
        var doctor = await RunAsync("doctor");

        Assert.Equal((0, ""), (backup.ExitCode, backup.Errors));
        Assert.Contains("1 items, 1 files", backup.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("Another Catalogizer is using the data folder", Assert.Single(Lines(refused.Errors)), StringComparison.Ordinal);
        Assert.Equal((0, ""), (rekeyed.ExitCode, rekeyed.Errors));
        Assert.Equal((1, ""), (otherKey.ExitCode, otherKey.Output));
        Assert.Contains("does not open with this key", Assert.Single(Lines(otherKey.Errors)), StringComparison.Ordinal);
        Assert.Equal((0, ""), (restored.ExitCode, restored.Errors));
        Assert.Contains("1 items, 1 files", restored.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (doctor.ExitCode, doctor.Errors));
    }

    [Theory]
    [InlineData("backup", "kept.db")]
    [InlineData("restore", "kept.db")]
    [InlineData("rekey")]
    public async Task Run_NoCatalogueAndNoKey_FailsWithOneSentenceAndMakesNone(params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Single(Lines(run.Errors));
        Assert.Empty(Directory.GetFiles(_home.Path, "*.key", SearchOption.AllDirectories));
    }

    public void Dispose() => _home.Dispose();

    private static JsonElement Json(ScriptRun run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return JsonDocument.Parse(Assert.Single(Lines(run.Output))).RootElement;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<ScriptRun> RunAsync(params string[] arguments) => RunAsync(arguments, key: null);

    private Task<ScriptRun> RunAsync(string[] arguments, string? key) => ScriptRun.OfAsync(
        _home.Path,
        new Dictionary<string, string?> { ["CATALOGIZER_HOME"] = _home.Path, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["CATALOGIZER_DB_KEY"] = key },
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll"), .. arguments]);
}
