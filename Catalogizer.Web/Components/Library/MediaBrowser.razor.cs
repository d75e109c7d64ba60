using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace Catalogizer.Web.Components.Library;

/// <summary>The library: a grid of covers or a dense list of the same query, which is in the URL.</summary>
public sealed partial class MediaBrowser(MediaService media, SourceService sources, NavigationManager navigation, IJSRuntime script, PersistentComponentState persistentState, TimeProvider time) : IAsyncDisposable
{
    private const float RowSize = 56;

    /// <summary>Number of items sent with the page itself: what a large screen shows at first.</summary>
    private const int InitialItemCount = 36;

    /// <summary>Minimum time between updates of a full grid while a scan adds items, so that users who read or type are not disturbed by each step.</summary>
    private static readonly TimeSpan RefreshThrottle = TimeSpan.FromSeconds(1);

    /// <summary>Timeout of calls to the browser: a call sent over a lost connection is never answered.</summary>
    private static readonly TimeSpan BrowserTimeout = TimeSpan.FromSeconds(5);

    private LibraryView _view = LibraryView.Default;
    private LibraryLayout _layout = LibraryLayout.Grid;
    private MediaPage? _page;

    /// <summary>The prerendered items, shown until the virtualised grid has loaded its own.</summary>
    private IReadOnlyList<MediaSummary> _firstItems = [];
    private PersistingComponentStateSubscription _persistingSubscription;
    private Error? _problem;
    private IReadOnlyDictionary<long, string> _sourceNames = new Dictionary<long, string>();

    private ElementReference _results;
    private Virtualize<CardRow>? _grid;
    private Virtualize<MediaSummary>? _list;
    private IJSObjectReference? _module;
    private DotNetObjectReference<MediaBrowser>? _selfReference;
    private int _columns;
    private float _rowHeight = 360;
    private string _rowStyle = "";
    private bool _restoreScroll = true;
    private long _lastRefreshAt;

    /// <summary>Item that keeps the scroll position, null at the top of the list. New items above it appear only on request.</summary>
    private WindowAnchor? _anchor;
    private int _totalAtAnchor;

    /// <summary>The items loaded last; with the shift, the first of them is at <c>Start + Shift</c> of all results.</summary>
    private (int Start, int Shift, IReadOnlyList<MediaSummary> Items) _renderedWindow = (0, 0, []);

    private const string LayoutCookieName = "catalogizer-layout";

    private static LibraryLayout? ParseLayout(string? text) => Enum.TryParse<LibraryLayout>(text, ignoreCase: true, out var layout) && Enum.IsDefined(layout) ? layout : null;

    private string Heading => _view.Query.Type?.Plural() ?? "Library";

    private MediaSort Sort => _view.Query.Sort ?? MediaSort.AddedDown;

    /// <summary>Whether there is nothing to sort or filter.</summary>
    private bool IsEmpty => _page is { Total: 0 } && !_view.HasCriteria;

    /// <summary>Number of items added while the list was anchored.</summary>
    private int NewItemCount => _anchor is { Shift: var shift } ? Math.Max(shift, Total - _totalAtAnchor) : 0;

    private string Summary => _page is null
        ? ""
        : (_page.TotalIsAtLeast ? "More than " : "") + MediaLabels.FormatCount(_page.Total, _view.IsFiltered || _view.Query.Query is not null ? "hit" : "work");

    public async ValueTask DisposeAsync()
    {
        navigation.LocationChanged -= OnLocationChanged;
        _persistingSubscription.Dispose();
        Dispose();
        _selfReference?.Dispose();
        if (_module is not null)
        {
            try
            {
                await _module.InvokeVoidAsync("leave");
                await _module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The user closed the page; its observers are gone with it.
            }
        }
    }

