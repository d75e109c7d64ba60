using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Components.Library;
using Catalogizer.Web.Components.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace Catalogizer.Web.Components.Sources;

/// <summary>A folder of a source as the catalogue knows it; the source itself is not accessed.</summary>
public sealed partial class SourceFilesPage(SourceFolders folders, SourceService sources, NavigationManager navigation)
{
    private Virtualize<FolderEntry>? _list;
    private SourceFolder? _folder;
    private Error? _problem;
    private string? _reviveError;
    private (long Id, string? Path, string? Find)? _loadedQuery;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "path")]
    public string? Path { get; set; }

    [SupplyParameterFromQuery(Name = "find")]
    public string? Find { get; set; }

    private string FolderPath => Path?.Trim('/') ?? "";

    private string? SearchText => string.IsNullOrWhiteSpace(Find) ? null : Find.Trim();

    private int Total => _folder is { Window: { } window } ? window.Folders + window.Files : 0;

    /// <summary>Whether the list has only folders, which have no time or size of their own.</summary>
    private bool HasOnlyFolders => _folder is { Window: { Files: 0, Folders: > 0 } };

    private string Heading => FolderPath.Length > 0 ? DisplayName.From(FolderPath.Split('/')[^1]) : DisplayName.From(_folder?.SourceName ?? "Files");

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedQuery is not null && _loadedQuery != (Id, Path, Find))
        {
            (_folder, _problem) = (null, null);
            await ReloadAsync();
        }
    }

    protected override bool IsRelevant(CatalogEvent catalogEvent) => catalogEvent is ItemsChanged || (catalogEvent is SourceChanged changed && changed.SourceId == Id);

    protected override async Task<bool> ExistsAsync() => (await folders.ReadAsync(Actor, Id, FolderPath, null, 0, 0, Leaving)).IsOk;

    protected override async Task LoadAsync()
    {
        var requested = (Id, Path, Find);
        _loadedQuery = requested;
        var result = await folders.ReadAsync(Actor, Id, FolderPath, SearchText, 0, 0, Leaving);
        if (requested != (Id, Path, Find))
        {
            return;
        }

        (_problem, _folder) = (result.Error, result.IsOk ? result.Value : null);
        await (_list?.RefreshDataAsync() ?? Task.CompletedTask);
    }

    private async Task ReviveAsync()
    {
        await TryRunAsync(async () => _reviveError = (await sources.ReviveAsync(Actor, Id, Leaving)).Error?.Message);
        await ReloadAsync();
    }

    private static string FormatSummary(FolderWindow window) => (window.Folders, window.Files) switch
    {
        (0, var files) => MediaLabels.FormatCount(files, "file"),
        (var folderCount, 0) => MediaLabels.FormatCount(folderCount, "folder"),
        var (folderCount, files) => $"{MediaLabels.FormatCount(folderCount, "folder")} and {MediaLabels.FormatCount(files, "file")}",
    };

    /// <summary>The parent folders, outermost first.</summary>
    private IEnumerable<(string Name, string Path)> GetParentFolders()
    {
        for (var end = FolderPath.IndexOf('/', StringComparison.Ordinal); end >= 0; end = FolderPath.IndexOf('/', end + 1))
        {
            var path = FolderPath[..end];
            yield return (path[(path.LastIndexOf('/') + 1)..], path);
        }
    }

    private async ValueTask<ItemsProviderResult<FolderEntry>> ProvideEntriesAsync(ItemsProviderRequest request)
    {
        var (entries, total) = ((IReadOnlyList<FolderEntry>)[], Total);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken, Leaving);
        var succeeded = await TryRunAsync(async () =>
        {
            try
            {
                var result = await folders.ReadAsync(Actor, Id, FolderPath, SearchText, request.StartIndex, request.Count, linked.Token);
                if (result.IsOk)
                {
                    (entries, total) = (result.Value.Window.Entries, result.Value.Window.Folders + result.Value.Window.Files);
                }
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

        return new ItemsProviderResult<FolderEntry>(entries, total);
    }

    private void OnSearch(ChangeEventArgs args) =>
        navigation.NavigateTo(CatalogUrls.Files(Id, FolderPath, args.Value?.ToString()?.Trim()), replace: true);
}
