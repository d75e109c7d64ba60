using System.Threading.Channels;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metrics;
using Catalogizer.Domain.Sources;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Scanning;

/// <summary>One look at a source, from the first listing to the decision about its losses.</summary>
/// <param name="broken">The scans that broke off before this one, or this one itself, to go on with; null when the last one came to its end.</param>
/// <param name="history">Where the scan gets its row before anything it found is saved.</param>
/// <param name="changed">The folders that a watch told of; null when none did.</param>
internal sealed partial class ScanRun(
    ScanParts parts, Source source, ScanProgress progress, Scan scan, BrokenOff? broken, ISourceConnector connector, ScanHistory history, ChangedFolders? changed = null)
{
    private const int FullBatch = 1000;
    private const long FewFiles = 5000;
    private static readonly TimeSpan FirstSave = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan SavePace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FollowPace = TimeSpan.FromSeconds(2);

    /// <summary>The scan itself broke off, and has counted what it had listed till then.</summary>
    private readonly bool _goesOn = broken is not null && scan.Listed > 0;

    private readonly List<FolderChanges> _unsaved = [];
    private ScanContext? _context;
    private Action _countUnchanged = () => { };
    private int _unsavedWeight;
    private long _lastSave;
    private long _lastFollow;
    private bool _bulk;
    private bool _unfollowed;

    /// <exception cref="SourceFault">The source does not answer, or went away in the middle.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await FirstAnswerAsync(cancellation);
        _bulk = await parts.Store.IsFirstLookAsync(source.Id, cancellation) && parts.Gate.TryEnterAlone();
        if (!_bulk)
        {
            await parts.Gate.EnterSharedAsync(cancellation);
        }

        try
        {
            await parts.Store.EndBulkAsync(cancellation);
            progress.Update(s => (s.State, s.Reason, s.StartedAt) = (ScanState.Running, null, s.StartedAt ?? parts.Time.GetUtcNow()));
            var startedAt = scan.StartedAt!.Value.ToUnixTimeMilliseconds();
            _context = new ScanContext(scan.Id, source.Id, startedAt, new Dictionary<string, long>(StringComparer.Ordinal));
            if (broken is not null)
            {
                (_context.FirstFile, _context.Since) = (0, Math.Min(startedAt, broken.Began.ToUnixTimeMilliseconds()));

                // What an unfinished look missed may have come back since; what is gone is noted again.
                await parts.Store.ForgetLossesAsync(source.Id, cancellation);
            }

            Publish(itemsChanged: false);
            await ListAndSaveAsync(cancellation);
            await EndBulkAsync();
            await FollowMovesAsync(cancellation);
            await DecideLossesAsync(cancellation);
        }
        finally
        {
            try
            {
                await EndBulkAsync();
            }
            finally
            {
                parts.Gate.LeaveShared();
            }
        }
    }

    /// <summary>Fails soon when the source is away, before anything waits for anything.</summary>
    private async Task FirstAnswerAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(parts.Options.FirstAnswer, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await Task.Run(async () => await connector.ModifiedAsync("", either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SourceFault(SourceFaultKind.TimedOut, $"The source did not answer within {parts.Options.FirstAnswer.TotalSeconds:0} seconds.");
        }
    }

    private async Task ListAndSaveAsync(CancellationToken cancellation)
    {
        if (_bulk)
        {
            await parts.Store.BeginBulkAsync(cancellation);
        }

        var known = changed is { Only: true } ? new Dictionary<string, KnownFolder>() : await parts.Store.FoldersAsync(source.Id, cancellation);
        var compare = new CompareFolder(parts.Detector, parts.Ignore);
        var scope = source.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var trusted = new TrustedTimes(scan.Kind == ScanKind.Quick, broken?.TrustedSince.ToUnixTimeMilliseconds(), parts.Time.GetUtcNow().ToUnixTimeMilliseconds());
        using var walk = new FolderWalk(connector, compare, parts.Store, known, scope, trusted, parts.Time, changed);
        var before = scan.UnchangedFolders;
        _countUnchanged = () => progress.Update(s => s.UnchangedFolders = before + walk.Unchanged);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var walking = walk.RunAsync(parts.Options.ListingThreads, stop.Token);
        try
        {
            await SaveWhatIsFoundAsync(walk.Found, stop.Token);
        }
        catch
        {
            // What was seen and not saved will be seen again.
            _unsaved.ForEach(changes => Tally(changes, -1));
            await stop.CancelAsync();
            await walking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await walking;
        _countUnchanged();
    }

    private async Task SaveWhatIsFoundAsync(ChannelReader<FolderChanges> found, CancellationToken cancellation)
    {
        _lastSave = _lastFollow = parts.Time.GetTimestamp();
        var pace = FirstSave;
        Task<bool>? more = null;
        while (true)
        {
            var took = TakeWhatIsThere(found);
            var left = pace - parts.Time.GetElapsedTime(_lastSave);
            if (_unsavedWeight >= FullBatch || (left <= TimeSpan.Zero && (_unsaved.Count > 0 || _unfollowed)))
            {
                await SaveAsync(cancellation);
                pace = SavePace;
            }
            else if (took)
            {
                // To be woken for each folder costs more than what it brings: those of a moment are taken together.
                await Task.Delay(Moment, cancellation);
            }
            else
            {
                more ??= found.WaitToReadAsync(cancellation).AsTask();
                if ((_unsaved.Count > 0 || _unfollowed) && !await ArrivesAsync(more, left))
                {
                    continue;
                }

                if (!await more)
                {
                    break;
                }

                more = null;
            }
        }

        await found.Completion;
        await SaveAsync(cancellation);
    }

    private bool TakeWhatIsThere(ChannelReader<FolderChanges> found)
    {
        var took = false;
        while (_unsavedWeight < FullBatch && found.TryRead(out var changes))
        {
            Take(changes);
            took = true;
        }

        return took;
    }

    private async Task<bool> ArrivesAsync(Task<bool> more, TimeSpan within)
    {
        using var end = new CancellationTokenSource();
        var first = await Task.WhenAny(more, Task.Delay(within, parts.Time, end.Token));
        await end.CancelAsync();
        return first == more;
    }

    private void Take(FolderChanges changes)
    {
        Tally(changes, 1);
        CatalogizerMeter.ScannedFiles.Add(changes.Listed);
        if (changes.Known is { } known)
        {
            _context!.FolderIds[changes.Path] = known.Id;    // a new folder finds its parent also when that is no news
        }

        if (changes.IsNews)
        {
            _unsaved.Add(changes);
            _unsavedWeight += changes.Weight;
        }
        else
        {
            changes.Room?.Dispose();
        }
    }

    private void Tally(FolderChanges changes, int step) => progress.Update(
        s =>
        {
            if (!(_goesOn && changes.Known?.ListedAt >= broken!.Began.ToUnixTimeMilliseconds()))
            {
                s.Listed += changes.Listed * step;
                s.Skipped += changes.Skipped * step;
            }

            s.FailedFolders += changes.Fault is null ? 0 : step;
        },
        changes.Path);

    private async Task SaveAsync(CancellationToken cancellation)
    {
        if (_unsaved.Count > 0)
        {
            var started = parts.Time.GetTimestamp();
            if (_bulk && _unsaved.Exists(c => c.NeedsIndexes))
            {
                await EndBulkAsync();
            }

            _countUnchanged();
            await history.KeepAsync(scan.Id, progress, cancellation);
            var saved = await parts.Store.SaveAsync(_context!, _unsaved, new SeenCounts(scan.Listed, scan.Skipped, scan.UnchangedFolders, scan.FailedFolders), cancellation);
            var took = parts.Time.GetElapsedTime(started);
            LogItems(took);
            if (saved.Added > 0)
            {
                progress.NameAdded(OnlyAdded());
            }

            progress.Update(s =>
            {
                s.Added += saved.Added;
                s.Changed += saved.Changed;
                s.Unknown += saved.Unknown;
            });
            _unsaved.ForEach(c => c.Room?.Dispose());
            _unsaved.Clear();
            _unsavedWeight = 0;
            _unfollowed = _bulk;
            if (parts.Store.IsBeingRead)
            {
                // As long as the save took: meanwhile what is found waits, and soon the walk does too.
                await Task.Delay(took < LongestPause ? took : LongestPause, parts.Time, cancellation);
            }
        }

        await FollowAsync(cancellation);
        _lastSave = parts.Time.GetTimestamp();
        Publish(itemsChanged: true);
    }

    /// <summary>In a bulk load, search and counters come after in steps; and a scan that waits ends the bulk load.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        if (!_bulk || !_unfollowed)
        {
            return;
        }

        if (parts.Gate.IsWanted)
        {
            await EndBulkAsync();
        }
        else if (parts.Time.GetElapsedTime(_lastFollow) > FollowPace || scan.Added <= FullBatch)
        {
            await parts.Store.FollowAsync(cancellation);
            _unfollowed = false;
            _lastFollow = parts.Time.GetTimestamp();
        }
    }

    private async Task EndBulkAsync()
    {
        if (_bulk)
        {
            _bulk = _unfollowed = false;
            try
            {
                await parts.Store.EndBulkAsync(CancellationToken.None);
            }
            finally
            {
                parts.Gate.StepDown();
            }
        }
    }

    private async Task FollowMovesAsync(CancellationToken cancellation)
    {
        var (moved, added) = await parts.Store.FollowMovesAsync(_context!, cancellation);
        if (moved > 0)
        {
            progress.NameAdded(null);
            progress.Update(s => (s.Moved, s.Added) = (s.Moved + moved, s.Added - added));
            Publish(itemsChanged: true);
        }
    }

    private async Task DecideLossesAsync(CancellationToken cancellation)
    {
        var stillGone = await parts.Store.AreHeldOnesStillGoneAsync(scan.Id, source.Id, cancellation);
        if (!stillGone && await parts.Store.AreLossesSmallAsync(scan.Id, source.Id, cancellation))
        {
            var few = await parts.Store.ApplyLossesAsync(scan.Id, Presence.Missing, cancellation);
            progress.Update(s => (s.State, s.Missing) = (ScanState.Completed, few));
            return;
        }

        var tops = await parts.Store.LossesByTopFolderAsync(scan.Id, source.Id, cancellation);
        var lost = tops.Sum(t => t.Lost);
        if ((stillGone ? LossBrake.HoldOn(lost) : LossBrake.Hold(tops)) is { } reason)
        {
            progress.Update(s => (s.State, s.Reason, s.Missing) = (ScanState.Held, reason, lost));
            return;
        }

        if (lost > 0)
        {
            await parts.Store.ApplyLossesAsync(scan.Id, Presence.Missing, cancellation);
        }

        progress.Update(s => (s.State, s.Missing) = (ScanState.Completed, lost));
    }

    private void Publish(bool itemsChanged)
    {
        parts.Events.Publish(new ScanProgressed(progress.Update()));
        if (itemsChanged)
        {
            parts.Events.Publish(new ItemsChanged());
        }
    }

    private string? OnlyAdded() => _unsaved.SelectMany(c => c.Added, (c, file) => c.Path.Length == 0 ? file.Entry.Name : $"{c.Path}/{file.Entry.Name}").Take(2).ToList() is [var only] ? only : null;

    /// <summary>Logs one line per item. A large first scan logs the first few thousand items and then counts; docs/operating.md lists the lines.</summary>
    private void LogItems(TimeSpan saving)
    {
        if (!parts.Logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var files = _unsaved.Sum(c => c.Added.Count + c.Changed.Count);
        if (_bulk && scan.Added > FewFiles)
        {
            ItemsProcessed(parts.Logger, files, source.Name, saving.TotalMilliseconds);
            return;
        }

        foreach (var file in _unsaved.SelectMany(c => c.Added))
        {
            if (file.Plan is { } plan)
            {
                ItemProcessed(parts.Logger, WorkWords.Title(plan.Leaf), file.Type.Word(), file.ReadingTime.TotalMilliseconds, file.Entry.Size);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Media item processed: {title} ({type}), processing_time {processing_time} ms, file_size {file_size} bytes")]
    private static partial void ItemProcessed(ILogger logger, string title, string type, double processing_time, long file_size);

    [LoggerMessage(Level = LogLevel.Information, Message = "{count} further files of {source} saved, saving_time {saving_time} ms")]
    private static partial void ItemsProcessed(ILogger logger, int count, string source, double saving_time);
}

/// <summary>Scans of a source that did not come to their end: what they saved stands, what they had yet to decide does not.</summary>
/// <param name="Began">When the first of them began.</param>
/// <param name="TrustedSince">Folders listed since then need no listing while their times stand.</param>
internal sealed record BrokenOff(DateTimeOffset Began, DateTimeOffset TrustedSince);

/// <summary>What every scan needs.</summary>
internal sealed record ScanParts(
    IScanStore Store, MediaDetector Detector, IgnoreList Ignore, ScanningOptions Options, BulkGate Gate, EventStreamer Events, TimeProvider Time, ILogger<ScanRun> Logger);
