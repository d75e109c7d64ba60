using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Duplicates;

/// <summary>Real files compared layer by layer, and the resulting plan.</summary>
public sealed class DuplicatesTests : IAsyncLifetime
{
    private const int FileBytes = 3_000_000;

    private readonly TestCatalog _catalog = new(configureServices: services => services.Configure<DuplicateOptions>(o => o.BytesPerRun = FileBytes));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Run_FilesOfOneSize_AreToldApartLayerByLayerAndReadOnce()
    {
        Write("A/Quiet Water (2001).mkv", 1);
        Write("B/Quiet Water (2001).mkv", 1);
        Write("C/Loud Water (2001).mkv", 1, other: 500_000);      // identical except for a byte outside all samples
        Write("D/Other Water (2001).mkv", 2);
        Write("E/Short (2001).mkv", 1, size: 2_999_999);
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        Assert.StartsWith("4 files were sampled, 0 MB", await SampleAsync(), StringComparison.Ordinal);
        var likely = Assert.Single(await ListGroupsAsync(DuplicateKind.Likely));
        Assert.Equal((3, 2L * FileBytes), (likely.Count, likely.Bytes));
        Assert.Empty(await ListGroupsAsync(DuplicateKind.Identical));

        // One file per run, because of the limit on bytes that one run may read.
        for (var i = 0; i < 3; i++)
        {
            Assert.StartsWith("1 files were read as a whole, 3 MB", await CompareAsync(), StringComparison.Ordinal);
        }

        var same = Assert.Single(await ListGroupsAsync(DuplicateKind.Identical));
        Assert.Empty(await ListGroupsAsync(DuplicateKind.Likely));
        Assert.Equal(("Quiet Water", FileBytes), (same.Title, same.Bytes));
        Assert.Equal(["A/Quiet Water (2001).mkv", "B/Quiet Water (2001).mkv"], same.Copies.Select(c => c.Path).Order(StringComparer.Ordinal));
        Assert.Equal([false, true], same.Copies.Select(c => c.IsRedundant));     // of two equally good ones, the one seen first is kept
        Assert.StartsWith("0 files", await SampleAsync(), StringComparison.Ordinal);
        Assert.StartsWith("0 files", await CompareAsync(), StringComparison.Ordinal);
        await AssertSummariesMatchAsync();
    }

