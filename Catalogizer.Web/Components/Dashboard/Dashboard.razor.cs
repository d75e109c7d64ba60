using System.Globalization;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Components.Sources;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Dashboard;

/// <summary>The home page: totals, new items, status of the sources and what needs attention. Its totals are read from counters only.</summary>
public sealed partial class Dashboard(MediaService media, SourceService sources, AnalyticsService analytics, HealthService health, NavigationManager navigation)
{
    private const int RecentCount = 12;
    private const int GrowthDays = 30;

    private MediaStatistics? _statistics;
    private IReadOnlyList<MediaSummary> _recent = [];
    private Growth? _growth;

    private IReadOnlyList<SourceStatus> Sources { get; set; } = [];

    private IReadOnlyList<AttentionItem> AttentionItems { get; set; } = [];

    /// <summary>Mostly offline sources alone do not count: it is normal that they are unreachable.</summary>
    private bool AreAllOffline => Sources.Count > 0 && Sources.All(s => s.IsUnreachable()) && Sources.Any(s => s.Mode == SourceMode.AlwaysOn);

    private IEnumerable<(MediaType Type, long Works)> CountsByType =>
        Enum.GetValues<MediaType>().Select(type => (type, _statistics!.ByType.GetValueOrDefault(type.ToApiName()))).Where(t => t.Item2 > 0);

    protected override async Task OnInitializedAsync()
    {
        // The library used to be at this URL: redirects saved links.
        if (CatalogUrls.ParseLibrary(navigation.Uri) is var view && view != LibraryView.Default)
        {
            navigation.NavigateTo(CatalogUrls.Library(view), replace: true);
            return;
        }

        await base.OnInitializedAsync();
    }

    protected override bool IsRelevant(CatalogEvent catalogEvent) => catalogEvent is ItemsChanged or SourceChanged or ScanProgressed or AnalyticsChanged or HealthChecked;

    protected override async Task LoadAsync()
    {
        ApplyStatuses(Actor.HasPermission(Permission.SourcesView) ? [.. (await sources.StatusAsync(Actor, Leaving)).Where(s => !s.Retired)] : []);

        _growth = await analytics.GrowthAsync(Actor, analytics.Today.AddDays(-GrowthDays), null, Leaving);
        await LoadStatisticsAsync();
    }

    /// <summary>
    /// The event carries the progress of a running scan, and what the scan finds only changes the totals. Any other event reloads
    /// everything.
    /// </summary>
    protected override async Task OnEventsAsync(IReadOnlyList<CatalogEvent> events)
    {
        var activeScans = events.OfType<ScanProgressed>().Where(e => e.Scan.IsActive()).Select(e => e.Scan).ToDictionary(s => s.SourceId);
        if (!IsLoaded || events.Any(e => e is SourceChanged or AnalyticsChanged || (e is ScanProgressed { Scan: var scan } && !scan.IsActive())) || activeScans.Keys.Except(Sources.Select(s => s.Id)).Any())
        {
            await ReloadAsync();
            return;
        }

        ApplyStatuses([.. Sources.Select(s => activeScans.TryGetValue(s.Id, out var scan) ? s with { LastScan = scan } : s)]);
        if (events.Any(e => e is ItemsChanged))
        {
            await LoadStatisticsAsync();
        }

        StateHasChanged();
    }

    private async Task LoadStatisticsAsync()
    {
        _recent = await media.WindowAsync(Actor, new MediaQuery { Sort = MediaSort.AddedDown }, 0, RecentCount, Leaving);
        _statistics = await media.StatisticsAsync(Actor, Leaving);
    }

    private void ApplyStatuses(IReadOnlyList<SourceStatus> statuses) => (Sources, AttentionItems) = (statuses, [.. AttentionItem.From(health.GetFailing(Actor)), .. AttentionItem.From(statuses)]);

    private static string FormatCount(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
