using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>A scan that broke off goes on where it was.</summary>
public sealed class ResumeTests : IAsyncDisposable
{
    private const int Folders = 150;
    private const int ListedBefore = 100;
    private const int FilesEach = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TroubledSource _trouble = new();
    private readonly TestCatalogue _catalogue;

    public ResumeTests() => _catalogue = new TestCatalogue(more: _trouble.Replace);

    [Fact]
    public async Task Cancelled_NextScan_ListsOnlyWhatIsLeft()
    {
        var source = await SourceAsync();
        var first = await BreakOffAsync(source);
        Assert.Equal(ScanState.Cancelled, first.State);

        var second = await _catalogue.ScanAsync(source, kind: null);

        Assert.Equal((ScanKind.Full, ScanState.Completed), (second.Kind, second.State));
        Assert.Equal(Folders * FilesEach, _catalogue.Count("SELECT count(*) FROM files"));
        Assert.Equal(Folders * FilesEach, first.Added + second.Added);
        Assert.True(second.Listed <= second.Added + FilesEach, $"{second.Listed} files were listed to find the {second.Added} that were left.");
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task Cancelled_FullScanAskedFor_ListsEverything()
    {
        var source = await SourceAsync();
        await BreakOffAsync(source);

        var second = await _catalogue.ScanAsync(source, ScanKind.Full);

        Assert.Equal(Folders * FilesEach, second.Listed);
    }

    /// <param name="settled">Otherwise the folders have just been written to: their times prove nothing yet, and they are listed again.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stopped_NextStart_GoesOnWithTheSameScan(bool settled)
    {
        var source = await SourceAsync(settled);
        var scan = await StartAsync(source);
        await _catalogue.Scans.StopAsync();
        var saved = _catalogue.Count("SELECT count(*) FROM files");

        OpenTheGate();
        await _catalogue.ReopenAsync();
        await _catalogue.Scans.RecoverAsync(default);
        await _catalogue.Scans.WaitAsync(scan.Id, default);

        var ended = (await _catalogue.Scans.GetAsync(Actor.System, scan.Id, default)).Value;
        Assert.Equal((ScanState.Completed, Folders * FilesEach), (ended.State, (int)ended.Added));
        Assert.True(ended.Listed <= (Folders * FilesEach) + FilesEach, $"{ended.Listed} files were listed in all, {saved} before the stop.");
        CatalogueTruth.Check(_catalogue);
    }

    /// <summary>Nobody asked for it, so that it had no row before it found something.</summary>
    [Fact]
    public async Task UnaskedAndStopped_NextStart_GoesOnWithTheSameScan()
    {
        var empty = await _catalogue.AddSourceAsync();
        Assert.Equal(ScanState.Completed, (await _catalogue.ScanAsync(empty.Id)).State);
        await _catalogue.Scans.RecoverAsync(default);
        Assert.Equal(0, (await _catalogue.ScanAsync(empty.Id, kind: null)).Added);
        await WriteFilmsAsync(settled: true);
        var scan = await StartAsync(empty.Id);
        await _catalogue.Scans.StopAsync();

        OpenTheGate();
        await _catalogue.ReopenAsync();
        await _catalogue.Scans.RecoverAsync(default);
        await _catalogue.Scans.WaitAsync(scan.Id, default);

        Assert.Equal([3, 2, 1], (await _catalogue.Scans.LatestAsync(Actor.System, empty.Id, 9, default)).Select(s => s.Id));
        var ended = (await _catalogue.Scans.GetAsync(Actor.System, scan.Id, default)).Value;
        Assert.Equal((ScanState.Completed, Folders * FilesEach), (ended.State, (int)ended.Added));
        CatalogueTruth.Check(_catalogue);
    }

    [Fact]
    public async Task GoneInTheMeantime_IsMissed()
    {
        var source = await SourceAsync();
        await BreakOffAsync(source);
        var known = _catalogue.Count("SELECT count(*) FROM files");
        _catalogue.Delete("Films/Film 0001 (1951)/7.mkv");
        _catalogue.Delete($"Films/Film {Folders - 1:0000} ({1950 + ((Folders - 1) % 70)})/7.mkv");

        await _catalogue.ScanAsync(source, kind: null);

        Assert.True(known < Folders * FilesEach);
        Assert.Equal((Folders * FilesEach) - 2, _catalogue.Count("SELECT count(*) FROM files WHERE presence = 0"));
        CatalogueTruth.Check(_catalogue);
    }

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    private async Task<long> SourceAsync(bool settled = true)
    {
        await WriteFilmsAsync(settled);
        return (await _catalogue.AddSourceAsync()).Id;
    }

    private async Task WriteFilmsAsync(bool settled)
    {
        var yesterday = DateTime.UtcNow.AddDays(-1);
        foreach (var film in Enumerable.Range(0, Folders))
        {
            var folder = Path.Combine(_catalogue.Root, $"Films/Film {film:0000} ({1950 + (film % 70)})");
            Directory.CreateDirectory(folder);
            foreach (var file in Enumerable.Range(0, FilesEach))
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{file}.mkv"), [1, 2, 3]);
            }

            if (settled)
            {
                Directory.SetLastWriteTimeUtc(folder, yesterday);
            }
        }
    }

    private async Task<ScanView> BreakOffAsync(long source)
    {
        var scan = await StartAsync(source);
        var cancelled = (await _catalogue.Scans.CancelAsync(Actor.System, scan.Id, default)).Value;
        OpenTheGate();
        return cancelled;
    }

    private void OpenTheGate() => _trouble.Gate = _ => Task.CompletedTask;

    /// <summary>Starts a scan that comes to two thirds of the folders and no further, and waits for its first save.</summary>
    private async Task<ScanView> StartAsync(long source)
    {
        var listed = 0;
        _trouble.Gate = cancellation => Interlocked.Increment(ref listed) > ListedBefore ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask;
        using var limit = new CancellationTokenSource(Patience);
        using var subscription = _catalogue.Services.GetRequiredService<EventStreamer>().Subscribe();
        var scan = (await _catalogue.Scans.StartAsync(Actor.System, source, null, default)).Value;
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            if (batch.OfType<ScanProgressed>().Any(p => p.Scan.Id == scan.Id && p.Scan.Added > 0))
            {
                return scan;
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
