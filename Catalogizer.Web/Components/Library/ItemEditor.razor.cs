using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Library;

/// <summary>Sets what a person knows better, and takes it back.</summary>
public sealed partial class ItemEditor(MediaService media, CurrentActor currentActor)
{
    private string? _title;
    private int? _year;
    private double? _rating;
    private string? _description;
    private Error? _error;
    private string? _said;
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
        var answer = await media.EditAsync(await currentActor.GetAsync(), Detail.Item.Id, edits, CancellationToken.None);
        _busy = false;
        (_error, _said) = (answer.Error, answer.IsOk ? "Saved." : null);
        if (answer.IsOk)
        {
            Take(answer.Value.Item);
            await Changed.InvokeAsync(answer.Value);
        }
    }
}
