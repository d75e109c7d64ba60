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

/// <summary>Adds a source step by step. The step is in the address, so that the browser's own back and forward work.</summary>
public sealed partial class SourceWizard(
    SourceProbe trials, SourceService sources, ScanService scans, SourceInHand inHand, CurrentActor currentActor, NavigationManager navigation, IJSRuntime script) : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private FolderField _folder = null!;
    private ElementReference _title;
    private IReadOnlyList<NetworkShare>? _shares;
    private WizardStep _step;
    private WizardStep? _goOn;
    private Error? _error;
    private string? _warning;
    private bool _ready;
    private bool _busy;
    private bool _moved;
    private bool _hasFailed;

    [SupplyParameterFromQuery(Name = "step")]
    public string? Step { get; set; }

    private SourceForm Form => inHand.Form;

    private IEnumerable<WizardStep> Steps => Enum.GetValues<WizardStep>().Where(s => Form.IsShare || s is not (WizardStep.Server or WizardStep.Share));

    /// <summary>What was typed stays for whoever comes back; the password does not.</summary>
    public void Dispose()
    {
        Form.DropPassword();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        var wanted = AddressParts.Word<WizardStep>(Step) ?? WizardStep.Kind;
        var step = Steps.Where(s => s <= wanted).TakeWhile(IsOpen).Last();
        (_moved, _step) = (_ready && step != _step, step);
        if (_moved || !_ready)
        {
            (_error, _goOn) = (null, null);
        }

        _ready = true;
        if (_step == WizardStep.Share && _shares is null)
        {
            await AskSharesAsync();
        }
        else if (_step == WizardStep.Details && string.IsNullOrWhiteSpace(Form.Name))
        {
            Form.Name = Form.SuggestedName();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_moved)
        {
            _moved = false;
            await _title.FocusAsync();
        }
        else if (_hasFailed && !_busy)
        {
            _hasFailed = false;
            await script.InvokeVoidAsync("catalogizer.showProblem");
        }
    }

    private static string Address(WizardStep step) => CatalogUrls.AddSourceAt(step.ToString().ToLowerInvariant());

    private static string Label(WizardStep step) => step switch
    {
        WizardStep.Kind => "Where",
        WizardStep.Look => "What is there",
        WizardStep.Details => "Details",
        _ => step.ToString(),
    };

    private static string Question(WizardStep step) => step switch
    {
        WizardStep.Kind => "Where do the files lie?",
        WizardStep.Server => "Which file server?",
        WizardStep.Share => "Which share?",
        WizardStep.Folder => "Which folder?",
        WizardStep.Look => "What is there",
        _ => "How is it to be treated?",
    };

    private static string Busy(WizardStep step) => step == WizardStep.Server ? "Asking for its shares…" : "Trying it…";

    /// <summary>Whether what a step builds on was given.</summary>
    private bool IsOpen(WizardStep step) => step switch
    {
        WizardStep.Kind or WizardStep.Server => true,
        WizardStep.Share => !string.IsNullOrWhiteSpace(Form.Host) && (Form.IsGuest || !Form.IsPasswordGone),
        WizardStep.Folder => !Form.IsShare || !string.IsNullOrWhiteSpace(Form.Share),
        _ => Form.IsShare || !string.IsNullOrWhiteSpace(Form.Path),
    };

    private WizardStep Before(WizardStep step) => Steps.Last(s => s < step);

    private WizardStep After(WizardStep step) => Steps.First(s => s > step);

    private bool IsAbout(string field) => string.Equals(_error?.Field, field, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the step has a field that shows the error itself.</summary>
    private bool IsInline(Error error) => error.Field is { } field && _step switch
    {
        WizardStep.Server => field is "host" or "login" or "port" or "domain" or "username" or "password" or "encryption",
        WizardStep.Share => field == "share",
        WizardStep.Folder => field is "folder" or "path",
        WizardStep.Details => field is "name" or "schedule",
        _ => false,
    };

    private void Choose(string? share)
    {
        (Form.Share, Form.Folder, _error, _goOn) = (share?.Trim(), null, null, null);
    }

    private void ServerChanged() => (_shares, _error, _goOn) = (null, null, null);

    private void Begin(bool isShare)
    {
        Form.IsShare = isShare;
        navigation.NavigateTo(Address(After(WizardStep.Kind)));
    }

    private async Task ContinueAsync()
    {
        if (_busy)
        {
            return;
        }

        (_busy, _error, _goOn) = (true, null, null);
        try
        {
            switch (_step)
            {
                case WizardStep.Server when !await AskSharesAsync():
                case WizardStep.Share when !await TryShareAsync():
                case WizardStep.Folder when !await TryFolderAsync():
                    break;
                case WizardStep.Details:
                    await SaveAsync(scan: true);
                    break;
                default:
                    navigation.NavigateTo(Address(After(_step)));
                    break;
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // Left while the file server was asked.
        }
        finally
        {
            (_busy, _hasFailed) = (false, _error is not null);
        }
    }

    /// <summary>A server that is off or keeps its list to itself is no reason to stop: a share can be named by hand.</summary>
    private async Task<bool> AskSharesAsync()
    {
        var answer = await trials.ListSharesAsync(await currentActor.GetAsync(), Form.ToDraft(), null, _leaving.Token);
        _shares = answer.IsOk ? answer.Value : [];
        _error = answer.Error is not SourceUnreadable fault ? answer.Error
            : new InvalidError(_step == WizardStep.Share ? "share" : fault.Code == "wrongLogin" ? "login" : "host", fault.Message);
        _goOn = answer.Error is SourceUnreadable && _step == WizardStep.Server ? WizardStep.Share : null;
        return answer.IsOk;
    }

    private async Task<bool> TryShareAsync()
    {
        var test = await trials.TestAsync(await currentActor.GetAsync(), Form.ToDraft() with { Folder = "" }, null, _leaving.Token);
        _error = test.Ok ? null : new InvalidError("share", test.Message);
        _goOn = test.Ok || test.Code == "invalid" ? null : WizardStep.Folder;
        return test.Ok;
    }

    private async Task<bool> TryFolderAsync()
    {
        var test = await _folder.TestAsync();
        _warning = test.Warning;
        _error = test.Ok ? null : new InvalidError(Form.IsShare ? "folder" : "path", DisplayName.Of(test.Message));
        _goOn = test.Ok || !Form.IsShare || test.Code == "invalid" ? null : WizardStep.Look;
        return test.Ok;
    }

    private async Task SaveAsync(bool scan)
    {
        _busy = true;
        try
        {
            var actor = await currentActor.GetAsync();
            var answer = await sources.AddAsync(actor, Form.ToDraft(), CancellationToken.None);
            _error = answer.Error;
            if (!answer.IsOk)
            {
                return;
            }

            inHand.Form = new SourceForm();
            if (scan)
            {
                await scans.StartAsync(actor, answer.Value.Id, null, CancellationToken.None);
            }

            navigation.NavigateTo(CatalogUrls.Sources);
        }
        finally
        {
            (_busy, _hasFailed) = (false, _error is not null);
        }
    }
}
