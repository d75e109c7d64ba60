using Catalogizer.Domain.Media;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Catalogizer.Web.Components.Library;

/// <summary>Search with suggestions while typing. What is searched for is in the library's address.</summary>
public sealed partial class MediaSearch(MediaService media, CurrentActor currentActor, NavigationManager navigation, TimeProvider time, ILogger<MediaSearch> logger) : IDisposable
{
    private const int Limit = 7;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private IReadOnlyList<MediaSummary> _found = [];
    private CancellationTokenSource? _typing;
    private string _typed = "";
    private string _asked = "";
    private int _chosen = -1;
    private bool _focused;
    private bool _dismissed = true;

    private bool IsOpen => _focused && !_dismissed && _typed.Trim().Length > 0;

    private bool IsLibrary => navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0] is "library";

    public void Dispose()
    {
        navigation.LocationChanged -= Moved;
        _typing?.Cancel();
        _typing?.Dispose();
    }

    protected override void OnInitialized()
    {
        navigation.LocationChanged += Moved;
        TakeFromAddress();
    }

    private void Moved(object? sender, LocationChangedEventArgs e) => InvokeAsync(() =>
    {
        TakeFromAddress();
        StateHasChanged();
    });

    private void TakeFromAddress()
    {
        _typed = IsLibrary ? CatalogUrls.ReadLibrary(navigation.Uri).Query.Query ?? "" : "";
        Dismiss();
    }

    private async Task TypedAsync()
    {
        Dismiss();
        if (_typed.Trim().Length == 0)
        {
            return;
        }

        _typing = new CancellationTokenSource();
        var cancellation = _typing.Token;
        try
        {
            await Task.Delay(Pause, time, cancellation);
            var asked = _typed;
            var found = await media.SuggestAsync(await currentActor.GetAsync(), asked, Limit, cancellation);
            (_found, _asked, _chosen, _dismissed) = (found, asked, -1, false);
        }
        catch (OperationCanceledException)
        {
            // More was typed meanwhile.
        }
#pragma warning disable CA1031 // Suggestions are a courtesy: without them Enter still searches.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.LogError(fault, "No suggestions could be given");
        }
    }

    private void Key(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when IsOpen:
                _chosen = _chosen == _found.Count ? 0 : _chosen + 1;
                break;
            case "ArrowUp" when IsOpen:
                _chosen = _chosen <= 0 ? _found.Count : _chosen - 1;
                break;
            case "Escape":
                Dismiss();
                break;
        }
    }

    private void Submit()
    {
        if (IsOpen && _chosen >= 0 && _chosen < _found.Count)
        {
            Open(_found[_chosen]);
            return;
        }

        Dismiss();
        var view = IsLibrary ? CatalogUrls.ReadLibrary(navigation.Uri) : LibraryView.Everything;
        var words = _typed.Trim();
        navigation.NavigateTo(CatalogUrls.Library(view with { Query = view.Query with { Query = words.Length == 0 ? null : words } }));
    }

    private void Open(MediaSummary item)
    {
        Dismiss();
        navigation.NavigateTo(CatalogUrls.Item(item.Id));
    }

    private void Clear()
    {
        _typed = "";
        Dismiss();
        if (IsLibrary)
        {
            Submit();
        }
    }

    private void Left() => _focused = false;

    private void Dismiss()
    {
        _typing?.Cancel();
        _typing?.Dispose();
        _typing = null;
        (_dismissed, _chosen) = (true, -1);
    }
}
