using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>What a scan would find and do, without doing it.</summary>
public sealed record ScanForecast(long Listed, long Added, long Changed, long Missing, long FailedFolders, long Skipped, IReadOnlyDictionary<string, long> ByType);

/// <summary>Looks at a place as a scan would and saves nothing.</summary>
public sealed class ScanPreview
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private readonly SourceConnectors _connectors;
    private readonly ScanParts _parts;

    internal ScanPreview(SourceConnectors connectors, ScanParts parts) => (_connectors, _parts) = (connectors, parts);

    /// <param name="source">A source of the catalogue, or one that is not in it, with id 0.</param>
    /// <param name="progress">Is told the numbers so far, a few times a second.</param>
    /// <exception cref="SourceFault">The place cannot be read.</exception>
    public async Task<ScanForecast> RunAsync(Actor actor, Source source, CancellationToken cancellation, IProgress<ScanForecast>? progress = null)
    {
        actor.Demand(Permission.SourcesManage);
        await using var connector = _connectors.Connect(source);
        await connector.ModifiedAsync("", cancellation);
        var known = await _parts.Store.FoldersAsync(source.Id, cancellation);
        using var walk = new FolderWalk(connector, new CompareFolder(_parts.Detector, _parts.Ignore), _parts.Store, known, "", TrustedTimes.None, _parts.Time);
        var walking = walk.RunAsync(_parts.Options.ListingThreads, cancellation);
        var sum = new Sum();
        using var files = _parts.Store.OpenKnownFiles();
        var told = _parts.Time.GetTimestamp();
        try
        {
            await foreach (var folder in walk.Found.ReadAllAsync(CancellationToken.None))
            {
                sum.Add(folder, folder.AbsentFolders.SelectMany(f => f.Tree()).Sum(f => files.Of(f).LongCount(known => known.Presence is Presence.Present or Presence.Unknown)));
                folder.Room?.Dispose();
                if (progress is not null && _parts.Time.GetElapsedTime(told) >= Pace)
                {
                    progress.Report(sum.Forecast());
                    told = _parts.Time.GetTimestamp();
                }
            }
        }
        finally
        {
            await walking;
        }

        return sum.Forecast();
    }

    private sealed class Sum
    {
        private readonly SortedDictionary<string, long> _types = new(StringComparer.Ordinal);
        private long _listed, _added, _changed, _missing, _failed, _skipped;

        /// <param name="below">Files of folders that are gone with all that lay in them.</param>
        public void Add(FolderChanges folder, long below)
        {
            (_listed, _added, _changed) = (_listed + folder.Listed, _added + folder.Added.Count, _changed + folder.Changed.Count);
            (_missing, _failed, _skipped) = (_missing + folder.Absent.Count + below, _failed + (folder.Fault is null ? 0 : 1), _skipped + folder.Skipped);
            foreach (var file in folder.Added)
            {
                var type = file.Type.Word();
                _types[type] = _types.GetValueOrDefault(type) + 1;
            }
        }

        public ScanForecast Forecast() => new(_listed, _added, _changed, _missing, _failed, _skipped, new SortedDictionary<string, long>(_types, StringComparer.Ordinal));
    }
}
