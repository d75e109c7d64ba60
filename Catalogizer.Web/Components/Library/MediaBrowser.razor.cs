using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace Catalogizer.Web.Components.Library;

/// <summary>The library: a wall of covers or a dense list over the same question, which is in the address.</summary>
public sealed partial class MediaBrowser(MediaService media, SourceService sources, NavigationManager navigation, IJSRuntime script, PersistentComponentState kept, TimeProvider time) : IAsyncDisposable
{
    private const float RowSize = 56;

    /// <summary>Works that are sent with the page itself: what a large screen shows at first.</summary>
    private const int First = 36;

    /// <summary>How often a wall that is full changes while a scan adds to it: whoever reads or types is not to be disturbed by each step.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    /// <summary>How long the browser may take to say what it shows: a question that went with a lost connection is never answered.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    private LibraryView _view = LibraryView.Everything;
    private LibraryLayout _layout = LibraryLayout.Grid;
    private MediaPage? _page;

    /// <summary>The first works, drawn as they are until the wall that scrolls has its own.</summary>
    private IReadOnlyList<MediaSummary> _first = [];
    private PersistingComponentStateSubscription _keeping;
    private Error? _problem;
    private IReadOnlyDictionary<long, string> _sourceNames = new Dictionary<long, string>();

    private ElementReference _results;
    private Virtualize<CardRow>? _grid;
    private Virtualize<MediaSummary>? _list;
    private IJSObjectReference? _module;
    private DotNetObjectReference<MediaBrowser>? _self;
    private int _columns;
    private float _rowHeight = 360;
    private string _rowStyle = "";
    private bool _restoreScroll = true;
    private long _heardAt;

    /// <summary>What the reader looks at, from when it is not the beginning: it keeps its place, and what comes before it waits to be asked for.</summary>
    private WindowAnchor? _anchor;
    private int _totalBefore;
    private (int Start, IReadOnlyList<MediaSummary> Items) _drawn = (0, []);

    private const string LayoutCookie = "catalogizer-layout";

    private static LibraryLayout? Liked(string? word) => Enum.TryParse<LibraryLayout>(word, ignoreCase: true, out var layout) && Enum.IsDefined(layout) ? layout : null;

    private string Heading => _view.Query.Type?.Plural() ?? "Library";

    private MediaSort Sort => _view.Query.Sort ?? MediaSort.AddedDown;

    /// <summary>There is nothing to order or to filter.</summary>
    private bool IsEmpty => _page is { Total: 0 } && !_view.IsNarrowed;

    /// <summary>Works that came while the list was held in place.</summary>
    private int Waiting => _anchor is { Shift: var shift } ? Math.Max(shift, Total - _totalBefore) : 0;

    private string Summary => _page is null
        ? ""
        : (_page.TotalIsAtLeast ? "More than " : "") + MediaWords.Count(_page.Total, _view.IsFiltered || _view.Query.Query is not null ? "hit" : "work");

    public async ValueTask DisposeAsync()
    {
        navigation.LocationChanged -= Moved;
        _keeping.Dispose();
        Dispose();
        _self?.Dispose();
        if (_module is not null)
        {
            try
            {
                await _module.InvokeVoidAsync("leave");
                await _module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The reader closed the page; its observers went with it.
            }
        }
    }

    /// <summary>The page's width has changed, so another number of cards fits a row.</summary>
    [JSInvokable]
    public async Task OnWidth(int width)
    {
        var fit = CardFit.In(width);
        if (fit.Columns == _columns && Math.Abs(fit.RowHeight - _rowHeight) < 0.5)
        {
            return;
        }

        var other = fit.Columns != _columns;
        (_columns, _rowHeight) = (fit.Columns, (float)fit.RowHeight);
        _rowStyle = string.Create(CultureInfo.InvariantCulture, $"--columns:{_columns};height:{_rowHeight:0.##}px");
        StateHasChanged();
        if (other && _grid is not null)
        {
            await _grid.RefreshDataAsync();
            StateHasChanged();
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _view = CatalogUrls.ReadLibrary(navigation.Uri);
        _layout = _view.Layout ?? Liked(Http?.Request.Cookies[LayoutCookie]) ?? LibraryLayout.Grid;
        navigation.LocationChanged += Moved;
        if (!RendererInfo.IsInteractive)
        {
            _keeping = kept.RegisterOnPersisting(KeepAsync);
        }

        await base.OnInitializedAsync();
    }

    protected override bool LoadsEarly => true;

    protected override long? TakeOver()
    {
        if (!kept.TryTakeFromJson<byte[]>(LibraryStart.Key, out var packed) || LibraryStart.Unpack(packed) is not { } start)
        {
            return null;
        }

        (_page, _first, _sourceNames, _layout) = (start.Page, start.Page.Items, start.Sources, start.Layout);
        return start.Published;
    }

    private Task KeepAsync()
    {
        if (_page is not null && new LibraryStart(_page, _sourceNames, _layout, Streamer.Published).Pack() is { } packed)
        {
            kept.PersistAsJson(LibraryStart.Key, packed);
        }

        return Task.CompletedTask;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await script.InvokeAsync<IJSObjectReference>("import", Leaving, "./" + Assets["assets/js/library.js"]);
            _self = DotNetObjectReference.Create(this);
            var liked = await _module.InvokeAsync<string?>("enter", Leaving, _results, _self);
            if (_view.Layout is null && Liked(liked) is { } layout && layout != _layout)
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

    protected override bool Concerns(CatalogEvent happened) => happened is ItemsChanged or SourceChanged;

    protected override async Task HearAsync(IReadOnlyList<CatalogEvent> happened)
    {
        var left = Calm - time.GetElapsedTime(_heardAt);
        if (_heardAt != 0 && Total > First && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, Leaving);
        }

        _heardAt = time.GetTimestamp();
        await HoldAsync();
        await ReloadAsync();
    }

    /// <summary>Holds the list at what the reader looks at. At its beginning it is free, unless works wait there already.</summary>
    private async Task HoldAsync()
    {
        long? top = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
            limit.CancelAfter(LongestAnswer);
            top = _module is null ? null : await _module.InvokeAsync<long?>("topWork", limit.Token, _results);
        }
        catch (OperationCanceledException) when (!Leaving.IsCancellationRequested)
        {
            return;     // the list stays where it is held
        }

        if (top is { } id && _drawn.Items.ToList().FindIndex(item => item.Id == id) is >= 0 and var place)
        {
            HoldAt(id, _drawn.Start + place);
        }
        else if (top is null && Waiting == 0)
        {
            _anchor = null;
        }
    }

