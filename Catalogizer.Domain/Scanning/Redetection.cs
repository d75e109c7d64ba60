using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Events;

namespace Catalogizer.Domain.Scanning;

/// <summary>What reading the names again changed, or would change.</summary>
/// <param name="Files">Names read.</param>
/// <param name="Types">Files of another type.</param>
/// <param name="Works">Files that belong to another work.</param>
/// <param name="Copies">Files of another copy of the same work, and copies of another label, confidence or quality.</param>
/// <param name="Titles">Works of another title, year or type.</param>
/// <param name="Beside">Files that came or went beside a work, or belong to another copy.</param>
/// <param name="Kept">Files that stay with a work that a person decided on.</param>
public sealed record RedetectionReport(long Files, long Types, long Works, long Copies, long Titles, long Beside, long Kept, IReadOnlyList<Reading> Examples)
{
    public bool IsNews => Types + Works + Copies + Titles + Beside > 0;
}

/// <summary>A name that is read otherwise now.</summary>
public sealed record Reading(string Path, string Was, string Now);

/// <summary>
/// Reads the names in the catalogue again, as a scan reads those on a source: what a better reader makes of them takes the
/// place of what an older one made. From stored rows only, so sources may be away. What a person did stays.
/// </summary>
public sealed class Redetection
{
    /// <summary>Files read before their differences are saved.</summary>
    private const int Stretch = 500;

    /// <summary>Turns of the writer that the differences of a stretch get; far more than they need.</summary>
    private const int MostTurns = 500;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly ScanParts _parts;
    private readonly IRedetectionStore _store;

    internal Redetection(ScanParts parts, IRedetectionStore store) => (_parts, _store) = (parts, store);

    /// <summary>Whether an older reader read the catalogue. A catalogue without files is noted as read.</summary>
    public async Task<bool> IsDueAsync(CancellationToken cancellation)
    {
        var state = await _store.StateAsync(cancellation);
        if (state.Version is null && state.Files.Values.Sum() == 0)
        {
            await _store.NoteAsync(MediaDetector.Version, cancellation);
            return false;
        }

        return state.Version is null || state.Version < MediaDetector.Version;
    }

    /// <param name="sourceId">Only the names on this source; null for all.</param>
    /// <param name="dryRun">Only tells; nothing is written.</param>
    public async Task<RedetectionReport> RunAsync(long? sourceId, bool dryRun, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await _parts.Gate.EnterSharedAsync(cancellation);
        try
        {
            return await ReadAsync(sourceId, dryRun, progress, cancellation);
        }
        finally
        {
            _parts.Gate.LeaveShared();
        }
    }

    /// <summary>Places copies again where their names put them, now that nobody says otherwise.</summary>
    internal async Task PlaceAsync(IReadOnlyCollection<long> folders, IReadOnlySet<long> copies, CancellationToken cancellation)
    {
        var compare = new CompareNames(_parts.Detector, _parts.Ignore, long.MaxValue, copies);
        using var names = _store.Open();
        foreach (var folder in folders)
        {
            for (var at = new SlicePlace(folder, ""); names.Next(at, null) is { } slice && slice.FolderId == folder; at = slice.End)
            {
                if (compare.Run(slice, names).Any)
                {
                    await SaveAsync([slice], compare, new RedetectionRun(0, long.MaxValue, SlicePlace.Start, 0), isKept: false, new Tally(), cancellation);
                }
            }
        }
    }

    private async Task<RedetectionReport> ReadAsync(long? sourceId, bool dryRun, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var state = await _store.StateAsync(cancellation);
        var isKept = sourceId is null && !dryRun;
        var run = isKept && state.Run is { Version: MediaDetector.Version } broken ? broken : new RedetectionRun(MediaDetector.Version, state.NextItem, SlicePlace.Start, 0);
        var total = sourceId is { } one ? state.Files.GetValueOrDefault(one) : state.Files.Values.Sum();
        var compare = new CompareNames(_parts.Detector, _parts.Ignore, run.FirstItem);
        var tally = new Tally();
        using var names = _store.Open();
        for (var more = true; more;)
        {
            cancellation.ThrowIfCancellationRequested();
            var began = _parts.Time.GetTimestamp();
            var (at, differing, read) = await Task.Run(() => Next(names, compare, run.Place, sourceId, tally, dryRun), cancellation);
            more = read > 0;
            run = run with { Place = at, Done = run.Done + read };
            tally.Files += read;
            if (!dryRun)
            {
                await SaveAsync(differing, compare, run, isKept, tally, cancellation);
            }

            progress.Report(new ProgressUpdate(
                total == 0 ? null : (int)Math.Min(100, run.Done * 100 / total), string.Create(CultureInfo.InvariantCulture, $"{run.Done:N0} of {total:N0} names read, {tally.Changed:N0} read otherwise")));
            if (_store.IsBeingRead)
            {
                var took = _parts.Time.GetElapsedTime(began);
                await Task.Delay(took < LongestPause ? took : LongestPause, _parts.Time, cancellation);
            }
        }

        if (isKept)
        {
            await _store.NoteAsync(MediaDetector.Version, cancellation);
        }

        return tally.Report();
    }

