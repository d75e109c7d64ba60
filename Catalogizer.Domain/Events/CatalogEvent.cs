using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Events;

/// <summary>A change that open pages and subscribed scripts may need to know about.</summary>
[JsonDerivedType(typeof(ScanProgressed))]
[JsonDerivedType(typeof(ItemsChanged))]
[JsonDerivedType(typeof(SourceChanged))]
[JsonDerivedType(typeof(SourceLifecycleChanged))]
[JsonDerivedType(typeof(SourceAlert))]
[JsonDerivedType(typeof(AnalyticsChanged))]
[JsonDerivedType(typeof(DuplicatesChanged))]
[JsonDerivedType(typeof(JobChanged))]
[JsonDerivedType(typeof(BacklogChanged))]
[JsonDerivedType(typeof(ErrorLogChanged))]
[JsonDerivedType(typeof(ProviderChanged))]
[JsonDerivedType(typeof(CacheChanged))]
[JsonDerivedType(typeof(HealthChecked))]
[JsonDerivedType(typeof(HealthAlert))]
public abstract record CatalogEvent
{
    /// <summary>The event's name for scripts, in the form feature.happened.</summary>
    public abstract string Name { get; }

    /// <summary>While events wait for a slow reader, a newer one replaces an older one with the same key.</summary>
    internal abstract string Key { get; }

    /// <summary>The permission a subscriber needs to receive it.</summary>
    internal virtual string RequiredPermission => Permission.MediaView;

    public bool IsVisibleTo(Actor actor) => actor.HasPermission(RequiredPermission);

    /// <summary>Returns the event without the details that this subscriber may not see.</summary>
    public virtual CatalogEvent ForReader(Actor actor) => this;
}

/// <summary>A scan made progress or changed its state.</summary>
public sealed record ScanProgressed(ScanView Scan) : CatalogEvent
{
    public override string Name => "scan.progressed";

    internal override string Key => $"scan:{Scan.Id}";

    internal override string RequiredPermission => Permission.SourcesView;

    public override CatalogEvent ForReader(Actor actor) => this with { Scan = Scan.RedactFor(actor) };
}

/// <summary>
/// Items were added, changed or removed; lists and counters that show them are out of date. Published once per batch, never per file.
/// </summary>
/// <param name="ItemId">The only item affected; null when there are several.</param>
public sealed record ItemsChanged(long? ItemId = null) : CatalogEvent
{
    public override string Name => "items.changed";

    internal override string Key => $"items:{ItemId}";
}

/// <summary>The backlog of copies to analyse and items to look up has changed.</summary>
public sealed record BacklogChanged(Backlog Backlog) : CatalogEvent
{
    public override string Name => "backlog.changed";

    internal override string Key => "backlog";
}

/// <summary>A source was added, edited or removed, or its state changed.</summary>
public sealed record SourceChanged(long SourceId) : CatalogEvent
{
    public override string Name => "source.changed";

    internal override string Key => $"source:{SourceId}";

    internal override string RequiredPermission => Permission.SourcesView;
}

/// <summary>
/// A source was archived, brought back or removed, so its items no longer count or count again; results computed from the
/// whole catalogue are out of date.
/// </summary>
public sealed record SourceLifecycleChanged(long SourceId) : CatalogEvent
{
    public override string Name => "source.standing";

    internal override string Key => $"standing:{SourceId}";

    internal override string RequiredPermission => Permission.SourcesView;
}

/// <summary>A source went offline, or is back and has stayed connected. Not published for sources that are mostly offline.</summary>
/// <param name="Why">The reason, for display; null when the source is back.</param>
public sealed record SourceAlert(long SourceId, string Source, [property: JsonPropertyName("isAway")] bool IsOffline, string? Why) : CatalogEvent
{
    public override string Name => "source.alert";

    internal override string Key => $"alert:{SourceId}:{IsOffline}";

    internal override string RequiredPermission => Permission.SourcesView;

    public override CatalogEvent ForReader(Actor actor) => this with { Why = Why.RedactFor(actor) };
}

/// <summary>A snapshot was taken; analytics now show the current state.</summary>
public sealed record AnalyticsChanged : CatalogEvent
{
    public override string Name => "analytics.changed";

    internal override string Key => "analytics";
}

/// <summary>Groups of redundant copies were added, removed or changed.</summary>
public sealed record DuplicatesChanged : CatalogEvent
{
    public override string Name => "duplicates.changed";

    internal override string Key => "duplicates";

    internal override string RequiredPermission => Permission.MediaEdit;
}

/// <summary>A background job was requested, made progress, ended, or got another schedule.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Run">The run it is about; null when it is about the job itself.</param>
/// <param name="State">queued, running, succeeded, failed, cancelled or scheduled.</param>
public sealed record JobChanged(string Job, string? Run, string State, int? Percent = null, string? Message = null) : CatalogEvent
{
    public override string Name => "job.changed";

    internal override string Key => $"job:{Job}:{Run}";

    internal override string RequiredPermission => Permission.JobsManage;
}

/// <summary>An entry of a log was added or changed.</summary>
/// <param name="Record">Which log; always "errors".</param>
public sealed record ErrorLogChanged(string Record) : CatalogEvent
{
    public override string Name => "records.changed";

    internal override string Key => $"records:{Record}";

    internal override string RequiredPermission => Permission.SystemView;
}

/// <summary>A metadata provider became available or unavailable, or the reason for its state changed.</summary>
public sealed record ProviderChanged(string Provider) : CatalogEvent
{
    public override string Name => "provider.changed";

    internal override string Key => $"provider:{Provider}";

    internal override string RequiredPermission => Permission.MediaView;
}

/// <summary>The shared cache became available or unavailable, or failed again.</summary>
public sealed record CacheChanged : CatalogEvent
{
    public override string Name => "cache.changed";

    internal override string Key => "cache";

    internal override string RequiredPermission => Permission.SystemView;
}

/// <summary>Health checks ran; what is shown of them is out of date.</summary>
public sealed record HealthChecked : CatalogEvent
{
    public override string Name => "health.looked";

    internal override string Key => "health";

    internal override string RequiredPermission => Permission.SystemView;
}

/// <summary>A check has failed for longer than its grace period, or passes again.</summary>
public sealed record HealthAlert(string Check, string Title, bool Ok, string Message) : CatalogEvent
{
    public override string Name => "health.alert";

    internal override string Key => $"health:{Check}";

    internal override string RequiredPermission => Permission.SystemView;
}
