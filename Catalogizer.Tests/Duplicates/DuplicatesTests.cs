using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Duplicates;

/// <summary>Real files compared layer by layer, and the plan that follows.</summary>
public sealed class DuplicatesTests : IAsyncLifetime
{
    private const int Size = 3_000_000;

    private readonly TestCatalogue _catalogue = new(more: services => services.Configure<DuplicateOptions>(o => o.BytesPerRun = Size));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalogue.DisposeAsync();

    [Fact]
    public async Task Run_FilesOfOneSize_AreToldApartLayerByLayerAndReadOnce()
    {
        Write("A/Quiet Water (2001).mkv", 1);
        Write("B/Quiet Water (2001).mkv", 1);
        Write("C/Loud Water (2001).mkv", 1, other: 500_000);      // alike but for a byte that no sample sees
        Write("D/Other Water (2001).mkv", 2);
        Write("E/Short (2001).mkv", 1, size: 2_999_999);
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);

        Assert.StartsWith("4 files were sampled, 0 MB", await SampleAsync(), StringComparison.Ordinal);
        var likely = Assert.Single(await GroupsAsync(DuplicateKind.Likely));
        Assert.Equal((3, 2L * Size), (likely.Count, likely.Bytes));
        Assert.Empty(await GroupsAsync(DuplicateKind.Identical));

        // A file a run, by the bytes that one run may read.
        for (var i = 0; i < 3; i++)
        {
            Assert.StartsWith("1 files were read as a whole, 3 MB", await CompareAsync(), StringComparison.Ordinal);
        }

