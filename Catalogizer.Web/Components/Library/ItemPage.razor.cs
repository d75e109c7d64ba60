using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Web.Components.Ui;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Library;

/// <summary>Everything known about an item: its versions, parts, history and edits.</summary>
public sealed partial class ItemPage(MediaService media, VersionQuality quality, NavigationManager navigation)
{
    private MediaDetail? _detail;
    private Error? _problem;
    private IReadOnlyList<MediaVersion> _versions = [];
    private IReadOnlyDictionary<long, VersionQualityReport> _reports = new Dictionary<long, VersionQualityReport>();
    private IReadOnlyList<MediaSummary> _children = [];
    private IReadOnlyList<MediaEvent> _history = [];
    private Dictionary<long, string> _sourceNames = [];
    private long _loadedId;
    private bool _isEditing;

    [Parameter]
    public long Id { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedId != 0 && _loadedId != Id)
        {
            (_detail, _problem, _isEditing) = (null, null, false);
            await ReloadAsync();
        }
    }

    protected override bool IsRelevant(CatalogEvent catalogEvent) =>
        catalogEvent is SourceChanged or ItemsChanged { ItemId: null } || (catalogEvent is ItemsChanged changed && changed.ItemId == Id);

    protected override async Task<bool> ExistsAsync() => (await media.GetAsync(Actor, Id, Leaving)).IsOk;

    protected override async Task LoadAsync()
    {
        var id = _loadedId = Id;
        var detail = await media.GetAsync(Actor, id, Leaving);
        if (!detail.IsOk)
        {
            (_detail, _problem) = (null, detail.Error);
            return;
        }

        if (detail.Value.Item.Id is var mergedId && mergedId != id)
        {
            // The item was merged into another one: redirects the old URL.
            navigation.NavigateTo(CatalogUrls.Item(mergedId), replace: true);
            return;
        }

        var versions = await media.VersionsAsync(Actor, id, Leaving);
        var children = await media.ChildrenAsync(Actor, id, Leaving);
        var history = await media.HistoryAsync(Actor, id, Leaving);
        var reports = await quality.GetReportsAsync(Actor, id, versions.IsOk ? versions.Value : [], Leaving);
        if (id != Id)
        {
            return;
        }

        (_detail, _problem) = (detail.Value, null);
        _versions = versions.IsOk ? versions.Value : [];
        _reports = reports;
        _children = children.IsOk ? children.Value : [];
        _history = history.IsOk ? history.Value : [];
        _sourceNames = _versions.DistinctBy(v => v.SourceId).ToDictionary(v => v.SourceId, v => v.SourceName);
    }

    /// <summary>Names of the sources on which the item is available.</summary>
    private string AvailableSources => string.Join(", ", _versions.Where(v => v.Presence == Presence.Present).Select(v => DisplayName.From(v.SourceName)).Distinct());

    private static string DescribeKind(MediaSummary item) => item switch
    {
        { Kind: MediaKind.Episode, Season: { } season, Episode: { } episode } => string.Create(CultureInfo.InvariantCulture, $"Season {season}, episode {episode}"),
        { Kind: MediaKind.Track, Episode: { } track } => string.Create(CultureInfo.InvariantCulture, $"Track {track}"),
        _ => item.Kind.Label(),
    };

    private async Task<IReadOnlyList<MediaSummary>> LoadPartsAsync(long id)
    {
        IReadOnlyList<MediaSummary> parts = [];
        await TryRunAsync(async () =>
        {
            var result = await media.ChildrenAsync(Actor, id, Leaving);
            parts = result.IsOk ? result.Value : [];
        });
        return parts;
    }

    private void OnEdited(MediaDetail detail) => _detail = detail;
}
