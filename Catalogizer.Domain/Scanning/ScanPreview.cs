using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>What a scan would find and do, without doing it.</summary>
public sealed record ScanForecast(long Listed, long Added, long Changed, long Missing, long FailedFolders, long Skipped, IReadOnlyDictionary<string, long> ByType);

/// <summary>Looks at a place as a scan would and saves nothing.</summary>
public sealed class ScanPreview
{
    private readonly SourceConnectors _connectors;
    private readonly ScanParts _parts;

    internal ScanPreview(SourceConnectors connectors, ScanParts parts) => (_connectors, _parts) = (connectors, parts);

    /// <param name="source">A source of the catalogue, or one that is not in it, with id 0.</param>
    /// <exception cref="SourceFault">The place cannot be read.</exception>
    public async Task<ScanForecast> RunAsync(Actor actor, Source source, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        await using var connector = _connectors.Connect(source);
        await connector.ModifiedAsync("", cancellation);
        var known = await _parts.Store.FoldersAsync(source.Id, cancellation);
        using var walk = new FolderWalk(connector, new CompareFolder(_parts.Detector, _parts.Ignore), _parts.Store, known, "", TrustedTimes.None, _parts.Time);
        var walking = walk.RunAsync(_parts.Options.ListingThreads, cancellation);
        var (listed, added, changed, missing, failed, skipped) = (0L, 0L, 0L, 0L, 0L, 0L);
        var types = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var folder in walk.Found.ReadAllAsync(cancellation))
        {
            (listed, added, changed) = (listed + folder.Listed, added + folder.Added.Count, changed + folder.Changed.Count);
            (missing, failed, skipped) = (missing + folder.Absent.Count, failed + (folder.Fault is null ? 0 : 1), skipped + folder.Skipped);
            foreach (var file in folder.Added)
            {
                types[file.Type.Word()] = types.GetValueOrDefault(file.Type.Word()) + 1;
            }

            folder.Room?.Dispose();
        }

        await walking;
        return new ScanForecast(listed, added, changed, missing, failed, skipped, types);
    }
}
