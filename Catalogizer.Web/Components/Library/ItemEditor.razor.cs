using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Library;

/// <summary>Sets what a person knows better, takes it back, and undoes the last of either.</summary>
public sealed partial class ItemEditor(MediaService media, CurrentActor currentActor)
{
    private string? _title;
    private int? _year;
    private double? _rating;
    private string? _description;
    private Error? _error;
    private string? _said;

    /// <summary>Brings back what stood before the last change.</summary>
    private MediaEdits? _back;
    private bool _busy;

    [Parameter, EditorRequired]
    public MediaDetail Detail { get; set; } = null!;

    [Parameter]
    public EventCallback<MediaDetail> Changed { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    protected override void OnInitialized() => Take(Detail.Item);

    private void Take(MediaSummary item) =>
        (_title, _year, _rating, _description) = (item.Title, item.Year, item.Rating, item.Description);

    /// <summary>Only what was changed becomes an edit; an emptied field is an edit taken back.</summary>
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
        _busy = true;
        var back = Before(edits);
        var answer = await media.EditAsync(await currentActor.GetAsync(), Detail.Item.Id, edits, CancellationToken.None);
        _busy = false;
        (_error, _said) = (answer.Error, answer.IsOk ? "Saved." : null);
        if (answer.IsOk)
        {
            _back = back == new MediaEdits() ? _back : back;
            Take(answer.Value.Item);
            await Changed.InvokeAsync(answer.Value);
        }
    }

    /// <summary>The change that undoes one: an edit that stood is made again, and where there was none, the new one is taken back.</summary>
    private MediaEdits Before(MediaEdits change)
    {
        var (item, edits) = (Detail.Item, Detail.Edits);
        return new MediaEdits
        {
            Title = Was(change.Title, "title", item.Title),
            Year = Was(change.Year, "year", item.Year),
            Rating = Was(change.Rating, "rating", item.Rating),
            Description = Was(change.Description, "description", item.Description),
        };

        Optional<T?> Was<T>(Optional<T?> changed, string field, T? now) =>
            !changed.IsGiven ? default : new(edits.Contains(field, StringComparer.OrdinalIgnoreCase) ? now : default, true);
    }
}
