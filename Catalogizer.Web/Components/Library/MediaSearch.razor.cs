using Catalogizer.Domain.Library;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Catalogizer.Web.Components.Library;

/// <summary>Search with suggestions while typing. The search text is in the URL of the library.</summary>
public sealed partial class MediaSearch(MediaService media, CurrentActor currentActor, NavigationManager navigation, TimeProvider time, ILogger<MediaSearch> logger) : IDisposable
{
    private const int MaxSuggestions = 7;
    private static readonly TimeSpan DebounceDelay = TimeSpan.FromMilliseconds(150);

    private IReadOnlyList<MediaSummary> _suggestions = [];
    private CancellationTokenSource? _inputCancellation;
    private string _text = "";
    private string _suggestionsQuery = "";
    private int _selectedIndex = -1;
    private bool _isFocused;
    private bool _isDismissed = true;

    private bool IsOpen => _isFocused && !_isDismissed && _text.Trim().Length > 0;

    private bool IsOnLibraryPage => navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0] is "library";

    public void Dispose()
    {
        navigation.LocationChanged -= OnLocationChanged;
        _inputCancellation?.Cancel();
        _inputCancellation?.Dispose();
    }

    protected override void OnInitialized()
    {
        navigation.LocationChanged += OnLocationChanged;
        ReadQueryFromAddress();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => InvokeAsync(() =>
    {
        ReadQueryFromAddress();
        StateHasChanged();
    });

    private void ReadQueryFromAddress()
    {
        _text = IsOnLibraryPage ? CatalogUrls.ParseLibrary(navigation.Uri).Query.Query ?? "" : "";
        Dismiss();
    }

    private async Task OnInputAsync()
    {
        Dismiss();
        if (_text.Trim().Length == 0)
        {
            return;
        }

        _inputCancellation = new CancellationTokenSource();
        var cancellation = _inputCancellation.Token;
        try
        {
            await Task.Delay(DebounceDelay, time, cancellation);
            var text = _text;
            var suggestions = await media.SuggestAsync(await currentActor.GetAsync(), text, MaxSuggestions, cancellation);
            (_suggestions, _suggestionsQuery, _selectedIndex, _isDismissed) = (suggestions, text, -1, false);
        }
        catch (OperationCanceledException)
        {
            // The user has typed more.
        }
#pragma warning disable CA1031 // Suggestions are optional: without them Enter still searches.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "No suggestions could be given");
        }
    }

    private void OnKeyDown(KeyboardEventArgs args)
    {
        switch (args.Key)
        {
            case "ArrowDown" when IsOpen:
                _selectedIndex = _selectedIndex == _suggestions.Count ? 0 : _selectedIndex + 1;
                break;
            case "ArrowUp" when IsOpen:
                _selectedIndex = _selectedIndex <= 0 ? _suggestions.Count : _selectedIndex - 1;
                break;
            case "Escape":
                Dismiss();
                break;
        }
    }

    private void Submit()
    {
        if (IsOpen && _selectedIndex >= 0 && _selectedIndex < _suggestions.Count)
        {
            OpenItem(_suggestions[_selectedIndex]);
            return;
        }

        Dismiss();
        var view = IsOnLibraryPage ? CatalogUrls.ParseLibrary(navigation.Uri) : LibraryView.Default;
        var text = _text.Trim();
        navigation.NavigateTo(CatalogUrls.Library(view with { Query = view.Query with { Query = text.Length == 0 ? null : text } }));
    }

    private void OpenItem(MediaSummary item)
    {
        Dismiss();
        navigation.NavigateTo(CatalogUrls.Item(item.Id));
    }

    private void Clear()
    {
        _text = "";
        Dismiss();
        if (IsOnLibraryPage)
        {
            Submit();
        }
    }

    private void OnFocusOut() => _isFocused = false;

    private void Dismiss()
    {
        _inputCancellation?.Cancel();
        _inputCancellation?.Dispose();
        _inputCancellation = null;
        (_isDismissed, _selectedIndex) = (true, -1);
    }
}
