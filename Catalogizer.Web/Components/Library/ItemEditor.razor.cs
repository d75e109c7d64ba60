using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Library;

/// <summary>Edits fields of an item, resets them to the detected value, and undoes the last change.</summary>
public sealed partial class ItemEditor(MediaService media, CurrentActor currentActor)
{
    private string? _title;
    private int? _year;
    private double? _rating;
    private string? _description;
    private Error? _error;
    private string? _status;

    /// <summary>The edits that undo the last change.</summary>
    private MediaEdits? _undo;
    private bool _isBusy;

    [Parameter, EditorRequired]
    public MediaDetail Detail { get; set; } = null!;

    [Parameter]
    public EventCallback<MediaDetail> Changed { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    protected override void OnInitialized() => ShowItem(Detail.Item);

    private void ShowItem(MediaSummary item) =>
        (_title, _year, _rating, _description) = (item.Title, item.Year, item.Rating, item.Description);

    /// <summary>Only changed fields become edits; emptying a field resets it.</summary>
    private Task SaveAsync()
    {
        var item = Detail.Item;
        var title = string.IsNullOrWhiteSpace(_title) ? null : _title.Trim();
        var description = string.IsNullOrWhiteSpace(_description) ? null : _description.Trim();
        return SaveAsync(new MediaEdits
        {
            Title = title == item.Title ? default : new(title, true),
            Year = _year == item.Year ? default : new(_year, true),
            Rating = _rating == item.Rating ? default : new(_rating, true),
            Description = description == item.Description ? default : new(description, true),
        });
    }

    private async Task SaveAsync(MediaEdits edits)
    {
        _isBusy = true;
        var undo = CreateUndo(edits);
        var result = await media.EditAsync(await currentActor.GetAsync(), Detail.Item.Id, edits, CancellationToken.None);
        _isBusy = false;
        (_error, _status) = (result.Error, result.IsOk ? "Saved." : null);
        if (result.IsOk)
        {
            _undo = undo == new MediaEdits() ? _undo : undo;
            ShowItem(result.Value.Item);
            await Changed.InvokeAsync(result.Value);
        }
    }

    /// <summary>Creates the edits that undo <paramref name="change"/>: an earlier edit is set again, a field without one is reset.</summary>
    private MediaEdits CreateUndo(MediaEdits change)
    {
        var (item, edits) = (Detail.Item, Detail.Edits);
        return new MediaEdits
        {
            Title = GetPrevious(change.Title, "title", item.Title),
            Year = GetPrevious(change.Year, "year", item.Year),
            Rating = GetPrevious(change.Rating, "rating", item.Rating),
            Description = GetPrevious(change.Description, "description", item.Description),
        };

        Optional<T?> GetPrevious<T>(Optional<T?> changed, string field, T? current) =>
            !changed.IsGiven ? default : new(edits.Contains(field, StringComparer.OrdinalIgnoreCase) ? current : default, true);
    }
}