    /// <summary>Called by the browser with the page's new width in pixels, because another number of cards may fit.</summary>
    [JSInvokable]
    public async Task OnWidth(int width)
    {
        var grid = CardGrid.ForWidth(width);
        if (grid.Columns == _columns && Math.Abs(grid.RowHeight - _rowHeight) < 0.5)
        {
            return;
        }

        var hasColumnsChanged = grid.Columns != _columns;
        (_columns, _rowHeight) = (grid.Columns, (float)grid.RowHeight);
        _rowStyle = string.Create(CultureInfo.InvariantCulture, $"--columns:{_columns};height:{_rowHeight:0.##}px");
        StateHasChanged();
        if (hasColumnsChanged && _grid is not null)
        {
            await _grid.RefreshDataAsync();
            StateHasChanged();
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _view = CatalogUrls.ParseLibrary(navigation.Uri);
        _layout = _view.Layout ?? ParseLayout(Http?.Request.Cookies[LayoutCookieName]) ?? LibraryLayout.Grid;
        navigation.LocationChanged += OnLocationChanged;
        if (!RendererInfo.IsInteractive)
        {
            _persistingSubscription = persistentState.RegisterOnPersisting(PersistStateAsync);
        }

        await base.OnInitializedAsync();
    }

    protected override bool LoadsOnPrerender => true;

    protected override long? RestorePrerendered()
    {
        if (!persistentState.TryTakeFromJson<byte[]>(LibraryPrerenderState.Key, out var compressed) || LibraryPrerenderState.Decompress(compressed) is not { } state)
        {
            return null;
        }

        (_page, _firstItems, _sourceNames, _layout) = (state.Page, state.Page.Items, state.Sources, state.Layout);
        return state.Published;
    }

    private Task PersistStateAsync()
    {
        if (_page is not null && new LibraryPrerenderState(_page, _sourceNames, _layout, Streamer.Published).Compress() is { } compressed)
        {
            persistentState.PersistAsJson(LibraryPrerenderState.Key, compressed);
        }

        return Task.CompletedTask;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await script.InvokeAsync<IJSObjectReference>("import", Leaving, "./" + Assets["assets/js/library.js"]);
            _selfReference = DotNetObjectReference.Create(this);
            var savedLayout = await _module.InvokeAsync<string?>("enter", Leaving, _results, _selfReference);
            if (_view.Layout is null && ParseLayout(savedLayout) is { } layout && layout != _layout)
            {
                _layout = layout;
                StateHasChanged();
            }
        }
        else if (_restoreScroll && _page is not null && _columns > 0 && _module is not null)
        {
            _restoreScroll = false;
            await _module.InvokeVoidAsync("restoreScroll", Leaving);
        }
    }

    protected override bool IsRelevant(CatalogEvent catalogEvent) => catalogEvent is ItemsChanged or SourceChanged;

    protected override async Task OnEventsAsync(IReadOnlyList<CatalogEvent> events)
    {
        var delay = RefreshThrottle - time.GetElapsedTime(_lastRefreshAt);
        if (_lastRefreshAt != 0 && Total > InitialItemCount && delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, Leaving);
        }

