using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Watching;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Adds, edits, pauses, archives and reconnects sources, and reports their state.</summary>
public sealed class SourceService(
    IDbContextFactory<CatalogDbContext> contexts,
    SourceConnectors connectors,
    SourceDraftValidator drafts,
    ScanService scans,
    SourceWatchService watches,
    ISourceFileCounter counts,
    ISourceLifecycleStore store,
    AuditLog audit,
    EventStreamer events,
    TimeProvider time)
{
    /// <summary>Every source with its state, its counts and its last scan.</summary>
    public async Task<IReadOnlyList<SourceStatus>> StatusAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).OrderBy(s => s.Name).ToListAsync(cancellation);
        var files = await counts.CountFilesAsync(cancellation);
        var statuses = new List<SourceStatus>(sources.Count);
        foreach (var source in sources)
        {
            var last = scans.FindRunning(source.Id) ?? (await scans.LatestAsync(actor, source.Id, 1, cancellation) is [var latest, ..] ? latest : null);
            var status = ToStatus(source, files.GetValueOrDefault(source.Id) ?? new FileCounts(), last);
            statuses.Add((status with { LastScanWithChanges = last is { State: ScanState.Completed, HasChanges: false } ? await scans.LastWithChangesAsync(source.Id, cancellation) : null }).RedactFor(actor));
        }

        return statuses;
    }

    /// <summary>Number of sources by state; archived and paused ones are not counted.</summary>
    public async Task<SourceCounts> CountAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Availability != SourceAvailability.Retired && !s.IsPaused).ToListAsync(cancellation);
        var found = sources.Select(s => (s.Mode, Status: connectors.Circuits.GetStatus(s))).ToList();
        var neverConnected = found.RemoveAll(s => s.Status is { State: CircuitState.Closed, LastSuccessAt: null });
        int CountIn(CircuitState state) => found.Count(s => s.Status.State == state && (state == CircuitState.Closed || s.Mode == SourceMode.AlwaysOn));
        var counts = new SourceCounts(CountIn(CircuitState.Closed), CountIn(CircuitState.HalfOpen), CountIn(CircuitState.Open), CountIn(CircuitState.Offline), 0, neverConnected);
        return counts with { NotConnected = found.Count - counts.Closed - counts.HalfOpen - counts.Open - counts.Offline };
    }

    public async Task<IReadOnlyList<SourceView>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return [.. (await db.Sources.AsNoTracking().Include(s => s.Smb).OrderBy(s => s.Name).ToListAsync(cancellation)).Select(s => ToView(s).RedactFor(actor))];
    }

    public async Task<Result<SourceView>> GetAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var source = await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);
        return source is null ? SourceErrors.SourceNotFound(id) : ToView(source).RedactFor(actor);
    }

    /// <summary>Finds the source with the draft's location; a source with id 0 when there is none in the catalogue.</summary>
    public async Task<Result<Source>> FindAsync(Actor actor, SourceDraft draft, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        if (connectors.Find(draft.Protocol) is not { } protocol)
        {
            return SourceErrors.UnknownProtocol(draft.Protocol, connectors.ProtocolNames);
        }

        if (protocol.Validate(draft).FirstOrDefault() is { } invalid)
        {
            return invalid;
        }

        var source = new Source { Name = draft.Name ?? "", Protocol = protocol.Name };
        drafts.Apply(draft, source);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var all = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Protocol == protocol.Name).ToListAsync(cancellation);
        return all.Find(s => s.Availability != SourceAvailability.Retired && protocol.GetLocation(s) == protocol.GetLocation(source)) ?? source;
    }

    /// <summary>Adds a source, without scanning it.</summary>
    public async Task<Result<SourceView>> AddAsync(Actor actor, SourceDraft draft, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await drafts.ValidateAsync(db, draft, null, cancellation) is { } error)
        {
            return error;
        }

        var source = new Source { Name = draft.Name!.Trim(), Protocol = draft.Protocol!, CreatedAt = time.GetUtcNow(), Since = time.GetUtcNow() };
        drafts.Apply(draft, source);
        db.Sources.Add(source);
        await db.SaveAuditedAsync(() => audit.CreateEntry(actor, "sources.add", FormatTarget(source.Id), null, ToView(source)), cancellation);
        connectors.Circuits.GetPipeline(source);
        events.Publish(new SourceChanged(source.Id));
        return await WithWarningAsync(source);
    }

    /// <summary>Changes the fields that the draft contains; omitted ones stay unchanged.</summary>
    public async Task<Result<SourceView>> UpdateAsync(Actor actor, long id, SourceDraft draft, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var source = await db.Sources.Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);
        if (source is null)
        {
            return SourceErrors.SourceNotFound(id);
        }

        var before = ToView(source);
        if (SourceDraftValidator.ValidatePassword(draft, source) is { } missing)
        {
            return missing;
        }

        if (await drafts.ValidateAsync(db, SourceDraftValidator.Complete(draft, source), id, cancellation) is { } error)
        {
            return error;
        }

        drafts.Apply(draft, source);
        await db.SaveAuditedAsync(() => audit.CreateEntry(actor, "sources.update", FormatTarget(id), before, ToView(source)), cancellation);
        connectors.Circuits.Find(id)?.Update(source);
        events.Publish(new SourceChanged(id));
        return await WithWarningAsync(source);
    }

    /// <summary>Archives a source: the items that only it has are shown only on request, and not counted. No file and no row is deleted.</summary>
    public async Task<Result<SourceView>> RetireAsync(Actor actor, long id, CancellationToken cancellation) =>
        await SetRetiredAsync(actor, id, retired: true, cancellation);

    /// <summary>Brings an archived source back: its items are shown and counted again, as last seen.</summary>
    public async Task<Result<SourceView>> ReviveAsync(Actor actor, long id, CancellationToken cancellation) =>
        await SetRetiredAsync(actor, id, retired: false, cancellation);

    /// <summary>Stops scans, watches and connection checks of a source.</summary>
    public Task<Result<SourceView>> PauseAsync(Actor actor, long id, CancellationToken cancellation) => SetPausedAsync(actor, id, paused: true, cancellation);

    /// <summary>Resumes scans, watches and connection checks of a source.</summary>
    public Task<Result<SourceView>> ResumeAsync(Actor actor, long id, CancellationToken cancellation) => SetPausedAsync(actor, id, paused: false, cancellation);

    /// <summary>Makes a source's next attempt to reconnect due now, and starts a scan.</summary>
    public async Task<Result<ScanView>> ReconnectAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        connectors.Circuits.Find(id)?.RetryNow();
        return await scans.StartAsync(actor, id, null, cancellation);
    }

    /// <summary>Closes a source's circuit and forgets its failures: the next call is let through.</summary>
    public async Task<Result<SourceView>> ResetAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        connectors.Circuits.Find(id)?.Reset();
        events.Publish(new SourceChanged(id));
        return await GetAsync(actor, id, cancellation);
    }

    /// <summary>Lists a folder of this server for the folder picker.</summary>
    /// <param name="path">An absolute folder; null starts at the root.</param>
    public Task<FolderListing> BrowseAsync(Actor actor, string? path, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        return Task.Run(() => connectors.Browse(path), cancellation);
    }

    private async Task<Result<SourceView>> SetRetiredAsync(Actor actor, long id, bool retired, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        var changed = await scans.RunWithoutScansAsync(
            id,
            async () =>
            {
                var set = await store.SetArchivedAsync(id, retired, time.GetUtcNow(), audit.CreateEntry(actor, retired ? "sources.retire" : "sources.revive", FormatTarget(id)), cancellation);
                connectors.Circuits.Remove(id);
                return set;
            },
            cancellation);
        if (changed.Error is { } error)
        {
            return error;
        }

        if (changed.Value)
        {
            events.Publish(new SourceChanged(id));
            events.Publish(new ItemsChanged());
            events.Publish(new SourceLifecycleChanged(id));
        }

        return await ReloadAsync(id, cancellation);
    }

    private async Task<Result<SourceView>> SetPausedAsync(Actor actor, long id, bool paused, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        var changed = await scans.RunWithoutScansAsync(
            id,
            async () =>
            {
                await using var db = await contexts.CreateDbContextAsync(cancellation);
                if (await db.Sources.SingleOrDefaultAsync(s => s.Id == id && s.IsPaused != paused, cancellation) is not { } source)
                {
                    return false;
                }

                source.IsPaused = paused;
                db.AuditLogs.Add(audit.CreateEntry(actor, paused ? "sources.pause" : "sources.resume", FormatTarget(id)));
                await db.SaveChangesAsync(cancellation);
                connectors.Circuits.Remove(id);
                return true;
            },
            cancellation);
        var reloaded = await ReloadAsync(id, cancellation);
        if (changed)
        {
            events.Publish(new SourceChanged(id));
        }

        return reloaded;
    }

    /// <summary>Loads the source, and resumes its connection checks unless it is archived or paused.</summary>
    private async Task<Result<SourceView>> ReloadAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation) is not { } source)
        {
            return SourceErrors.SourceNotFound(id);
        }

        if (source is { Availability: not SourceAvailability.Retired, IsPaused: false })
        {
            connectors.Circuits.GetPipeline(source);
        }

        return ToView(source);
    }

    private async Task<SourceView> WithWarningAsync(Source source) => ToView(source) with { Warning = await Task.Run(() => connectors.GetWarning(source)) };

    private SourceStatus ToStatus(Source source, FileCounts files, ScanView? lastScan)
    {
        var circuit = connectors.Circuits.GetStatus(source);
        var space = connectors.Circuits.Find(source.Id)?.Space;
        var isUnreachable = circuit.IsUnreachable || source.Availability == SourceAvailability.Unreachable;
        var retired = source.Availability == SourceAvailability.Retired;
        var watchStatus = watches.GetStatus(source);
        return new SourceStatus(
            source.Id, source.Name, source.Protocol, connectors.GetLocation(source), source.Purpose,
            JsonNamingPolicy.CamelCase.ConvertName(circuit.State.ToString()),
            circuit.Since, circuit.LastSuccessAt ?? source.LastConnectedAt, circuit.LastError, circuit.Attempt, circuit.NextAttemptAt, watchStatus.Mode, watchStatus.CheckEvery, scans.LastScannedAt(source.Id), watchStatus.Limitation, retired,
            isUnreachable || retired ? 0 : files.Present,
            retired ? 0 : isUnreachable ? files.Present + files.Unknown : files.Unknown,
            retired ? 0 : files.Missing,
            retired ? files.Files : files.Retired,
            files.Bytes, space?.FreeBytes ?? source.FreeBytes, space?.TotalBytes ?? source.TotalBytes, source.Schedule, lastScan, circuit.Failures, circuit.LatencyMs)
        {
            Mode = source.Mode,
            Paused = source.IsPaused,
        };
    }

    private static SourceView ToView(Source source) => new(
        source.Id, source.Name, source.Protocol, source.Path, source.Smb?.Host, source.Smb?.Port, source.Smb?.Share, source.Smb?.Folder, source.Smb?.Domain,
        source.Smb?.UserName, source.Smb is { } smb ? SourceErrors.ToApiName(smb.Encryption) : null, source.Purpose, source.Mode, source.Watch, source.Schedule, source.Availability == SourceAvailability.Retired)
    {
        Paused = source.IsPaused,
    };

    private static string FormatTarget(long id) => string.Create(CultureInfo.InvariantCulture, $"source:{id}");
}

/// <summary>Number of files of a source by presence, and their total size, from maintained counters.</summary>
public sealed record FileCounts(long Present = 0, long Unknown = 0, long Missing = 0, long Retired = 0, long Bytes = 0)
{
    public long Files => Present + Unknown + Missing + Retired;
}

/// <summary>Reads the file counters of all sources.</summary>
public interface ISourceFileCounter
{
    Task<IReadOnlyDictionary<long, FileCounts>> CountFilesAsync(CancellationToken cancellation);
}
