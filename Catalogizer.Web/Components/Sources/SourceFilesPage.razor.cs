using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Components.Library;
using Catalogizer.Web.Components.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace Catalogizer.Web.Components.Sources;

/// <summary>A folder of a source out of the catalogue; the source itself is not asked.</summary>
public sealed partial class SourceFilesPage(SourceFolders folders, SourceService sources, NavigationManager navigation)
{
    private Virtualize<FolderEntry>? _list;
    private SourceFolder? _folder;
    private Error? _problem;
    private string? _refused;
    private (long Id, string? Path, string? Find)? _shown;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "path")]
    public string? Path { get; set; }

    [SupplyParameterFromQuery(Name = "find")]
    public string? Find { get; set; }

    private string FolderPath => Path?.Trim('/') ?? "";

    private string? FindText => string.IsNullOrWhiteSpace(Find) ? null : Find.Trim();

    private int Total => _folder is { Window: { } window } ? window.Folders + window.Files : 0;

    /// <summary>Nothing in the list has a time or a size of its own.</summary>
    private bool OnlyFolders => _folder is { Window: { Files: 0, Folders: > 0 } };

    private string Heading => FolderPath.Length > 0 ? DisplayName.Of(FolderPath.Split('/')[^1]) : DisplayName.Of(_folder?.SourceName ?? "Files");

    protected override async Task OnParametersSetAsync()
    {
        if (_shown is not null && _shown != (Id, Path, Find))
        {
            (_folder, _problem) = (null, null);
            await ReloadAsync();
        }
    }

    protected override bool Concerns(CatalogEvent happened) => happened is ItemsChanged || (happened is SourceChanged changed && changed.SourceId == Id);

    protected override async Task<bool> ExistsAsync() => (await folders.ReadAsync(Actor, Id, FolderPath, null, 0, 0, Leaving)).IsOk;

    protected override async Task LoadAsync()
    {
        var asked = (Id, Path, Find);
        _shown = asked;
        var answer = await folders.ReadAsync(Actor, Id, FolderPath, FindText, 0, 0, Leaving);
        if (asked != (Id, Path, Find))
        {
            return;
        }

        (_problem, _folder) = (answer.Error, answer.IsOk ? answer.Value : null);
        await (_list?.RefreshDataAsync() ?? Task.CompletedTask);
    }

    private async Task BringBackAsync()
    {
        await AttemptAsync(async () => _refused = (await sources.ReviveAsync(Actor, Id, Leaving)).Error?.Message);
        await ReloadAsync();
    }

    private static string Summary(FolderWindow window) => (window.Folders, window.Files) switch
    {
        (0, var files) => MediaWords.Count(files, "file"),
        (var inside, 0) => MediaWords.Count(inside, "folder"),
        var (inside, files) => $"{MediaWords.Count(inside, "folder")} and {MediaWords.Count(files, "file")}",
    };

    /// <summary>The folders that this one lies in, from the outermost on.</summary>
    private IEnumerable<(string Name, string Path)> Above()
    {
        for (var end = FolderPath.IndexOf('/', StringComparison.Ordinal); end >= 0; end = FolderPath.IndexOf('/', end + 1))
        {
            var path = FolderPath[..end];
            yield return (path[(path.LastIndexOf('/') + 1)..], path);
        }
    }

    private async ValueTask<ItemsProviderResult<FolderEntry>> EntriesAsync(ItemsProviderRequest request)
    {
        var (entries, total) = ((IReadOnlyList<FolderEntry>)[], Total);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken, Leaving);
        var done = await AttemptAsync(async () =>
        {
            try
            {
                var answer = await folders.ReadAsync(Actor, Id, FolderPath, FindText, request.StartIndex, request.Count, either.Token);
                if (answer.IsOk)
                {
                    (entries, total) = (answer.Value.Window.Entries, answer.Value.Window.Folders + answer.Value.Window.Files);
                }
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

        return new ItemsProviderResult<FolderEntry>(entries, total);
    }

    private void Search(ChangeEventArgs typed) =>
        navigation.NavigateTo(CatalogUrls.Files(Id, FolderPath, typed.Value?.ToString()?.Trim()), replace: true);
}
