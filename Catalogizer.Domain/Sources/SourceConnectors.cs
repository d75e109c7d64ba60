using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Reaches sources by their protocols, and keeps what each source last answered.</summary>
public sealed class SourceConnectors(
    IEnumerable<ISourceProtocol> protocols, IDbContextFactory<CatalogDbContext> contexts, CircuitRegistry circuits, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReconnectTimeout = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, ISourceProtocol> _protocols = protocols.ToDictionary(p => p.Name, StringComparer.Ordinal);
    private readonly SemaphoreSlim _lock = new(1);

    public IEnumerable<string> ProtocolNames => _protocols.Keys;

    public CircuitRegistry Circuits => circuits;

    public ISourceProtocol? Find(string? protocol) => protocol is null ? null : _protocols.GetValueOrDefault(protocol);

    /// <summary>Connects to a source; every call goes through its pipeline. A source that is not in the catalogue is asked as it is, once.</summary>
    public ISourceConnector Connect(Source source)
    {
        if (source is { Id: not 0, Availability: SourceAvailability.Retired })
        {
            return new ArchivedConnector(source.Name);
        }

        var connector = _protocols[source.Protocol].Connect(source);
        return source.Id == 0 ? connector : new ResilientConnector(connector, circuits.GetPipeline(source));
    }

    /// <summary>Watches a source for changes; null where its protocol cannot.</summary>
    public IAsyncEnumerable<WatchUpdate>? Watch(Source source, Func<string, bool> isIgnored) => Find(source.Protocol)?.Watch(source, isIgnored);

    /// <summary>What people should know before the place becomes a source; null when nothing.</summary>
    public string? GetWarning(Source source) => Find(source.Protocol)?.GetWarning(source);

    /// <summary>The folders of a folder of this server, to choose from.</summary>
    public FolderListing Browse(string? path) => _protocols.Values.Select(p => p.Browse(path)).FirstOrDefault(l => l is not null) ?? new FolderListing("/", null, [], 0, "No protocol reads folders of this server.");

    public string GetLocation(Source source) => Find(source.Protocol)?.GetLocation(source) ?? source.Name;

    /// <summary>Whether the source itself can be read: where all of it is gone, a file looks gone too.</summary>
    public async Task<bool> CanReadRootAsync(Source source, CancellationToken cancellation)
    {
        await using var connector = Connect(source);
        try
        {
            await Task.Run(async () => await connector.GetModifiedAtAsync("", cancellation), cancellation);
            return true;
        }
        catch (SourceException)
        {
            return false;
        }
    }

    /// <summary>The source answered: what was found on it counts again.</summary>
    /// <param name="hasChanges">Whether anything else is written of it; if not, that it is as it was is kept in mind alone.</param>
    public async Task RecordSuccessAsync(long sourceId, ISourceConnector connector, bool hasChanges, CancellationToken cancellation)
    {
        var space = await TryGetSpaceAsync(connector, cancellation);
        if (circuits.Find(sourceId) is { } circuit)
        {
            circuit.Space = space ?? circuit.Space;
        }

        await SaveAvailabilityAsync(sourceId, answered: true, space, cancellation, hasChanges);
    }

    /// <summary>A look at the source had to end for its sake: what was present on it is unknown until it answers.</summary>
    public async Task RecordFailureAsync(Source source, SourceException exception, CancellationToken cancellation)
    {
        circuits.GetPipeline(source).Circuit.Trip(exception);
        await SaveAvailabilityAsync(source.Id, answered: false, null, cancellation);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Writes down whether a source is there, as it is known now.</summary>
    /// <param name="hasChanges">Whether to write also when only times and free space differ.</param>
    /// <returns>Whether that changed.</returns>
    internal async Task<bool> SaveAvailabilityAsync(long sourceId, bool answered, SourceSpace? space, CancellationToken cancellation, bool hasChanges = true)
    {
        await _lock.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            if (await db.Sources.SingleOrDefaultAsync(s => s.Id == sourceId, cancellation) is not { Availability: not SourceAvailability.Retired } source
                || circuits.Find(sourceId)?.Status is not { } status)
            {
                return false;
            }

            var before = (source.Availability, source.Since.ToUnixTimeMilliseconds(), source.LastError);
            source.Availability = status.IsUnreachable ? SourceAvailability.Unreachable : SourceAvailability.Reachable;
            (source.Since, source.LastError) = (status.Since, status.IsUnreachable ? status.LastError : null);
            if (!hasChanges && before == (source.Availability, source.Since.ToUnixTimeMilliseconds(), source.LastError))
            {
                return false;
            }

            source.LastConnectedAt = answered ? time.GetUtcNow() : status.LastSuccessAt ?? source.LastConnectedAt;
            (source.FreeBytes, source.TotalBytes) = (space?.FreeBytes ?? source.FreeBytes, space?.TotalBytes ?? source.TotalBytes);
            await db.SaveChangesAsync(cancellation);
            return source.Availability != before.Availability;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Asks cheaply whether a source answers; twice before it counts as away.</summary>
    internal async Task CheckAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        if (await ProbeAsync(circuit, cancellation) is { } exception)
        {
            if (exception.Kind == SourceErrorKind.Unreachable)
            {
                await Task.Delay(circuits.Options.InitialDelay, time, cancellation);
                exception = await ProbeAsync(circuit, cancellation);
            }

            if (exception is not null)
            {
                circuit.Trip(exception);
                return;
            }
        }

        circuit.ReportCheckSuccess();
    }

    /// <summary>Something says that a source went away: it is asked now, where somebody reconnects it if it did.</summary>
    internal async Task VerifyAsync(Source source, CancellationToken cancellation)
    {
        if (circuits.Find(source.Id) is { HasBackgroundReconnect: true, State: CircuitState.Closed } circuit)
        {
            await CheckAsync(circuit, cancellation);
        }
    }

    /// <summary>Somebody wants a source looked at: one that is away is asked cheaply, and tried at once if it answers.</summary>
    internal async Task ProbeIfUnreachableAsync(Source source, CancellationToken cancellation)
    {
        if (circuits.Find(source.Id) is { HasBackgroundReconnect: true, CanRecover: true, State: CircuitState.Open or CircuitState.Offline } circuit
            && await ProbeAsync(circuit, cancellation) is null)
        {
            circuit.RetryNow();
        }

        await circuits.WaitUntilSettledAsync(source.Id, cancellation);
    }

    /// <summary>Asks once and cheaply; null when it answers.</summary>
    internal async Task<SourceException?> ProbeAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var exception = await CallAsync(circuit, static (protocol, source, c) => protocol.ProbeAsync(source, c), CheckTimeout, cancellation);
        circuit.LatencyMs = exception is null ? time.GetElapsedTime(began).TotalMilliseconds : circuit.LatencyMs;
        return exception;
    }

    /// <summary>Tries to reconnect, as the one call that goes out meanwhile.</summary>
    internal async Task ReconnectAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        if (!circuit.TryBeginProbe())
        {
            return;
        }

        var call = new CircuitCall(time.GetTimestamp(), true);
        try
        {
            var exception = await CallAsync(circuit, static (protocol, source, c) => ReadRootAsync(protocol, source, c), ReconnectTimeout, cancellation);
            if (exception is null)
            {
                circuit.ReportSuccess(call);
            }
            else
            {
                circuit.ReportFailure(call, exception);
            }
        }
        finally
        {
            circuit.EndProbe();
        }
    }

    private static async ValueTask ReadRootAsync(ISourceProtocol protocol, Source source, CancellationToken cancellation)
    {
        await using var connector = protocol.Connect(source);
        await connector.GetModifiedAtAsync("", cancellation);
    }

    /// <summary>A call that hangs in the system is left alone, and nothing else is asked of the source until it comes back.</summary>
    private async Task<SourceException?> CallAsync(
        SourceCircuit circuit, Func<ISourceProtocol, Source, CancellationToken, ValueTask> call, TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            var (protocol, source, token) = (_protocols[circuit.Source.Protocol], circuit.Source, linked.Token);
            if (circuit.PendingCall is { IsCompleted: false } pendingCall)
            {
                await pendingCall.WaitAsync(linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                linked.Token.ThrowIfCancellationRequested();
            }

            circuit.PendingCall = Task.Run(async () => await call(protocol, source, token), CancellationToken.None);
            await circuit.PendingCall.WaitAsync(linked.Token);
            return null;
        }
        catch (SourceException exception)
        {
            return exception;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return SourceExceptions.TimedOut(limit);
        }
    }

    private async Task<SourceSpace?> TryGetSpaceAsync(ISourceConnector connector, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(CheckTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await connector.GetSpaceAsync(linked.Token);
        }
        catch (Exception exception) when (exception is SourceException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;    // nice to know, and no reason to fail or to wait long
        }
    }
}
