using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Sources;

/// <summary>Describes a source: a new one, or one that is there.</summary>
public sealed partial class SourceEditor(SourceService sources, ScanService scans, CurrentActor currentActor, NavigationManager navigation)
{
    private FolderPicker _picker = null!;
    private string? _name;
    private string? _path;
    private string _purpose = "main";
    private string _mode = "alwaysOn";
    private string _schedule = Schedules.Daily;
    private string? _cron;
    private bool _watch = true;
    private Error? _error;
    private Error? _missing;
    private SourceTest? _test;
    private bool _ready;
    private bool _testing;
    private bool _busy;

    /// <summary>Null for a new source.</summary>
    [Parameter]
    public long? Id { get; set; }

    private string Title => Id is null ? "Add a source" : "Edit the source";

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            return;
        }

        if (Id is { } id)
        {
            var answer = await sources.GetAsync(await currentActor.GetAsync(), id, CancellationToken.None);
            if (!answer.IsOk)
            {
                _missing = answer.Error;
                return;
            }

            Take(answer.Value);
        }

        _ready = true;
    }

    private void Take(SourceView source)
    {
        (_name, _path, _watch) = (source.Name, source.Path, source.Watch);
        _purpose = Camel(source.Purpose.ToString());
        _mode = Camel(source.Mode.ToString());
        _schedule = Schedules.ChoiceOf(source.Schedule);
        _cron = source.Schedule;
    }

    private static string Camel(string word) => char.ToLowerInvariant(word[0]) + word[1..];

    private SourceDraft Draft() => new()
    {
        Name = _name?.Trim(),
        Protocol = "local",
        Path = _path?.Trim(),
        Purpose = _purpose,
        Mode = _mode,
        Watch = _watch,
        Schedule = _schedule == Schedules.Custom ? _cron?.Trim() ?? "" : _schedule,
    };

    private string? Invalid(string field) => IsAbout(field) ? "true" : null;

    private bool IsAbout(string field) => string.Equals(_error?.Field, field, StringComparison.OrdinalIgnoreCase);

    private async Task TestAsync()
    {
        _testing = true;
        _test = null;
        StateHasChanged();
        try
        {
            _test = await sources.TestAsync(await currentActor.GetAsync(), Draft(), CancellationToken.None);
        }
        finally
        {
            _testing = false;
        }
    }

    private Task SaveAsync() => SaveAsync(scan: false);

    private async Task SaveAsync(bool scan)
    {
        _busy = true;
        try
        {
            var actor = await currentActor.GetAsync();
            var answer = Id is { } id
                ? await sources.UpdateAsync(actor, id, Draft(), CancellationToken.None)
                : await sources.AddAsync(actor, Draft(), CancellationToken.None);
            _error = answer.Error;
            if (!answer.IsOk)
            {
                return;
            }

            if (scan)
            {
                await scans.StartAsync(actor, answer.Value.Id, null, CancellationToken.None);
            }

            navigation.NavigateTo(CatalogUrls.Sources);
        }
        finally
        {
            _busy = false;
        }
    }

    private void Picked(string path)
    {
        _path = path;
        _test = null;
        if (string.IsNullOrWhiteSpace(_name))
        {
            _name = path.TrimEnd('/').Split('/')[^1];
        }
    }
}
