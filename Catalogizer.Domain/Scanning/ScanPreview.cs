using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>What a scan would find and do, without doing it.</summary>
public sealed record ScanPreviewResult(long Listed, long Added, long Changed, long Missing, long FailedFolders, long Skipped, IReadOnlyDictionary<string, long> ByType);

/// <summary>Scans a source without saving anything.</summary>
public sealed class ScanPreview
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly SourceConnectors _connectors;
    private readonly ScanServices _services;

    internal ScanPreview(SourceConnectors connectors, ScanServices services) => (_connectors, _services) = (connectors, services);

    /// <param name="source">A source of the catalogue, or one that is not in it, with id 0.</param>
    /// <param name="progress">Receives the counts so far, a few times a second.</param>
    /// <exception cref="SourceException">The source cannot be read.</exception>
    public async Task<ScanPreviewResult> RunAsync(Actor actor, Source source, CancellationToken cancellation, IProgress<ScanPreviewResult>? progress = null)
    {
        actor.Require(Permission.SourcesManage);
        await using var connector = _connectors.Connect(source);
        await connector.GetModifiedAtAsync("", cancellation);
        var known = await _services.Store.FoldersAsync(source.Id, cancellation);
        using var walk = new FolderWalk(connector, new FolderComparer(_services.Detector, _services.IgnoreList), _services.Store, known, "", FolderTimeTrust.None, _services.Time);
        var walking = walk.RunAsync(_services.Options.ListingThreads, cancellation);
        var totals = new FileTotals();
        using var files = _services.Store.OpenKnownFileReader();
        var reportedAt = _services.Time.GetTimestamp();
        try
        {
            await foreach (var folder in walk.Changes.ReadAllAsync(CancellationToken.None))
            {
                totals.Add(folder, folder.AbsentFolders.SelectMany(f => f.GetSelfAndDescendants()).Sum(f => files.GetFiles(f).LongCount(known => known.Presence is Presence.Present or Presence.Unknown)));
                folder.Lease?.Dispose();
                if (progress is not null && _services.Time.GetElapsedTime(reportedAt) >= ProgressInterval)
                {
                    progress.Report(totals.ToResult());
                    reportedAt = _services.Time.GetTimestamp();
                }
            }
        }
        finally
        {
            await walking;
        }

        return totals.ToResult();
    }

    private sealed class FileTotals
    {
        private readonly SortedDictionary<string, long> _types = new(StringComparer.Ordinal);
        private long _listed, _added, _changed, _missing, _failed, _skipped;

        /// <param name="filesInAbsentFolders">Files in folders that are gone, including their subfolders.</param>
        public void Add(FolderChanges folder, long filesInAbsentFolders)
        {
            (_listed, _added, _changed) = (_listed + folder.Listed, _added + folder.Added.Count, _changed + folder.Changed.Count);
            (_missing, _failed, _skipped) = (_missing + folder.Absent.Count + filesInAbsentFolders, _failed + (folder.Error is null ? 0 : 1), _skipped + folder.Skipped);
            foreach (var file in folder.Added)
            {
                var type = file.Type.ToApiName();
                _types[type] = _types.GetValueOrDefault(type) + 1;
            }
        }

        public ScanPreviewResult ToResult() => new(_listed, _added, _changed, _missing, _failed, _skipped, new SortedDictionary<string, long>(_types, StringComparer.Ordinal));
    }
}
