using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Steps;

namespace Catalogizer.Domain.Scanning.Redetecting;

/// <summary>What redetection changed, or would change.</summary>
/// <param name="Files">Files whose names were read.</param>
/// <param name="Types">Files with another type.</param>
/// <param name="Items">Files that belong to another item.</param>
/// <param name="Versions">Files of another version of the same item, and versions with another label, confidence or quality.</param>
/// <param name="Titles">Items with another title, year or type.</param>
/// <param name="Sidecars">Files that became sidecars or stopped being one, or belong to another version.</param>
/// <param name="Pinned">Files that stay with an item that a user decided on.</param>
public sealed record RedetectionReport(long Files, long Types, long Items, long Versions, long Titles, long Sidecars, long Pinned, IReadOnlyList<RedetectionExample> Examples)
{
    public bool HasChanges => Types + Items + Versions + Titles + Sidecars > 0;
}

/// <summary>A file that is detected differently now.</summary>
public sealed record RedetectionExample(string Path, string Before, string After);

/// <summary>
/// Runs detection again on the file names in the catalogue, so that a newer detector's results replace older ones. It uses
/// stored rows only, so sources may be offline. Users' decisions stay.
/// </summary>
public sealed class Redetection
{
    /// <summary>Files compared before their differences are saved.</summary>
    private const int FilesPerSave = 500;

    /// <summary>Save transactions for the differences of one step; far more than they need.</summary>
    private const int MaxSaves = 500;

    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(100);

    private readonly ScanServices _services;
    private readonly IRedetectionStore _store;

    internal Redetection(ScanServices services, IRedetectionStore store) => (_services, _store) = (services, store);

    /// <summary>Whether an older version of the detector read the catalogue. A catalogue without files is recorded as up to date.</summary>
    public async Task<bool> IsDueAsync(CancellationToken cancellation)
    {
        var state = await _store.StateAsync(cancellation);
        if (state.Version is null && state.Files.Values.Sum() == 0)
        {
            await _store.RecordVersionAsync(MediaDetector.Version, cancellation);
            return false;
        }

        return state.Version is null || state.Version < MediaDetector.Version;
    }

    /// <param name="sourceId">Reads only the names on this source; null for all.</param>
    /// <param name="dryRun">Only reports what would change; nothing is saved.</param>
    public async Task<RedetectionReport> RunAsync(long? sourceId, bool dryRun, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await _services.BulkLoadLock.EnterSharedAsync(cancellation);
        try
        {
            return await RedetectAsync(sourceId, dryRun, progress, cancellation);
        }
        finally
        {
            _services.BulkLoadLock.ExitShared();
        }
    }

    /// <summary>Regroups versions by their names after the decision that placed them was undone.</summary>
    internal async Task RegroupAsync(IReadOnlyCollection<long> folders, IReadOnlySet<long> versions, CancellationToken cancellation)
    {
        var comparer = new DetectionComparer(_services.Detector, _services.IgnoreList, long.MaxValue, versions);
        using var reader = _store.OpenFileReader();
        foreach (var folder in folders)
        {
            for (var position = new BatchPosition(folder, ""); reader.ReadNext(position, null) is { } fileBatch && fileBatch.FolderId == folder; position = fileBatch.End)
            {
                if (comparer.Compare(fileBatch, reader).HasChanges)
                {
                    await SaveAsync([fileBatch], comparer, new RedetectionRun(0, long.MaxValue, BatchPosition.Start, 0), isPersisted: false, new RedetectionTotals(), cancellation);
                }
            }
        }

        await _services.Sidecars.AssignAsync(folders, cancellation);
    }

    private async Task<RedetectionReport> RedetectAsync(long? sourceId, bool dryRun, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var state = await _store.StateAsync(cancellation);
        var isPersisted = sourceId is null && !dryRun;
        var run = isPersisted && state.Run is { Version: MediaDetector.Version } interrupted ? interrupted : new RedetectionRun(MediaDetector.Version, state.NextItem, BatchPosition.Start, 0);
        var total = sourceId is { } one ? state.Files.GetValueOrDefault(one) : state.Files.Values.Sum();
        var comparer = new DetectionComparer(_services.Detector, _services.IgnoreList, run.FirstItem);
        var totals = new RedetectionTotals();
        using var reader = _store.OpenFileReader();
        for (var more = true; more;)
        {
            cancellation.ThrowIfCancellationRequested();
            var startedAt = _services.Time.GetTimestamp();
            var (position, differing, read) = await Task.Run(() => CompareNext(reader, comparer, run.Position, sourceId, totals, dryRun), cancellation);
            more = read > 0;
            run = run with { Position = position, Done = run.Done + read };
            totals.Files += read;
            if (!dryRun)
            {
                await SaveAsync(differing, comparer, run, isPersisted, totals, cancellation);
            }

            progress.Report(new ProgressUpdate(
                total == 0 ? null : (int)Math.Min(100, run.Done * 100 / total), string.Create(CultureInfo.InvariantCulture, $"{run.Done:N0} of {total:N0} names read, {totals.Changed:N0} read otherwise")));
            if (_store.IsBeingRead)
            {
                var elapsed = _services.Time.GetElapsedTime(startedAt);
                await Task.Delay(elapsed < MaxPause ? elapsed : MaxPause, _services.Time, cancellation);
            }
        }

        if (!dryRun)
        {
            totals.AddSidecars(await _services.Sidecars.AssignAsync(sourceId, null, null, cancellation));
        }

        if (isPersisted)
        {
            await _store.RecordVersionAsync(MediaDetector.Version, cancellation);
        }

        return totals.ToReport();
    }

