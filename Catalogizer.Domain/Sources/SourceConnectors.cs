using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Connects to sources by their protocols, and records whether they answer.</summary>
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

    /// <summary>Connects to a source; every call runs through its pipeline. A source that is not in the catalogue (id 0) is called directly, once.</summary>
    public ISourceConnector Connect(Source source)
    {
        if (source is { Id: not 0, Availability: SourceAvailability.Retired })
        {
            return new ArchivedConnector(source.Name);
        }

        var connector = _protocols[source.Protocol].Connect(source);
        return source.Id == 0 ? connector : new ResilientConnector(connector, circuits.GetPipeline(source));
    }

    /// <summary>Watches a source for changes; null when its protocol cannot.</summary>
    public IAsyncEnumerable<WatchUpdate>? Watch(Source source, Func<string, bool> isIgnored) => Find(source.Protocol)?.Watch(source, isIgnored);

    /// <summary>A warning to show before the location becomes a source; null when there is none.</summary>
    public string? GetWarning(Source source) => Find(source.Protocol)?.GetWarning(source);

    /// <summary>Lists a folder of this server for the folder picker.</summary>
    public FolderListing Browse(string? path) => _protocols.Values.Select(p => p.Browse(path)).FirstOrDefault(l => l is not null) ?? new FolderListing("/", null, [], 0, "No protocol reads folders of this server.");

    public string GetLocation(Source source) => Find(source.Protocol)?.GetLocation(source) ?? source.Name;

    /// <summary>Whether the source's root can be read. Check it before treating a file as missing: when the whole source is gone, every file is.</summary>
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

    /// <summary>Records that a scan could read the source, so that the found presence of its files applies again.</summary>
    /// <param name="hasChanges">Whether the scan itself is saved. If not, an unchanged availability is only recorded in memory.</param>
    public async Task RecordSuccessAsync(long sourceId, ISourceConnector connector, bool hasChanges, CancellationToken cancellation)
    {
        var space = await TryGetSpaceAsync(connector, cancellation);
        if (circuits.Find(sourceId) is { } circuit)
        {
            circuit.Space = space ?? circuit.Space;
        }

        await SaveAvailabilityAsync(sourceId, answered: true, space, cancellation, hasChanges);
    }

    /// <summary>Records that a scan failed because of the source: files that were present are unknown until it answers.</summary>
    public async Task RecordFailureAsync(Source source, SourceException exception, CancellationToken cancellation)
    {
        circuits.GetPipeline(source).Circuit.Trip(exception);
        await SaveAvailabilityAsync(source.Id, answered: false, null, cancellation);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Saves the current availability of a source.</summary>
    /// <param name="hasChanges">Whether to save also when only times and free space differ.</param>
    /// <returns>Whether the availability changed.</returns>
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

    /// <summary>Probes a connected source; one that is unreachable is probed twice before its circuit opens.</summary>
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

    /// <summary>Checks a connected source at once after a sign of an outage; does nothing without background reconnecting.</summary>
    internal async Task VerifyAsync(Source source, CancellationToken cancellation)
    {
        if (circuits.Find(source.Id) is { HasBackgroundReconnect: true, State: CircuitState.Closed } circuit)
        {
            await CheckAsync(circuit, cancellation);
        }
    }

    /// <summary>Called before a scan: probes an unreachable source, and if it answers, reconnects at once instead of at the next attempt.</summary>
    internal async Task ProbeIfUnreachableAsync(Source source, CancellationToken cancellation)
    {
        if (circuits.Find(source.Id) is { HasBackgroundReconnect: true, CanRecover: true, State: CircuitState.Open or CircuitState.Offline } circuit
            && await ProbeAsync(circuit, cancellation) is null)
        {
            circuit.RetryNow();
        }

        await circuits.WaitUntilSettledAsync(source.Id, cancellation);
    }

    /// <summary>Probes a source once, with a short time limit; null when it answers.</summary>
    internal async Task<SourceException?> ProbeAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var exception = await CallAsync(circuit, static (protocol, source, c) => protocol.ProbeAsync(source, c), CheckTimeout, cancellation);
        circuit.LatencyMs = exception is null ? time.GetElapsedTime(began).TotalMilliseconds : circuit.LatencyMs;
        return exception;
    }

    /// <summary>Attempts to reconnect; no other call is let through meanwhile.</summary>
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

    /// <summary>A call that hangs in the operating system is abandoned, and the source is not called again until it returns.</summary>
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
            return null;    // free space is optional and not worth an error or a long wait
        }
    }
}
