using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Reaches sources by their protocols, and keeps what each source last answered.</summary>
public sealed class SourceConnectors(IEnumerable<ISourceProtocol> protocols, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time)
{
    private readonly Dictionary<string, ISourceProtocol> _protocols = protocols.ToDictionary(p => p.Name, StringComparer.Ordinal);

    public IEnumerable<string> Known => _protocols.Keys;

    public ISourceProtocol? Find(string? protocol) => protocol is null ? null : _protocols.GetValueOrDefault(protocol);

    public ISourceConnector Connect(Source source) => _protocols[source.Protocol].Connect(source);

    public string Place(Source source) => Find(source.Protocol)?.Place(source) ?? source.Name;

    /// <summary>The source answered: what was found on it counts again.</summary>
    public async Task NoteAnswerAsync(long sourceId, ISourceConnector connector, CancellationToken cancellation)
    {
        var space = await SpaceAsync(connector, cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.SingleOrDefaultAsync(s => s.Id == sourceId, cancellation) is { Availability: not SourceAvailability.Retired } source)
        {
            SetAvailability(source, SourceAvailability.Reachable);
            (source.LastConnectedAt, source.LastError) = (time.GetUtcNow(), null);
            (source.FreeBytes, source.TotalBytes) = (space?.FreeBytes ?? source.FreeBytes, space?.TotalBytes ?? source.TotalBytes);
            await db.SaveChangesAsync(cancellation);
        }
    }

    /// <summary>The source did not answer: what was present on it is unknown until it does.</summary>
    public async Task NoteFaultAsync(long sourceId, string why, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.SingleOrDefaultAsync(s => s.Id == sourceId, cancellation) is { Availability: not SourceAvailability.Retired } source)
        {
            SetAvailability(source, SourceAvailability.Unreachable);
            source.LastError = why;
            await db.SaveChangesAsync(cancellation);
        }
    }

    private void SetAvailability(Source source, SourceAvailability availability)
    {
        if (source.Availability != availability)
        {
            (source.Availability, source.Since) = (availability, time.GetUtcNow());
        }
    }

    private static async Task<SourceSpace?> SpaceAsync(ISourceConnector connector, CancellationToken cancellation)
    {
        try
        {
            return await connector.SpaceAsync(cancellation);
        }
        catch (SourceFault)
        {
            return null;    // nice to know, and no reason to fail
        }
    }
}
