using System.Text.Json.Serialization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Upkeep;

namespace Catalogizer.Domain.Events;

/// <summary>Something happened that open pages and listening scripts may want to know.</summary>
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
    /// <summary>The event's name for scripts, as feature.happened.</summary>
    public abstract string Name { get; }

    /// <summary>Events with the same key replace each other while they wait for a slow reader.</summary>
    internal abstract string Key { get; }

    /// <summary>The permission a listener needs to hear it.</summary>
    internal virtual string RequiredPermission => Permission.MediaView;

    public bool IsVisibleTo(Actor actor) => actor.HasPermission(RequiredPermission);

    /// <summary>The event as this listener may read it.</summary>
    public virtual CatalogEvent ForReader(Actor actor) => this;
}

/// <summary>A scan moved on or changed its state.</summary>
public sealed record ScanProgressed(ScanView Scan) : CatalogEvent
{
    public override string Name => "scan.progressed";

    internal override string Key => $"scan:{Scan.Id}";

    internal override string RequiredPermission => Permission.SourcesView;

    public override CatalogEvent ForReader(Actor actor) => this with { Scan = Scan.RedactFor(actor) };
}

/// <summary>Items came, changed or went; lists and counters that show them are stale. One event a batch, never one a file.</summary>
/// <param name="ItemId">The one item it is about; null when there were many.</param>
public sealed record ItemsChanged(long? ItemId = null) : CatalogEvent
{
    public override string Name => "items.changed";

    internal override string Key => $"items:{ItemId}";
}

/// <summary>More or less is to be analysed and looked up than before.</summary>
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

/// <summary>What is on a source counts now, or no longer; what is worked out of the whole catalogue is out of date.</summary>
public sealed record SourceLifecycleChanged(long SourceId) : CatalogEvent
{
    public override string Name => "source.standing";

    internal override string Key => $"standing:{SourceId}";

    internal override string RequiredPermission => Permission.SourcesView;
}

/// <summary>A source went away, or is back for good. One that is away by nature is not told of.</summary>
/// <param name="Why">In plain words; null when it is back.</param>
public sealed record SourceAlert(long SourceId, string Source, [property: JsonPropertyName("isAway")] bool IsOffline, string? Why) : CatalogEvent
{
    public override string Name => "source.alert";

    internal override string Key => $"alert:{SourceId}:{IsOffline}";

    internal override string RequiredPermission => Permission.SourcesView;

    public override CatalogEvent ForReader(Actor actor) => this with { Why = Why.RedactFor(actor) };
}

/// <summary>A snapshot was taken: what analytics show is of now.</summary>
public sealed record AnalyticsChanged : CatalogEvent
{
    public override string Name => "analytics.changed";

    internal override string Key => "analytics";
}

/// <summary>Groups of copies of which one would do came, went or are others now.</summary>
public sealed record DuplicatesChanged : CatalogEvent
{
    public override string Name => "duplicates.changed";

    internal override string Key => "duplicates";

    internal override string RequiredPermission => Permission.MediaEdit;
}

/// <summary>A background job was asked for, moved on, ended, or has another schedule.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Run">The run it is about; null when it is about the job itself.</param>
/// <param name="State">queued, running, succeeded, failed, cancelled or scheduled.</param>
public sealed record JobChanged(string Job, string? Run, string State, int? Percent = null, string? Message = null) : CatalogEvent
{
    public override string Name => "job.changed";

    internal override string Key => $"job:{Job}:{Run}";

    internal override string RequiredPermission => Permission.JobsManage;
}

/// <summary>Something was written to a record of the system.</summary>
/// <param name="Record">Which one: errors.</param>
public sealed record ErrorLogChanged(string Record) : CatalogEvent
{
    public override string Name => "records.changed";

    internal override string Key => $"records:{Record}";

    internal override string RequiredPermission => Permission.SystemView;
}

/// <summary>A metadata provider answers, or no longer; its state or the reason for it changed.</summary>
public sealed record ProviderChanged(string Provider) : CatalogEvent
{
    public override string Name => "provider.changed";

    internal override string Key => $"provider:{Provider}";

    internal override string RequiredPermission => Permission.MediaView;
}

/// <summary>The shared cache answers, or no longer.</summary>
public sealed record CacheChanged : CatalogEvent
{
    public override string Name => "cache.changed";

    internal override string Key => "cache";

    internal override string RequiredPermission => Permission.SystemView;
}

/// <summary>Checks were made; what is shown of them is stale.</summary>
public sealed record HealthChecked : CatalogEvent
{
    public override string Name => "health.looked";

    internal override string Key => "health";

    internal override string RequiredPermission => Permission.SystemView;
}

/// <summary>A check fails that did not before, or is in order again.</summary>
public sealed record HealthAlert(string Check, string Title, bool Ok, string Message) : CatalogEvent
{
    public override string Name => "health.alert";

    internal override string Key => $"health:{Check}";

    internal override string RequiredPermission => Permission.SystemView;
}
