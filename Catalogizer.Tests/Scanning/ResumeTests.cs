using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Scanning;

/// <summary>An interrupted scan resumes where it was.</summary>
public sealed class ResumeTests : IAsyncDisposable
{
    private const int FolderCount = 150;
    private const int ListedBeforeStop = 100;
    private const int FilesPerFolder = 8;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);
    private readonly FaultySource _faultySource = new();
    private readonly TestCatalog _catalog;

    public ResumeTests() => _catalog = new TestCatalog(configureServices: _faultySource.Register);

    [Fact]
    public async Task Cancelled_NextScan_ListsOnlyWhatIsLeft()
    {
        var source = await AddSourceAsync();
        var first = await CancelScanAsync(source);
        Assert.Equal(ScanState.Cancelled, first.State);

        var second = await _catalog.ScanAsync(source, kind: null);

        Assert.Equal((ScanKind.Full, ScanState.Completed), (second.Kind, second.State));
        Assert.Equal(FolderCount * FilesPerFolder, _catalog.Count("SELECT count(*) FROM files"));
        Assert.Equal(FolderCount * FilesPerFolder, first.Added + second.Added);
        Assert.True(second.Listed <= second.Added + FilesPerFolder, $"{second.Listed} files were listed to find the {second.Added} that were left.");
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task Cancelled_FullScanAskedFor_ListsEverything()
    {
        var source = await AddSourceAsync();
        await CancelScanAsync(source);

        var second = await _catalog.ScanAsync(source, ScanKind.Full);

        Assert.Equal(FolderCount * FilesPerFolder, second.Listed);
    }

    /// <param name="settled">False if the folders have just been written to: their times prove nothing yet, and they are listed again.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stopped_NextStart_GoesOnWithTheSameScan(bool settled)
    {
        var source = await AddSourceAsync(settled);
        var scan = await StartAsync(source);
        await _catalog.Scans.StopAsync();
        var saved = _catalog.Count("SELECT count(*) FROM files");

        AllowListing();
        await _catalog.ReopenAsync();
        await _catalog.Scans.RecoverAsync(default);
        await _catalog.Scans.WaitAsync(scan.Id, default);

        var ended = (await _catalog.Scans.GetAsync(Actor.System, scan.Id, default)).Value;
        Assert.Equal((ScanState.Completed, FolderCount * FilesPerFolder), (ended.State, (int)ended.Added));
        Assert.True(ended.Listed <= (FolderCount * FilesPerFolder) + FilesPerFolder, $"{ended.Listed} files were listed in all, {saved} before the stop.");
        CatalogInvariants.Check(_catalog);
    }

    /// <summary>No user requested it, so it had no row before it found something.</summary>
    [Fact]
    public async Task UnaskedAndStopped_NextStart_GoesOnWithTheSameScan()
    {
        var empty = await _catalog.AddSourceAsync();
        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(empty.Id)).State);
        await _catalog.Scans.RecoverAsync(default);
        Assert.Equal(0, (await _catalog.ScanAsync(empty.Id, kind: null)).Added);
        await WriteFilmsAsync(settled: true);
        var scan = await StartAsync(empty.Id);
        await _catalog.Scans.StopAsync();

        AllowListing();
        await _catalog.ReopenAsync();
        await _catalog.Scans.RecoverAsync(default);
        await _catalog.Scans.WaitAsync(scan.Id, default);

        Assert.Equal([3, 2, 1], (await _catalog.Scans.LatestAsync(Actor.System, empty.Id, 9, default)).Select(s => s.Id));
        var ended = (await _catalog.Scans.GetAsync(Actor.System, scan.Id, default)).Value;
        Assert.Equal((ScanState.Completed, FolderCount * FilesPerFolder), (ended.State, (int)ended.Added));
        CatalogInvariants.Check(_catalog);
    }

    [Fact]
    public async Task GoneInTheMeantime_IsMissed()
    {
        var source = await AddSourceAsync();
        await CancelScanAsync(source);
        var known = _catalog.Count("SELECT count(*) FROM files");
        _catalog.Delete("Films/Film 0001 (1951)/7.mkv");
        _catalog.Delete($"Films/Film {FolderCount - 1:0000} ({1950 + ((FolderCount - 1) % 70)})/7.mkv");

        await _catalog.ScanAsync(source, kind: null);

        Assert.True(known < FolderCount * FilesPerFolder);
        Assert.Equal((FolderCount * FilesPerFolder) - 2, _catalog.Count("SELECT count(*) FROM files WHERE presence = 0"));
        CatalogInvariants.Check(_catalog);
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private async Task<long> AddSourceAsync(bool settled = true)
    {
        await WriteFilmsAsync(settled);
        return (await _catalog.AddSourceAsync()).Id;
    }

    private async Task WriteFilmsAsync(bool settled)
    {
        var yesterday = DateTime.UtcNow.AddDays(-1);
        foreach (var film in Enumerable.Range(0, FolderCount))
        {
            var folder = Path.Combine(_catalog.Root, $"Films/Film {film:0000} ({1950 + (film % 70)})");
            Directory.CreateDirectory(folder);
            foreach (var file in Enumerable.Range(0, FilesPerFolder))
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{file}.mkv"), [1, 2, 3]);
            }

            if (settled)
            {
                Directory.SetLastWriteTimeUtc(folder, yesterday);
            }
        }
    }

    private async Task<ScanView> CancelScanAsync(long source)
    {
        var scan = await StartAsync(source);
        var cancelled = (await _catalog.Scans.CancelAsync(Actor.System, scan.Id, default)).Value;
        AllowListing();
        return cancelled;
    }

    private void AllowListing() => _faultySource.BeforeList = _ => Task.CompletedTask;

    /// <summary>Starts a scan that blocks after two thirds of the folders, and waits for its first save.</summary>
    private async Task<ScanView> StartAsync(long source)
    {
        var listed = 0;
        _faultySource.BeforeList = cancellation => Interlocked.Increment(ref listed) > ListedBeforeStop ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask;
        using var timeout = new CancellationTokenSource(WaitTimeout);
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe();
        var scan = (await _catalog.Scans.StartAsync(Actor.System, source, null, default)).Value;
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            if (batch.OfType<ScanProgressed>().Any(p => p.Scan.Id == scan.Id && p.Scan.Added > 0))
            {
                return scan;
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