    private void HoldAt(long id, int row)
    {
        _totalBefore = _anchor is null ? Total : _totalBefore;
        _anchor = new WindowAnchor(id, row, _anchor?.Shift ?? 0);
    }

    private async Task ShowNewAsync()
    {
        _anchor = null;
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("toTop", Leaving);
        }

        await ReloadAsync();
    }

    protected override async Task LoadAsync()
    {
        if (Actor.HasPermission(Permission.SourcesView))
        {
            _sourceNames = (await sources.ListAsync(Actor, Leaving)).ToDictionary(s => s.Id, s => s.Name);
        }

        var asked = _view;
        var answer = await media.PageAsync(Actor, asked.Query with { Limit = _grid is null && _list is null ? First : 1 }, Leaving);
        if (asked != _view)
        {
            return;
        }

        _problem = answer.Error;
        _page = answer.IsOk ? answer.Value : null;
        _first = _grid is null && _list is null ? _page?.Items ?? [] : [];
        await (_grid?.RefreshDataAsync() ?? Task.CompletedTask);
        await (_list?.RefreshDataAsync() ?? Task.CompletedTask);
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (navigation.ToBaseRelativePath(e.Location).Split('?', '#')[0] is "library")
        {
            _ = InvokeAsync(async () =>
            {
                var before = _view.Query;
                _view = CatalogUrls.ReadLibrary(e.Location);
                _layout = _view.Layout ?? _layout;
                if (_view.Query != before)
                {
                    _anchor = null;
                    await (_module?.InvokeVoidAsync("showFromTop", Leaving) ?? ValueTask.CompletedTask);
                }

                await ReloadAsync();
            });
        }
    }

    private async ValueTask<ItemsProviderResult<CardRow>> RowsAsync(ItemsProviderRequest request)
    {
        var columns = _columns;
        var items = await WindowAsync(request.StartIndex * columns, request.Count * columns, request.CancellationToken);
        var rows = (Rows + columns - 1) / columns;
        if (_first.Count > 0 && items.Count > 0 && !request.CancellationToken.IsCancellationRequested)
        {
            _ = GiveWayAsync();
        }

        return new ItemsProviderResult<CardRow>(items.Chunk(columns).Select((chunk, i) => new CardRow(request.StartIndex + i, chunk)), rows);
    }

    /// <summary>The first works leave once the wall below them is drawn: what was asked for now is drawn before the next turn.</summary>
    private async Task GiveWayAsync()
    {
        await Task.Yield();
        if (Leaving.IsCancellationRequested)
        {
            return;
        }

        (_first, _page) = ([], _page is null ? null : _page with { Items = [] });
        StateHasChanged();
    }

    private async ValueTask<ItemsProviderResult<MediaSummary>> ItemsAsync(ItemsProviderRequest request) =>
        new(await WindowAsync(request.StartIndex, request.Count, request.CancellationToken), Rows);

    /// <summary>As many as the reader can scroll through: those that wait at the top are not among them.</summary>
    private int Rows => Total - (_anchor?.Shift ?? 0);

    private int Total => (int)Math.Min(_page?.Total ?? 0, 10_000_000);

    /// <summary>A list can have become shorter than what the reader has scrolled to.</summary>
    private async Task<IReadOnlyList<MediaSummary>> WindowAsync(int start, int count, CancellationToken cancellation)
    {
        count = Math.Min(count, Rows - start);
        if (count <= 0)
        {
            return [];
        }

        IReadOnlyList<MediaSummary> items = [];
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Leaving);
        var done = await AttemptAsync(async () =>
        {
            try
            {
                items = await HeldAsync(start, count, either.Token);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                // Scrolled on meanwhile.
            }
        });
        if (!done)
        {
            StateHasChanged();
        }

        return items;
    }

    private async Task<IReadOnlyList<MediaSummary>> HeldAsync(int start, int count, CancellationToken cancellation)
    {
        var query = _view.Query;
        var window = _anchor is { } anchor
            ? await media.WindowAsync(Actor, query, start, count, anchor, cancellation)
            : new MediaWindow(await media.WindowAsync(Actor, query, start, count, cancellation), 0);
        if (cancellation.IsCancellationRequested || query != _view.Query)
        {
            return window.Items;
        }

        _drawn = (start, window.Items);
        _anchor = _anchor is null ? null : _anchor with { Shift = window.Shift };
        if (window.Items.Count > 0 && (_anchor is not null || start > 0))
        {
            HoldAt(window.Items[window.Items.Count / 2].Id, start + (window.Items.Count / 2));
        }

        return window.Items;
    }

    private void Reorder(ChangeEventArgs change)
    {
        var sort = MediaSorts.TryParse(change.Value?.ToString(), out var chosen) ? chosen : MediaSort.AddedDown;
        navigation.NavigateTo(CatalogUrls.Library(_view with { Query = _view.Query with { Sort = sort } }));
    }

    private async Task LayOutAsync(LibraryLayout layout)
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
