using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Health;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Components.Sources;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Dashboard;

/// <summary>The home page: what there is, what came, how the sources are doing, and what somebody should look at. Read from counters alone.</summary>
public sealed partial class Dashboard(MediaService media, SourceService sources, AnalyticsService analytics, HealthService health, NavigationManager navigation)
{
    private const int Recent = 12;
    private const int GrowthDays = 30;

    private MediaStatistics? _numbers;
    private IReadOnlyList<MediaSummary> _recent = [];
    private Growth? _growth;

    private IReadOnlyList<SourceStatus> Sources { get; set; } = [];

    private IReadOnlyList<Concern> Attention { get; set; } = [];

    /// <summary>A disk in a drawer is no trouble, and so not counted.</summary>
    private bool AllAway => Sources.Count > 0 && Sources.All(s => s.IsAway()) && Sources.Any(s => s.Mode == SourceMode.AlwaysOn);

    private IEnumerable<(MediaType Type, long Works)> Types =>
        Enum.GetValues<MediaType>().Select(type => (type, _numbers!.ByType.GetValueOrDefault(type.ToApiName()))).Where(t => t.Item2 > 0);

    protected override async Task OnInitializedAsync()
    {
        // The library once stood at this address; links that were kept lead to it still.
        if (CatalogUrls.ReadLibrary(navigation.Uri) is var view && view != LibraryView.Everything)
        {
            navigation.NavigateTo(CatalogUrls.Library(view), replace: true);
            return;
        }

        await base.OnInitializedAsync();
    }

    protected override bool Concerns(CatalogEvent happened) => happened is ItemsChanged or SourceChanged or ScanProgressed or AnalyticsChanged or HealthChecked;

    protected override async Task LoadAsync()
    {
        Take(Actor.HasPermission(Permission.SourcesView) ? [.. (await sources.StatusAsync(Actor, Leaving)).Where(s => !s.Retired)] : []);

        _growth = await analytics.GrowthAsync(Actor, analytics.Today.AddDays(-GrowthDays), null, Leaving);
        await LoadNumbersAsync();
    }

    /// <summary>The progress of a running scan comes with the event, and what it finds changes the numbers alone; all else is asked for again.</summary>
    protected override async Task HearAsync(IReadOnlyList<CatalogEvent> happened)
    {
        var moving = happened.OfType<ScanProgressed>().Where(e => e.Scan.IsActive()).Select(e => e.Scan).ToDictionary(s => s.SourceId);
        if (!Loaded || happened.Any(e => e is SourceChanged or AnalyticsChanged || (e is ScanProgressed { Scan: var scan } && !scan.IsActive())) || moving.Keys.Except(Sources.Select(s => s.Id)).Any())
        {
            await ReloadAsync();
            return;
        }

        Take([.. Sources.Select(s => moving.TryGetValue(s.Id, out var scan) ? s with { LastScan = scan } : s)]);
        if (happened.Any(e => e is ItemsChanged))
        {
            await LoadNumbersAsync();
        }

        StateHasChanged();
    }

    private async Task LoadNumbersAsync()
    {
        _recent = await media.WindowAsync(Actor, new MediaQuery { Sort = MediaSort.AddedDown }, 0, Recent, Leaving);
        _numbers = await media.StatisticsAsync(Actor, Leaving);
    }

    private void Take(IReadOnlyList<SourceStatus> statuses) => (Sources, Attention) = (statuses, [.. Concern.Of(health.GetFailing(Actor)), .. Concern.Of(statuses)]);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
