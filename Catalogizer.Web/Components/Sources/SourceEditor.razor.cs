using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Catalogizer.Web.Components.Sources;

/// <summary>Edits a source. With a new location it is still the same source: the effect on its files is shown before saving.</summary>
public sealed partial class SourceEditor(SourceService sources, SourceProbe probe, ScanService scans, CurrentActor currentActor, NavigationManager navigation, IJSRuntime script)
{
    private SourceForm? _form;
    private (bool, string?, string?, int?, string?, string?) _savedLocationKey;
    private (bool, string?, string?, int?, string?, string?)? _previewedLocationKey;
    private MovePreview? _movePreview;
    private SourceUnreadable? _moveProblem;
    private Error? _error;
    private Error? _notFound;
    private bool _hasSavedPassword;
    private bool _isBusy;
    private bool _hasFailed;

    [Parameter]
    public long Id { get; set; }

    /// <summary>The HTTP request of the page; null in a circuit.</summary>
    [CascadingParameter]
    private HttpContext? Http { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var result = await sources.GetAsync(await currentActor.GetAsync(), Id, CancellationToken.None);
        _notFound = result.Error;
        if (!result.IsOk && Http is not null)
        {
            Http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (result.IsOk && RendererInfo.IsInteractive)
        {
            _form = SourceForm.From(result.Value);
            (_savedLocationKey, _hasSavedPassword) = (_form.LocationKey, !_form.IsGuest);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_hasFailed && !_isBusy)
        {
            _hasFailed = false;
            await script.InvokeVoidAsync("catalogizer.showProblem");
        }
    }

    private bool HasErrorFor(string field) => string.Equals(_error?.Field, field, StringComparison.OrdinalIgnoreCase);

    private void ResetPreview() => (_error, _movePreview, _moveProblem) = (null, null, null);

    private async Task SaveAsync(bool scan)
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            var (actor, draft, locationKey) = (await currentActor.GetAsync(), _form!.ToDraft(), _form.LocationKey);
            var moves = locationKey != _savedLocationKey;
            if (moves && _previewedLocationKey != locationKey)
            {
                await PreviewMoveAsync(draft, locationKey);
                return;
            }

            var result = await sources.UpdateAsync(actor, Id, draft, CancellationToken.None);
            _error = result.Error;
            if (!result.IsOk)
            {
                return;
            }

            if (scan)
            {
                // A new location needs a full scan: the folder times in the catalogue belong to the old one.
                await scans.StartAsync(actor, Id, moves ? ScanKind.Full : null, CancellationToken.None);
            }

            navigation.NavigateTo(CatalogUrls.Sources);
        }
        finally
        {
            (_isBusy, _hasFailed) = (false, _error is not null);
        }
    }

    private async Task PreviewMoveAsync(SourceDraft draft, (bool, string?, string?, int?, string?, string?) locationKey)
    {
        StateHasChanged();
        var result = await probe.PreviewMoveAsync(await currentActor.GetAsync(), draft, Id, CancellationToken.None);
        (_movePreview, _moveProblem) = (result.IsOk ? result.Value : null, result.Error as SourceUnreadable);
        _error = result.Error is SourceUnreadable ? null : result.Error;
        _previewedLocationKey = _error is null ? locationKey : null;
    }
}