        var same = Assert.Single(await GroupsAsync(DuplicateKind.Identical));
        Assert.Empty(await GroupsAsync(DuplicateKind.Likely));
        Assert.Equal(("Quiet Water", Size), (same.Title, same.Bytes));
        Assert.Equal(["A/Quiet Water (2001).mkv", "B/Quiet Water (2001).mkv"], same.Copies.Select(c => c.Path).Order(StringComparer.Ordinal));
        Assert.Equal([false, true], same.Copies.Select(c => c.IsRedundant));     // of two as good, the one that was seen first stays
        Assert.StartsWith("0 files", await SampleAsync(), StringComparison.Ordinal);
        Assert.StartsWith("0 files", await CompareAsync(), StringComparison.Ordinal);
        await SumsAgreeAsync();
    }

    [Fact]
    public async Task Compare_FilesLargerThanARunMayRead_AreReadAFileARunAndDone()
    {
        foreach (var (folder, size) in (ReadOnlySpan<(string, int)>)[("A", 3 * Size), ("B", 3 * Size)])
        {
            Write($"{folder}/Quiet Water (2001).mkv", 1, size: size);
            Write($"{folder}/Short Water (2002).mkv", 2, size: Size / 4);
        }

        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
        await SampleAsync();

        // Most is to be won with the large ones, so each has the beginning of a run, and goes over what a run may read.
        Assert.StartsWith("1 files were read as a whole, 9 MB", await CompareAsync(), StringComparison.Ordinal);
        Assert.StartsWith("1 files were read as a whole, 9 MB", await CompareAsync(), StringComparison.Ordinal);
        Assert.StartsWith("2 files were read as a whole", await CompareAsync(), StringComparison.Ordinal);

        Assert.Equal([3L * Size, Size / 4], (await GroupsAsync(DuplicateKind.Identical)).Select(g => g.Bytes));
        Assert.Empty(await GroupsAsync(DuplicateKind.Likely));
    }

    [Fact]
    public async Task Run_FileThatChanged_IsReadAgainAndOneThatWentIsForgotten()
    {
        Write("A/Quiet Water (2001).epub", 1, size: 5000);
        Write("B/Quiet Water (2001).epub", 1, size: 5000);
        _catalogue.Write("B/Another (2002).epub");
        var source = await _catalogue.AddSourceAsync();
        await _catalogue.ScanAsync(source.Id);
        await SampleAsync();
        Assert.Equal(5000, Assert.Single(await GroupsAsync(DuplicateKind.Identical)).Bytes);    // so short that its sample is all of it

        Write("B/Quiet Water (2001).epub", 2, size: 5000);
        File.SetLastWriteTimeUtc(Path.Combine(_catalogue.Root, "B/Quiet Water (2001).epub"), DateTime.UtcNow.AddHours(1));
        await _catalogue.ScanAsync(source.Id);
        Assert.StartsWith("1 files", await SampleAsync(), StringComparison.Ordinal);
        Assert.Empty(await GroupsAsync(DuplicateKind.Identical));

        _catalogue.Delete("B/Quiet Water (2001).epub");
        await _catalogue.ScanAsync(source.Id);
        await SampleAsync();
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM file_prints"));
        await SumsAgreeAsync();
    }

    [Fact]
    public async Task Run_FilesOnAShareThatGoes_AreReadThroughItsSourceAndWait()
    {
        await using var server = await SmbServer.StartAsync();
        Write("Quiet Water (2001).mkv", 1);
        Directory.CreateDirectory(server.PathOf("auth/video"));
        File.Copy(Path.Combine(_catalogue.Root, "Quiet Water (2001).mkv"), server.PathOf("auth/video/Quiet Water (2001).mkv"));
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
        var share = await _catalogue.AddAsync(SmbSources.On(server, "auth", "video"));
        await _catalogue.ScanAsync(share.Id);

        Assert.StartsWith("2 files were sampled", await SampleAsync(), StringComparison.Ordinal);
        await CompareAsync();
        await server.DisposeAsync();
        var away = await CompareAsync();

        Assert.Contains("0 files", away, StringComparison.Ordinal);
        Assert.Contains("wait", away, StringComparison.Ordinal);
        Assert.Equal(1, _catalogue.Count("SELECT count(*) FROM file_prints WHERE whole IS NULL AND error IS NULL"));
        Assert.Single(await GroupsAsync(DuplicateKind.Likely));
    }

    [Fact]
    public async Task Plan_BackupsAndEditions_AreNotTooMuch()
    {
        foreach (var path in (string[])["Main/Quiet Water (2001) 1080p.mkv", "Main/Quiet Water (2001) 720p.mkv", "Main/Quiet Water (2001) 480p Director's Cut.mkv", "Spare/Quiet Water (2001) 720p.mkv"])
        {
            _catalogue.Write(path, new string('x', path.Contains("720p", StringComparison.Ordinal) ? 7200 : path.Length));
        }

        var main = (await _catalogue.Sources.AddAsync(Actor.System, new SourceDraft { Name = "Main", Protocol = "local", Path = Path.Combine(_catalogue.Root, "Main") }, default)).Value;
        var spare = (await _catalogue.Sources.AddAsync(Actor.System, new SourceDraft { Name = "Spare", Protocol = "local", Path = Path.Combine(_catalogue.Root, "Spare"), Purpose = "backup" }, default)).Value;
        await _catalogue.ScanAsync(main.Id);
        await _catalogue.ScanAsync(spare.Id);

        await SampleAsync();

        var lesser = Assert.Single(await GroupsAsync(DuplicateKind.Lesser));
        Assert.Equal(7200, lesser.Bytes);
        Assert.Equal(["Quiet Water (2001) 720p.mkv"], lesser.Copies.Where(c => c.IsRedundant).Select(c => c.Path));
        var same = Assert.Single(await GroupsAsync(DuplicateKind.Identical));
        Assert.Equal((2, 0L), (same.Count, same.Bytes));
        Assert.Equal(7200, Assert.Single(await GroupsAsync(DuplicateKind.Lesser, main.Id)).Bytes);
        Assert.Equal(0, Assert.Single(await GroupsAsync(DuplicateKind.Lesser, spare.Id)).Bytes);

        _catalogue.Delete("Main/Quiet Water (2001) 720p.mkv");
        await _catalogue.ScanAsync(main.Id);
        await SampleAsync();
        Assert.Empty(await GroupsAsync(DuplicateKind.Lesser));
        Assert.Empty(await GroupsAsync(DuplicateKind.Identical));
        await SumsAgreeAsync();
    }

    [Fact]
    public async Task Page_ByPage_ShowsEachGroupOnceTheMostBytesFirst()
    {
        for (var i = 0; i < 25; i++)
        {
            var content = new string((char)('a' + i), 1000 + (i / 2 * 10));
            _catalogue.Write($"A/Water {(char)('a' + i)} (2001).epub", content);
            _catalogue.Write($"B/Water {(char)('a' + i)} (2001).epub", content);
        }

        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
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
        await SumsAgreeAsync();
    }

    [Fact]
    public async Task Group_VeryManyFilesOfOneSize_AreGroupedInShortTurns()
    {
        for (var i = 0; i < 2500; i++)
        {
            _catalogue.Write($"{i % 5}/Water {i} (2001).epub", i < 2200 ? "same!" : $"{i:00000}");
        }

        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
        await SampleAsync();
        var group = Assert.Single(await GroupsAsync(DuplicateKind.Identical));
        Assert.Equal((2200, 20, 2199L * 5), (group.Count, group.Copies.Count, group.Bytes));
        Assert.Equal(2200, _catalogue.Count("SELECT count(*) FROM file_prints WHERE group_id IS NOT NULL"));
        Assert.Equal(0, _catalogue.Count("SELECT count(*) FROM file_prints WHERE grouped = 0"));
        await SumsAgreeAsync();

        for (var i = 0; i < 10; i++)
        {
            _catalogue.Delete($"{i % 5}/Water {i} (2001).epub");
        }

        await _catalogue.ScanAsync(1);
        await SampleAsync();
        Assert.Equal(2190, Assert.Single(await GroupsAsync(DuplicateKind.Identical)).Count);
        await SumsAgreeAsync();
    }

    [Fact]
    public void Surplus_NamesOfOneFile_AreNotTooMuch()
    {
        DuplicateFile Of(long id, long? number, SourcePurpose purpose = SourcePurpose.Main) => new(id, 1, purpose, number, 0, id);

        Assert.Empty(RedundancyRules.FindRedundant([Of(1, 7), Of(2, 7)]));
        Assert.Equal([3], RedundancyRules.FindRedundant([Of(1, 7), Of(2, 7), Of(3, 8)]));
        Assert.Equal([1], RedundancyRules.FindRedundant([Of(1, 7, SourcePurpose.Archive), Of(2, 9)]));
        Assert.Empty(RedundancyRules.FindRedundant([Of(1, 7, SourcePurpose.Backup), Of(2, 9, SourcePurpose.Backup)]));
    }

    private DuplicateService Service => _catalogue.Services.GetRequiredService<DuplicateService>();

    private void Write(string path, int seed, int? other = null, int size = Size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        if (other is { } at)
        {
            bytes[at] ^= 1;
        }

        var full = Path.Combine(_catalogue.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    private async Task<IReadOnlyList<DuplicateView>> GroupsAsync(DuplicateKind kind, long? source = null) =>
        (await Service.PageAsync(Actor.System, new DuplicateQuery(kind, source, null, null, 200), default)).Groups;

    /// <summary>The sums that are kept are those of the shares.</summary>
    private async Task SumsAgreeAsync()
    {
        const string columns = "kind || '|' || source_id || '|' || media_type || '|'";
        Assert.Equal(
            _catalogue.Rows($"SELECT {columns} || count(*) || '|' || sum(bytes) FROM duplicate_shares GROUP BY kind, source_id, media_type ORDER BY kind, source_id, media_type"),
            (await Service.SummariesAsync(Actor.System, default)).Select(s => FormattableString.Invariant($"{(int)s.Kind}|{s.SourceId}|{s.MediaType}|{s.Groups}|{s.Bytes}")));
    }

    private Task<string> SampleAsync() => _catalogue.Services.GetRequiredService<FingerprintService>().SampleAsync(new Progress<ProgressUpdate>(), default);

    private Task<string> CompareAsync() => _catalogue.Services.GetRequiredService<FingerprintService>().CompareAsync(new Progress<ProgressUpdate>(), default);
}