        _lastRefreshAt = time.GetTimestamp();
        await UpdateAnchorAsync();
        await ReloadAsync();
    }

    /// <summary>Anchors the list at the first visible item. At the top the anchor is released, unless new items are already waiting there.</summary>
    private async Task UpdateAnchorAsync()
    {
        long? topItemId = null;
        var wasAnchored = _anchor is not null;
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
            timeout.CancelAfter(BrowserTimeout);
            topItemId = _module is null ? null : await _module.InvokeAsync<long?>("topWork", timeout.Token, _results);
        }
        catch (OperationCanceledException) when (!Leaving.IsCancellationRequested)
        {
            return;     // keeps the current anchor
        }

        if (wasAnchored && _anchor is null)
        {
            return;     // the user asked for the new items while the browser answered
        }

        if (topItemId is { } id && _renderedWindow.Items.ToList().FindIndex(item => item.Id == id) is >= 0 and var index)
        {
            SetAnchor(id, _renderedWindow.Start + _renderedWindow.Shift + index);
        }
        else if (topItemId is null && NewItemCount == 0)
        {
            _anchor = null;
        }
    }

    /// <param name="position">Its position among all results when they were loaded last.</param>
    private void SetAnchor(long id, int position)
    {
        _totalAtAnchor = _anchor is null ? Total : _totalAtAnchor;
        var shift = _anchor?.Shift ?? 0;
        _anchor = new WindowAnchor(id, position - shift, shift);
    }

    private async Task ShowNewAsync()
    {
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("toTop", Leaving);
        }

        // Only now: a refresh that began while the browser scrolled may have anchored the list again.
        _anchor = null;
        await ReloadAsync();
    }

    protected override async Task LoadAsync()
    {
        if (Actor.HasPermission(Permission.SourcesView))
        {
            _sourceNames = (await sources.ListAsync(Actor, Leaving)).ToDictionary(s => s.Id, s => s.Name);
        }

        var requestedView = _view;
        var result = await media.PageAsync(Actor, requestedView.Query with { Limit = _grid is null && _list is null ? InitialItemCount : 1 }, Leaving);
        if (requestedView != _view)
        {
            return;
        }

        _problem = result.Error;
        _page = result.IsOk ? result.Value : null;
        _firstItems = _grid is null && _list is null ? _page?.Items ?? [] : [];
        await (_grid?.RefreshDataAsync() ?? Task.CompletedTask);
        await (_list?.RefreshDataAsync() ?? Task.CompletedTask);
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        if (navigation.ToBaseRelativePath(e.Location).Split('?', '#')[0] is "library")
        {
            _ = InvokeAsync(async () =>
            {
                var previousQuery = _view.Query;
                _view = CatalogUrls.ParseLibrary(e.Location);
                _layout = _view.Layout ?? _layout;
                if (_view.Query != previousQuery)
                {
                    _anchor = null;
                    await (_module?.InvokeVoidAsync("showFromTop", Leaving) ?? ValueTask.CompletedTask);
                }

                await ReloadAsync();
            });
        }
    }

    private async ValueTask<ItemsProviderResult<CardRow>> ProvideRowsAsync(ItemsProviderRequest request)
    {
        var columns = _columns;
        var items = await TryLoadWindowAsync(request.StartIndex * columns, request.Count * columns, request.CancellationToken);
        var rows = (ScrollableCount + columns - 1) / columns;
        if (_firstItems.Count > 0 && items.Count > 0 && !request.CancellationToken.IsCancellationRequested)
        {
            _ = DropFirstItemsAsync();
        }

        return new ItemsProviderResult<CardRow>(items.Chunk(columns).Select((chunk, i) => new CardRow(request.StartIndex + i, chunk)), rows);
    }

    /// <summary>Removes the prerendered items once the grid below them is rendered. The yield lets the items that were just loaded render first.</summary>
    private async Task DropFirstItemsAsync()
    {
        await Task.Yield();
        if (Leaving.IsCancellationRequested)
        {
            return;
        }

        (_firstItems, _page) = ([], _page is null ? null : _page with { Items = [] });
        StateHasChanged();
    }

    private async ValueTask<ItemsProviderResult<MediaSummary>> ProvideItemsAsync(ItemsProviderRequest request) =>
        new(await TryLoadWindowAsync(request.StartIndex, request.Count, request.CancellationToken), ScrollableCount);

    /// <summary>Number of items that the user can scroll through, without the new ones waiting at the top.</summary>
    private int ScrollableCount => Total - (_anchor?.Shift ?? 0);

    private int Total => (int)Math.Min(_page?.Total ?? 0, 10_000_000);

    /// <summary>Returns no items when the list has become shorter than the scroll position.</summary>
    private async Task<IReadOnlyList<MediaSummary>> TryLoadWindowAsync(int start, int count, CancellationToken cancellation)
    {
        count = Math.Min(count, ScrollableCount - start);
        if (count <= 0)
        {
            return [];
        }

        IReadOnlyList<MediaSummary> items = [];
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Leaving);
        var succeeded = await TryRunAsync(async () =>
        {
            try
            {
                items = await LoadWindowAsync(start, count, linked.Token);
            }
            catch (OperationCanceledException) when (linked.IsCancellationRequested)
            {
                // The user has scrolled on.
            }
        });
        if (!succeeded)
        {
            StateHasChanged();
        }

        return items;
    }

    private async Task<IReadOnlyList<MediaSummary>> LoadWindowAsync(int start, int count, CancellationToken cancellation)
    {
        var (query, anchor) = (_view.Query, _anchor);
        var window = anchor is not null
            ? await media.WindowAsync(Actor, query, start, count, anchor, cancellation)
            : new MediaWindow(await media.WindowAsync(Actor, query, start, count, cancellation), 0);
        if (cancellation.IsCancellationRequested || query != _view.Query || (anchor is not null && _anchor is null))
        {
            return window.Items;
        }

        _renderedWindow = (start, window.Shift, window.Items);
        _anchor = _anchor is null ? null : _anchor with { Shift = window.Shift };
        if (window.Items.Count > 0 && (_anchor is not null || start > 0))
        {
            SetAnchor(window.Items[window.Items.Count / 2].Id, start + window.Shift + (window.Items.Count / 2));
        }

        return window.Items;
    }

    private void OnSortChanged(ChangeEventArgs change)
    {
        var sort = MediaSorts.TryParse(change.Value?.ToString(), out var chosen) ? chosen : MediaSort.AddedDown;
        navigation.NavigateTo(CatalogUrls.Library(_view with { Query = _view.Query with { Sort = sort } }));
    }

    private async Task SetLayoutAsync(LibraryLayout layout)
    {
        _layout = layout;
        navigation.NavigateTo(CatalogUrls.Library(_view with { Layout = layout }), replace: true);
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("keepLayout", Leaving, layout.ToString());
        }
    }

    private sealed record CardRow(int Index, IReadOnlyList<MediaSummary> Items);
}
