using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Reaches sources by their protocols, and keeps what each source last answered.</summary>
public sealed class SourceConnectors(
    IEnumerable<ISourceProtocol> protocols, IDbContextFactory<CatalogDbContext> contexts, SourceStates states, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, ISourceProtocol> _protocols = protocols.ToDictionary(p => p.Name, StringComparer.Ordinal);
    private readonly SemaphoreSlim _noting = new(1);

    public IEnumerable<string> Known => _protocols.Keys;

    public SourceStates States => states;

    public ISourceProtocol? Find(string? protocol) => protocol is null ? null : _protocols.GetValueOrDefault(protocol);

    /// <summary>Connects to a source; every call goes through its pipeline. A source that is not in the catalogue is asked as it is, once.</summary>
    public ISourceConnector Connect(Source source)
    {
        if (source is { Id: not 0, Availability: SourceAvailability.Retired })
        {
            return new ArchivedConnector(source.Name);
        }

        var connector = _protocols[source.Protocol].Connect(source);
        return source.Id == 0 ? connector : new ResilientConnector(connector, states.Pipeline(source));
    }

    /// <summary>Watches a source for changes; null where its protocol cannot.</summary>
    public IAsyncEnumerable<SourceNews>? Watch(Source source, Func<string, bool> passesOver) => Find(source.Protocol)?.Watch(source, passesOver);

    /// <summary>What people should know before the place becomes a source; null when nothing.</summary>
    public string? Warning(Source source) => Find(source.Protocol)?.Warning(source);

    /// <summary>The folders of a folder of this server, to choose from.</summary>
    public FolderListing Browse(string? path) => _protocols.Values.Select(p => p.Browse(path)).FirstOrDefault(l => l is not null) ?? new FolderListing("/", null, [], 0, "No protocol reads folders of this server.");

    public string Place(Source source) => Find(source.Protocol)?.Place(source) ?? source.Name;

    /// <summary>Whether the source itself can be read: where all of it is gone, a file looks gone too.</summary>
    public async Task<bool> IsThereAsync(Source source, CancellationToken cancellation)
    {
        await using var connector = Connect(source);
        try
        {
            await Task.Run(async () => await connector.ModifiedAsync("", cancellation), cancellation);
            return true;
        }
        catch (SourceFault)
        {
            return false;
        }
    }

    /// <summary>The source answered: what was found on it counts again.</summary>
    /// <param name="isNews">Whether anything else is written of it; if not, that it is as it was is kept in mind alone.</param>
    public async Task NoteAnswerAsync(long sourceId, ISourceConnector connector, bool isNews, CancellationToken cancellation)
    {
        var space = await SpaceAsync(connector, cancellation);
        if (states.Find(sourceId) is { } circuit)
        {
            circuit.Space = space ?? circuit.Space;
        }

        await SaveAsync(sourceId, answered: true, space, cancellation, isNews);
    }

    /// <summary>A look at the source had to end for its sake: what was present on it is unknown until it answers.</summary>
    public async Task NoteFaultAsync(Source source, SourceFault fault, CancellationToken cancellation)
    {
        states.Pipeline(source).Circuit.Trip(fault);
        await SaveAsync(source.Id, answered: false, null, cancellation);
    }

    public void Dispose() => _noting.Dispose();

    /// <summary>Writes down whether a source is there, as it is known now.</summary>
    /// <param name="isNews">Whether to write also when only times and free space differ.</param>
    /// <returns>Whether that changed.</returns>
    internal async Task<bool> SaveAsync(long sourceId, bool answered, SourceSpace? space, CancellationToken cancellation, bool isNews = true)
    {
        await _noting.WaitAsync(cancellation);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            if (await db.Sources.SingleOrDefaultAsync(s => s.Id == sourceId, cancellation) is not { Availability: not SourceAvailability.Retired } source
                || states.Find(sourceId)?.Status is not { } status)
            {
                return false;
            }

            var before = (source.Availability, source.Since.ToUnixTimeMilliseconds(), source.LastError);
            source.Availability = status.IsAway ? SourceAvailability.Unreachable : SourceAvailability.Reachable;
            (source.Since, source.LastError) = (status.Since, status.IsAway ? status.LastError : null);
            if (!isNews && before == (source.Availability, source.Since.ToUnixTimeMilliseconds(), source.LastError))
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
            _noting.Release();
        }
    }

    /// <summary>Asks cheaply whether a source answers; twice before it counts as away.</summary>
    internal async Task CheckAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        if (await ProbeAsync(circuit, cancellation) is { } fault)
        {
            if (fault.Kind == SourceFaultKind.Unreachable)
            {
                await Task.Delay(states.Options.InitialDelay, time, cancellation);
                fault = await ProbeAsync(circuit, cancellation);
            }

            if (fault is not null)
            {
                circuit.Trip(fault);
                return;
            }
        }

        circuit.Seen();
    }

    /// <summary>Something says that a source went away: it is asked now, where somebody reconnects it if it did.</summary>
    internal async Task SuspectAsync(Source source, CancellationToken cancellation)
    {
        if (states.Find(source.Id) is { IsKept: true, State: CircuitState.Closed } circuit)
        {
            await CheckAsync(circuit, cancellation);
        }
    }

    /// <summary>Somebody wants a source looked at: one that is away is asked cheaply, and tried at once if it answers.</summary>
    internal async Task TakeUpAsync(Source source, CancellationToken cancellation)
    {
        if (states.Find(source.Id) is { IsKept: true, MayReturn: true, State: CircuitState.Open or CircuitState.Offline } circuit
            && await ProbeAsync(circuit, cancellation) is null)
        {
            circuit.TryNow();
        }

        await states.WhenSettledAsync(source.Id, cancellation);
    }

    /// <summary>Asks once and cheaply; null when it answers.</summary>
    internal async Task<SourceFault?> ProbeAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var fault = await AskAsync(circuit, static (protocol, source, c) => protocol.ProbeAsync(source, c), CheckLimit, cancellation);
        circuit.LatencyMs = fault is null ? time.GetElapsedTime(began).TotalMilliseconds : circuit.LatencyMs;
        return fault;
    }

    /// <summary>Tries to reconnect, as the one call that goes out meanwhile.</summary>
    internal async Task TryAsync(SourceCircuit circuit, CancellationToken cancellation)
    {
        if (!circuit.TryBeginTrial())
        {
            return;
        }

        var call = new CircuitCall(time.GetTimestamp(), true);
        try
        {
            var fault = await AskAsync(circuit, static (protocol, source, c) => RootAsync(protocol, source, c), TrialLimit, cancellation);
            if (fault is null)
            {
                circuit.Succeeded(call);
            }
            else
            {
                circuit.Failed(call, fault);
            }
        }
        finally
        {
            circuit.EndTrial();
        }
    }

    private static async ValueTask RootAsync(ISourceProtocol protocol, Source source, CancellationToken cancellation)
    {
        await using var connector = protocol.Connect(source);
        await connector.ModifiedAsync("", cancellation);
    }

    /// <summary>A call that hangs in the system is left alone, and nothing else is asked of the source until it comes back.</summary>
    private async Task<SourceFault?> AskAsync(
        SourceCircuit circuit, Func<ISourceProtocol, Source, CancellationToken, ValueTask> ask, TimeSpan limit, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var (protocol, source, token) = (_protocols[circuit.Source.Protocol], circuit.Source, either.Token);
            if (circuit.Hanging is { IsCompleted: false } hanging)
            {
                await hanging.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                either.Token.ThrowIfCancellationRequested();
            }

            circuit.Hanging = Task.Run(async () => await ask(protocol, source, token), CancellationToken.None);
            await circuit.Hanging.WaitAsync(either.Token);
            return null;
        }
        catch (SourceFault fault)
        {
            return fault;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return SourceFaults.TookTooLong(limit);
        }
    }

    private async Task<SourceSpace?> SpaceAsync(ISourceConnector connector, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(CheckLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await connector.SpaceAsync(either.Token);
        }
        catch (Exception exception) when (exception is SourceFault || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;    // nice to know, and no reason to fail or to wait long
        }
    }
}
