using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;
using Catalogizer.Web.Components.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Catalogizer.Web.Components.Sources;

internal enum WizardStep
{
    Kind,
    Server,
    Share,
    Folder,
    Look,
    Details,
}

/// <summary>Adds a source step by step. The step is in the URL, so that the browser's back and forward buttons work.</summary>
public sealed partial class SourceWizard(
    SourceProbe probe, SourceService sources, ScanService scans, SourceWizardState wizardState, CurrentActor currentActor, NavigationManager navigation, IJSRuntime script) : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private FolderField _folder = null!;
    private ElementReference _title;
    private IReadOnlyList<NetworkShare>? _shares;
    private WizardStep _step;
    private WizardStep? _skipTo;
    private Error? _error;
    private string? _warning;
    private bool _isReady;
    private bool _isBusy;
    private bool _hasStepChanged;
    private bool _hasFailed;

    [SupplyParameterFromQuery(Name = "step")]
    public string? Step { get; set; }

    private SourceForm Form => wizardState.Form;

    private IEnumerable<WizardStep> Steps => Enum.GetValues<WizardStep>().Where(s => Form.IsShare || s is not (WizardStep.Server or WizardStep.Share));

    /// <summary>Keeps the input for users who come back, except for the password.</summary>
    public void Dispose()
    {
        Form.ClearPassword();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        var requested = PageParameters.ParseEnum<WizardStep>(Step) ?? WizardStep.Kind;
        var step = Steps.Where(s => s <= requested).TakeWhile(IsReachable).Last();
        (_hasStepChanged, _step) = (_isReady && step != _step, step);
        if (_hasStepChanged || !_isReady)
        {
            (_error, _skipTo) = (null, null);
        }

        _isReady = true;
        if (_step == WizardStep.Share && _shares is null)
        {
            await LoadSharesAsync();
        }
        else if (_step == WizardStep.Details && string.IsNullOrWhiteSpace(Form.Name))
        {
            Form.Name = Form.SuggestName();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_hasStepChanged)
        {
            _hasStepChanged = false;
            await _title.FocusAsync();
        }
        else if (_hasFailed && !_isBusy)
        {
            _hasFailed = false;
            await script.InvokeVoidAsync("catalogizer.showProblem");
        }
    }

    private static string GetHref(WizardStep step) => CatalogUrls.AddSourceStep(step.ToString().ToLowerInvariant());

    private static string StepLabel(WizardStep step) => step switch
    {
        WizardStep.Kind => "Where",
        WizardStep.Look => "What is there",
        WizardStep.Details => "Details",
        _ => step.ToString(),
    };

    private static string StepTitle(WizardStep step) => step switch
    {
        WizardStep.Kind => "Where do the files lie?",
        WizardStep.Server => "Which file server?",
        WizardStep.Share => "Which share?",
        WizardStep.Folder => "Which folder?",
        WizardStep.Look => "What is there",
        _ => "How is it to be treated?",
    };

    private static string BusyLabel(WizardStep step) => step == WizardStep.Server ? "Asking for its shares…" : "Trying it…";

    /// <summary>Whether the input that a step depends on was given.</summary>
    private bool IsReachable(WizardStep step) => step switch
    {
        WizardStep.Kind or WizardStep.Server => true,
        WizardStep.Share => !string.IsNullOrWhiteSpace(Form.Host) && (Form.IsGuest || !Form.IsPasswordCleared),
        WizardStep.Folder => !Form.IsShare || !string.IsNullOrWhiteSpace(Form.Share),
        _ => Form.IsShare || !string.IsNullOrWhiteSpace(Form.Path),
    };

    private WizardStep PreviousStep(WizardStep step) => Steps.Last(s => s < step);

    private WizardStep NextStep(WizardStep step) => Steps.First(s => s > step);

    private bool HasErrorFor(string field) => string.Equals(_error?.Field, field, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the step has a field that shows the error itself.</summary>
    private bool IsInline(Error error) => error.Field is { } field && _step switch
    {
        WizardStep.Server => field is "host" or "login" or "port" or "domain" or "username" or "password" or "encryption",
        WizardStep.Share => field == "share",
        WizardStep.Folder => field is "folder" or "path",
        WizardStep.Details => field is "name" or "schedule",
        _ => false,
    };

    private void SelectShare(string? share)
    {
        (Form.Share, Form.Folder, _error, _skipTo) = (share?.Trim(), null, null, null);
    }

    private void OnServerChanged() => (_shares, _error, _skipTo) = (null, null, null);

    private void SelectKind(bool isShare)
    {
        Form.IsShare = isShare;
        navigation.NavigateTo(GetHref(NextStep(WizardStep.Kind)));
    }

    private async Task ContinueAsync()
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _error, _skipTo) = (true, null, null);
        try
        {
            switch (_step)
            {
                case WizardStep.Server when !await LoadSharesAsync():
                case WizardStep.Share when !await TestShareAsync():
                case WizardStep.Folder when !await TestFolderAsync():
                    break;
                case WizardStep.Details:
                    await SaveAsync(scan: true);
                    break;
                default:
                    navigation.NavigateTo(GetHref(NextStep(_step)));
                    break;
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The user left while the file server was queried.
        }
        finally
        {
            (_isBusy, _hasFailed) = (false, _error is not null);
        }
    }

    /// <summary>A server that is off or does not list its shares does not block the user, who can enter a share by name.</summary>
    private async Task<bool> LoadSharesAsync()
    {
        var result = await probe.ListSharesAsync(await currentActor.GetAsync(), Form.ToDraft(), null, _leaving.Token);
        _shares = result.IsOk ? result.Value : [];
        _error = result.Error is not SourceUnreadable unreadable ? result.Error
            : new InvalidError(_step == WizardStep.Share ? "share" : unreadable.Code == "wrongLogin" ? "login" : "host", unreadable.Message);
        _skipTo = result.Error is SourceUnreadable && _step == WizardStep.Server ? WizardStep.Share : null;
        return result.IsOk;
    }

    private async Task<bool> TestShareAsync()
    {
        var test = await probe.TestAsync(await currentActor.GetAsync(), Form.ToDraft() with { Folder = "" }, null, _leaving.Token);
        _error = test.Ok ? null : new InvalidError("share", test.Message);
        _skipTo = test.Ok || test.Code == "invalid" ? null : WizardStep.Folder;
        return test.Ok;
    }

    private async Task<bool> TestFolderAsync()
    {
        var test = await _folder.TestAsync();
        _warning = test.Warning;
        _error = test.Ok ? null : new InvalidError(Form.IsShare ? "folder" : "path", DisplayName.From(test.Message));
        _skipTo = test.Ok || !Form.IsShare || test.Code == "invalid" ? null : WizardStep.Look;
        return test.Ok;
    }

    private async Task SaveAsync(bool scan)
    {
        _isBusy = true;
        try
        {
            var actor = await currentActor.GetAsync();
            var result = await sources.AddAsync(actor, Form.ToDraft(), CancellationToken.None);
            _error = result.Error;
            if (!result.IsOk)
            {
                return;
            }

            wizardState.Form = new SourceForm();
            if (scan)
            {
                await scans.StartAsync(actor, result.Value.Id, null, CancellationToken.None);
            }

            navigation.NavigateTo(CatalogUrls.Sources);
        }
        finally
        {
            (_isBusy, _hasFailed) = (false, _error is not null);
        }
    }
}