    private static (BatchPosition At, List<StoredFileBatch> Differing, int Read) CompareNext(IStoredFileReader reader, DetectionComparer comparer, BatchPosition position, long? sourceId, RedetectionTotals totals, bool dryRun)
    {
        var differing = new List<StoredFileBatch>();
        var read = 0;
        while (read < FilesPerSave && reader.ReadNext(position, sourceId) is { } fileBatch)
        {
            var changes = comparer.Compare(fileBatch, reader);
            totals.Pinned += changes.Pinned;
            if (dryRun)
            {
                totals.Add(fileBatch, changes);
            }
            else if (changes.HasChanges)
            {
                differing.Add(fileBatch);
            }

            (position, read) = (fileBatch.End, read + fileBatch.Files.Count);
        }

        return (position, differing, read);
    }

    private async Task SaveAsync(List<StoredFileBatch> differing, DetectionComparer comparer, RedetectionRun run, bool isPersisted, RedetectionTotals totals, CancellationToken cancellation)
    {
        IReadOnlyList<StoredFileBatch> remaining = differing;
        for (var attempt = 0; remaining.Count > 0 && attempt < MaxSaves; attempt++)
        {
            var saved = new RedetectionTotals();
            remaining = await _store.SaveAsync(
                remaining,
                (fileBatch, stored) =>
                {
                    var changes = comparer.Compare(fileBatch, stored);
                    saved.Add(fileBatch, changes);
                    return changes;
                },
                run.FirstItem, isPersisted ? run : null, cancellation);
            totals.Add(saved);
            _services.Events.Publish(new ItemsChanged());
        }
    }

    private sealed class RedetectionTotals
    {
        private const int MaxExamples = 24;

        private readonly List<RedetectionExample> _examples = [];
        private long _types;
        private long _items;
        private long _versions;
        private long _titles;
        private long _sidecars;

        public long Files { get; set; }

        public long Pinned { get; set; }

        public long Changed => _types + _items + _versions + _titles + _sidecars;

        public void Add(StoredFileBatch fileBatch, DetectionChanges changes)
        {
            _titles += changes.Items.Count;
            _versions += changes.Versions.Count;
            foreach (var (item, detected, path) in changes.Items)
            {
                AddExample(path, ItemDescription.Describe(item.Kind, item.Title, item.Year), ItemDescription.Describe(item.Kind, detected.Title, detected.Year));
            }

            foreach (var (stored, detected) in changes.Regrouped)
            {
                var (before, after) = (ItemDescription.Describe(stored), ItemDescription.Describe(detected));
                CountFile(stored, detected, isRegrouped: true, isSame: before == after);
                AddExample(GetPath(fileBatch, stored), before, after);
            }

            foreach (var (stored, detected) in changes.Reclassified)
            {
                CountFile(stored, detected, isRegrouped: false, isSame: true);
                AddExample(GetPath(fileBatch, stored), stored.Type.ToString(), detected.Type.ToString());
            }

            _sidecars += changes.ReattachedSidecars.Count(j => j.Was.Role == FileRole.Sidecar && changes.Regrouped.Count == 0);
        }

        public void Add(RedetectionTotals other)
        {
            (_types, _items, _versions) = (_types + other._types, _items + other._items, _versions + other._versions);
            (_titles, _sidecars) = (_titles + other._titles, _sidecars + other._sidecars);
            _examples.AddRange(other._examples.Take(MaxExamples - _examples.Count));
        }

        public void AddSidecars(int count) => _sidecars += count;

        public RedetectionReport ToReport() => new(Files, _types, _items, _versions, _titles, _sidecars, Pinned, _examples);

        private static string GetPath(StoredFileBatch fileBatch, StoredFile file) => fileBatch.Path.Length == 0 ? file.Name : $"{fileBatch.Path}/{file.Name}";

        private void CountFile(StoredFile stored, AddedFile detected, bool isRegrouped, bool isSame)
        {
            if ((stored.Role == FileRole.Sidecar) != (detected.Role == FileRole.Sidecar))
            {
                _sidecars++;
            }
            else if (stored.Type != detected.Type)
            {
                _types++;
            }
            else if (isRegrouped && isSame)
            {
                _versions++;
            }
            else
            {
                _items += isRegrouped ? 1 : 0;
            }
        }

        private void AddExample(string path, string before, string after)
        {
            if (before != after && _examples.Count < MaxExamples)
            {
                _examples.Add(new RedetectionExample(path, before, after));
            }
        }
    }
}