    private static (SlicePlace At, List<StoredSlice> Differing, int Read) Next(IStoredNames names, CompareNames compare, SlicePlace at, long? sourceId, Tally tally, bool dryRun)
    {
        var differing = new List<StoredSlice>();
        var read = 0;
        while (read < Stretch && names.Next(at, sourceId) is { } slice)
        {
            var found = compare.Run(slice, names);
            tally.Kept += found.Kept;
            if (dryRun)
            {
                tally.Add(slice, found);
            }
            else if (found.Any)
            {
                differing.Add(slice);
            }

            (at, read) = (slice.End, read + slice.Files.Count);
        }

        return (at, differing, read);
    }

    private async Task SaveAsync(List<StoredSlice> differing, CompareNames compare, RedetectionRun run, bool isKept, Tally tally, CancellationToken cancellation)
    {
        IReadOnlyList<StoredSlice> left = differing;
        for (var turn = 0; left.Count > 0 && turn < MostTurns; turn++)
        {
            var saved = new Tally();
            left = await _store.SaveAsync(
                left,
                (slice, stored) =>
                {
                    var found = compare.Run(slice, stored);
                    saved.Add(slice, found);
                    return found;
                },
                run.FirstItem, isKept ? run : null, cancellation);
            tally.Add(saved);
            _parts.Events.Publish(new ItemsChanged());
        }
    }

    private sealed class Tally
    {
        private const int MostExamples = 24;

        private readonly List<Reading> _examples = [];
        private long _types;
        private long _works;
        private long _copies;
        private long _titles;
        private long _beside;

        public long Files { get; set; }

        public long Kept { get; set; }

        public long Changed => _types + _works + _copies + _titles + _beside;

        public void Add(StoredSlice slice, NameDifferences found)
        {
            _titles += found.Works.Count;
            _copies += found.Copies.Count;
            foreach (var (work, now, path) in found.Works)
            {
                Note(path, WorkWords.Of(work.Kind, work.Title, work.Year), WorkWords.Of(work.Kind, now.Title, now.Year));
            }

            foreach (var (was, now) in found.Placed)
            {
                var (before, after) = (WorkWords.Of(was), WorkWords.Of(now));
                Count(was, now, isPlaced: true, isSame: before == after);
                Note(PathOf(slice, was), before, after);
            }

            foreach (var (was, now) in found.Told)
            {
                Count(was, now, isPlaced: false, isSame: true);
                Note(PathOf(slice, was), was.Type.ToString(), now.Type.ToString());
            }

            _beside += found.Joined.Count(j => j.Was.Role == FileRole.Sidecar && found.Placed.Count == 0);
        }

        public void Add(Tally other)
        {
            (_types, _works, _copies) = (_types + other._types, _works + other._works, _copies + other._copies);
            (_titles, _beside) = (_titles + other._titles, _beside + other._beside);
            _examples.AddRange(other._examples.Take(MostExamples - _examples.Count));
        }

        public RedetectionReport Report() => new(Files, _types, _works, _copies, _titles, _beside, Kept, _examples);

        private static string PathOf(StoredSlice slice, StoredFile file) => slice.Path.Length == 0 ? file.Name : $"{slice.Path}/{file.Name}";

        private void Count(StoredFile was, AddedFile now, bool isPlaced, bool isSame)
        {
            if ((was.Role == FileRole.Sidecar) != (now.Role == FileRole.Sidecar))
            {
                _beside++;
            }
            else if (was.Type != now.Type)
            {
                _types++;
            }
            else if (isPlaced && isSame)
            {
                _copies++;
            }
            else
            {
                _works += isPlaced ? 1 : 0;
            }
        }

        private void Note(string path, string was, string now)
        {
            if (was != now && _examples.Count < MostExamples)
            {
                _examples.Add(new Reading(path, was, now));
            }
        }
    }
}