    [Fact]
    public async Task Compare_FilesLargerThanARunMayRead_AreReadAFileARunAndDone()
    {
        foreach (var (folder, size) in (ReadOnlySpan<(string, int)>)[("A", 3 * FileBytes), ("B", 3 * FileBytes)])
        {
            Write($"{folder}/Quiet Water (2001).mkv", 1, size: size);
            Write($"{folder}/Short Water (2002).mkv", 2, size: FileBytes / 4);
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await SampleAsync();

        // Large files save the most, so each comes first in a run, and exceeds what one run may read.
        Assert.StartsWith("1 files were read as a whole, 9 MB", await CompareAsync(), StringComparison.Ordinal);
        Assert.StartsWith("1 files were read as a whole, 9 MB", await CompareAsync(), StringComparison.Ordinal);
        Assert.StartsWith("2 files were read as a whole", await CompareAsync(), StringComparison.Ordinal);

        Assert.Equal([3L * FileBytes, FileBytes / 4], (await ListGroupsAsync(DuplicateKind.Identical)).Select(g => g.Bytes));
        Assert.Empty(await ListGroupsAsync(DuplicateKind.Likely));
    }

    [Fact]
    public async Task Run_FileThatChanged_IsReadAgainAndOneThatWentIsForgotten()
    {
        Write("A/Quiet Water (2001).epub", 1, size: 5000);
        Write("B/Quiet Water (2001).epub", 1, size: 5000);
        _catalog.Write("B/Another (2002).epub");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        await SampleAsync();
        Assert.Equal(5000, Assert.Single(await ListGroupsAsync(DuplicateKind.Identical)).Bytes);    // so short that the sample is the whole file

        Write("B/Quiet Water (2001).epub", 2, size: 5000);
        File.SetLastWriteTimeUtc(Path.Combine(_catalog.Root, "B/Quiet Water (2001).epub"), DateTime.UtcNow.AddHours(1));
        await _catalog.ScanAsync(source.Id);
        Assert.StartsWith("1 files", await SampleAsync(), StringComparison.Ordinal);
        Assert.Empty(await ListGroupsAsync(DuplicateKind.Identical));

        _catalog.Delete("B/Quiet Water (2001).epub");
        await _catalog.ScanAsync(source.Id);
        await SampleAsync();
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM file_prints"));
        await AssertSummariesMatchAsync();
    }

    [Fact]
    public async Task Run_FilesOnAShareThatGoes_AreReadThroughItsSourceAndWait()
    {
        await using var server = await SmbServer.StartAsync();
        Write("Quiet Water (2001).mkv", 1);
        Directory.CreateDirectory(server.PathOf("auth/video"));
        File.Copy(Path.Combine(_catalog.Root, "Quiet Water (2001).mkv"), server.PathOf("auth/video/Quiet Water (2001).mkv"));
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        var share = await _catalog.AddAsync(SmbSources.CreateDraft(server, "auth", "video"));
        await _catalog.ScanAsync(share.Id);

        Assert.StartsWith("2 files were sampled", await SampleAsync(), StringComparison.Ordinal);
        await CompareAsync();
        await server.DisposeAsync();
        var away = await CompareAsync();

        Assert.Contains("0 files", away, StringComparison.Ordinal);
        Assert.Contains("wait", away, StringComparison.Ordinal);
        Assert.Equal(1, _catalog.Count("SELECT count(*) FROM file_prints WHERE whole IS NULL AND error IS NULL"));
        Assert.Single(await ListGroupsAsync(DuplicateKind.Likely));
    }

    [Fact]
    public async Task Plan_BackupsAndEditions_AreNotTooMuch()
    {
        foreach (var path in (string[])["Main/Quiet Water (2001) 1080p.mkv", "Main/Quiet Water (2001) 720p.mkv", "Main/Quiet Water (2001) 480p Director's Cut.mkv", "Spare/Quiet Water (2001) 720p.mkv"])
        {
            _catalog.Write(path, new string('x', path.Contains("720p", StringComparison.Ordinal) ? 7200 : path.Length));
        }

        var main = (await _catalog.Sources.AddAsync(Actor.System, new SourceDraft { Name = "Main", Protocol = "local", Path = Path.Combine(_catalog.Root, "Main") }, default)).Value;
        var spare = (await _catalog.Sources.AddAsync(Actor.System, new SourceDraft { Name = "Spare", Protocol = "local", Path = Path.Combine(_catalog.Root, "Spare"), Purpose = "backup" }, default)).Value;
        await _catalog.ScanAsync(main.Id);
        await _catalog.ScanAsync(spare.Id);

        await SampleAsync();

        var lesser = Assert.Single(await ListGroupsAsync(DuplicateKind.Lesser));
        Assert.Equal(7200, lesser.Bytes);
        Assert.Equal(["Quiet Water (2001) 720p.mkv"], lesser.Copies.Where(c => c.IsRedundant).Select(c => c.Path));
        var same = Assert.Single(await ListGroupsAsync(DuplicateKind.Identical));
        Assert.Equal((2, 0L), (same.Count, same.Bytes));
        Assert.Equal(7200, Assert.Single(await ListGroupsAsync(DuplicateKind.Lesser, main.Id)).Bytes);
        Assert.Equal(0, Assert.Single(await ListGroupsAsync(DuplicateKind.Lesser, spare.Id)).Bytes);

        _catalog.Delete("Main/Quiet Water (2001) 720p.mkv");
        await _catalog.ScanAsync(main.Id);
        await SampleAsync();
        Assert.Empty(await ListGroupsAsync(DuplicateKind.Lesser));
        Assert.Empty(await ListGroupsAsync(DuplicateKind.Identical));
        await AssertSummariesMatchAsync();
    }

    [Fact]
    public async Task Page_ByPage_ShowsEachGroupOnceTheMostBytesFirst()
    {
        for (var i = 0; i < 25; i++)
        {
            var content = new string((char)('a' + i), 1000 + (i / 2 * 10));
            _catalog.Write($"A/Water {(char)('a' + i)} (2001).epub", content);
            _catalog.Write($"B/Water {(char)('a' + i)} (2001).epub", content);
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await SampleAsync();
        var (found, cursor) = (new List<DuplicateView>(), ((long, long)?)null);
        do
        {
            var page = await Service.PageAsync(Actor.System, new DuplicateQuery(DuplicateKind.Identical, null, null, cursor, 4), default);
            found.AddRange(page.Groups);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(25, found.Select(g => g.Title).Distinct().Count());
        Assert.Equal(25, found.Count);
        Assert.Equal(found.Select(g => g.Bytes).OrderDescending(), found.Select(g => g.Bytes));
        await AssertSummariesMatchAsync();
    }

    [Fact]
    public async Task Group_VeryManyFilesOfOneSize_AreGroupedInShortTurns()
    {
        for (var i = 0; i < 2500; i++)
        {
            _catalog.Write($"{i % 5}/Water {i} (2001).epub", i < 2200 ? "same!" : $"{i:00000}");
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await SampleAsync();
        var group = Assert.Single(await ListGroupsAsync(DuplicateKind.Identical));
        Assert.Equal((2200, 20, 2199L * 5), (group.Count, group.Copies.Count, group.Bytes));
        Assert.Equal(2200, _catalog.Count("SELECT count(*) FROM file_prints WHERE group_id IS NOT NULL"));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM file_prints WHERE grouped = 0"));
        await AssertSummariesMatchAsync();

        for (var i = 0; i < 10; i++)
        {
            _catalog.Delete($"{i % 5}/Water {i} (2001).epub");
        }

        await _catalog.ScanAsync(1);
        await SampleAsync();
        Assert.Equal(2190, Assert.Single(await ListGroupsAsync(DuplicateKind.Identical)).Count);
        await AssertSummariesMatchAsync();
    }

    [Fact]
    public void Surplus_NamesOfOneFile_AreNotTooMuch()
    {
        DuplicateFile CreateVersion(long id, long? number, SourcePurpose purpose = SourcePurpose.Main) => new(id, 1, purpose, number, 0, id);

        Assert.Empty(RedundancyRules.FindRedundant([CreateVersion(1, 7), CreateVersion(2, 7)]));
        Assert.Equal([3], RedundancyRules.FindRedundant([CreateVersion(1, 7), CreateVersion(2, 7), CreateVersion(3, 8)]));
        Assert.Equal([1], RedundancyRules.FindRedundant([CreateVersion(1, 7, SourcePurpose.Archive), CreateVersion(2, 9)]));
        Assert.Empty(RedundancyRules.FindRedundant([CreateVersion(1, 7, SourcePurpose.Backup), CreateVersion(2, 9, SourcePurpose.Backup)]));
    }

    [Fact]
    public async Task Lesser_AnotherNameOfAFile_IsNotNamed()
    {
        Write("Downloads/Hard.Film.2010.1080p.BluRay.x264-GRP/Hard.Film.2010.1080p.BluRay.x264-GRP.mkv", 1);
        Directory.CreateDirectory(Path.Combine(_catalog.Root, "Movies/Hard Film (2010)"));
        using (var link = System.Diagnostics.Process.Start("ln", [Path.Combine(_catalog.Root, "Downloads/Hard.Film.2010.1080p.BluRay.x264-GRP/Hard.Film.2010.1080p.BluRay.x264-GRP.mkv"), Path.Combine(_catalog.Root, "Movies/Hard Film (2010)/Hard Film (2010) 720p x264.mkv")]))
        {
            await link.WaitForExitAsync();
        }

        Write("Third/Hard Film (2010) 480p x264.mkv", 2);
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        await SampleAsync();

        var lesser = Assert.Single(await ListGroupsAsync(DuplicateKind.Lesser));
        Assert.Equal(["Third/Hard Film (2010) 480p x264.mkv"], lesser.Copies.Where(c => c.IsRedundant).Select(c => c.Path));
        Assert.Equal(FileBytes, lesser.Bytes);
    }

    [Fact]
    public async Task Lesser_TheSameBytesUnderALesserName_AreNotNamed()
    {
        Write("A/Quiet Water (2001) 1080p x264.mkv", 1, size: 5000);
        Write("B/Quiet Water (2001) 720p x264.mkv", 1, size: 5000);
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await SampleAsync();
        await SampleAsync();

        Assert.Empty(await ListGroupsAsync(DuplicateKind.Lesser));
        Assert.Single(await ListGroupsAsync(DuplicateKind.Identical));
    }

    [Theory]
    [InlineData("Quiet Water 1080p x264.mkv", "Quiet Water 720p x264.mkv")]              // a title alone may be that of two films
    [InlineData("Quiet Water (2001) 1080p x264.mkv", "Quiet Water (2001).mkv")]          // nothing is known of the other
    [InlineData("Quiet Water (2001) 1080p x264.mkv", "Quiet Water (2001) 720p.mkv")]
    public async Task Lesser_ItemOrCopyThatIsNotCertain_IsNotNamed(string better, string other)
    {
        Write("A/" + better, 1);
        Write("B/" + other, 2);
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);

        await SampleAsync();

        Assert.Empty(await ListGroupsAsync(DuplicateKind.Lesser));
    }

    private DuplicateService Service => _catalog.Services.GetRequiredService<DuplicateService>();

    private void Write(string path, int seed, int? other = null, int size = FileBytes)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        if (other is { } at)
        {
            bytes[at] ^= 1;
        }

        var full = Path.Combine(_catalog.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    private async Task<IReadOnlyList<DuplicateView>> ListGroupsAsync(DuplicateKind kind, long? source = null) =>
        (await Service.PageAsync(Actor.System, new DuplicateQuery(kind, source, null, null, 200), default)).Groups;

    /// <summary>The stored summaries equal the totals of the sources' rows.</summary>
    private async Task AssertSummariesMatchAsync()
    {
        const string columns = "kind || '|' || source_id || '|' || media_type || '|'";
        Assert.Equal(
            _catalog.QueryRows($"SELECT {columns} || count(*) || '|' || sum(bytes) FROM duplicate_shares GROUP BY kind, source_id, media_type ORDER BY kind, source_id, media_type"),
            (await Service.SummariesAsync(Actor.System, default)).Select(s => FormattableString.Invariant($"{(int)s.Kind}|{s.SourceId}|{s.MediaType}|{s.Groups}|{s.Bytes}")));
    }

    private Task<string> SampleAsync() => _catalog.Services.GetRequiredService<FingerprintService>().SampleAsync(new Progress<ProgressUpdate>(), default);

    private Task<string> CompareAsync() => _catalog.Services.GetRequiredService<FingerprintService>().CompareAsync(new Progress<ProgressUpdate>(), default);
}
