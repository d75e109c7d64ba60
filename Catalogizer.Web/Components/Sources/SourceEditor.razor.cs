using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Catalogizer.Web.Components.Sources;

/// <summary>Changes a source. One that is pointed elsewhere is the same source: what would become of its files is shown before it is saved.</summary>
public sealed partial class SourceEditor(SourceService sources, SourceProbe trials, ScanService scans, CurrentActor currentActor, NavigationManager navigation, IJSRuntime script)
{
    private SourceForm? _form;
    private (bool, string?, string?, int?, string?, string?) _lay;
    private (bool, string?, string?, int?, string?, string?)? _previewed;
    private MovePreview? _move;
    private SourceUnreadable? _moveProblem;
    private Error? _error;
    private Error? _missing;
    private bool _isKept;
    private bool _busy;
    private bool _hasFailed;

    [Parameter]
    public long Id { get; set; }

    /// <summary>The request for the page; none once there is a circuit.</summary>
    [CascadingParameter]
    private HttpContext? Http { get; set; }

    protected override async Task OnInitializedAsync()
    {
        var answer = await sources.GetAsync(await currentActor.GetAsync(), Id, CancellationToken.None);
        _missing = answer.Error;
        if (!answer.IsOk && Http is not null)
        {
            Http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (answer.IsOk && RendererInfo.IsInteractive)
        {
            _form = SourceForm.Of(answer.Value);
            (_lay, _isKept) = (_form.Address, !_form.IsGuest);
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_hasFailed && !_busy)
        {
            _hasFailed = false;
            await script.InvokeVoidAsync("catalogizer.showProblem");
        }
    }

    private bool IsAbout(string field) => string.Equals(_error?.Field, field, StringComparison.OrdinalIgnoreCase);

    private void Changed() => (_error, _move, _moveProblem) = (null, null, null);

    private async Task SaveAsync(bool scan)
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            var (actor, draft, address) = (await currentActor.GetAsync(), _form!.ToDraft(), _form.Address);
            var moves = address != _lay;
            if (moves && _previewed != address)
            {
                await PreviewAsync(draft, address);
                return;
            }

            var answer = await sources.UpdateAsync(actor, Id, draft, CancellationToken.None);
            _error = answer.Error;
            if (!answer.IsOk)
            {
                return;
            }

            if (scan)
            {
                // What the catalogue knows of folders' times is of the old place.
                await scans.StartAsync(actor, Id, moves ? ScanKind.Full : null, CancellationToken.None);
            }

            navigation.NavigateTo(CatalogUrls.Sources);
        }
        finally
        {
            (_busy, _hasFailed) = (false, _error is not null);
        }
    }

    private async Task PreviewAsync(SourceDraft draft, (bool, string?, string?, int?, string?, string?) address)
    {
        StateHasChanged();
        var answer = await trials.PreviewMoveAsync(await currentActor.GetAsync(), draft, Id, CancellationToken.None);
        (_move, _moveProblem) = (answer.IsOk ? answer.Value : null, answer.Error as SourceUnreadable);
        _error = answer.Error is SourceUnreadable ? null : answer.Error;
        _previewed = _error is null ? address : null;
    }
}
