
namespace Catalogizer.Domain.Library;

/// <summary>A value that a user set over the detected or fetched one. Row of <c>item_edits</c>.</summary>
public sealed class ItemEdit
{
    public long ItemId { get; set; }

    /// <summary>The field by its API name: title, year, description, rating.</summary>
    public required string Field { get; set; }

    public string? Value { get; set; }

    /// <summary>The value to restore when the edit is reset; a refresh changes this and not <see cref="Value"/>.</summary>
    public string? BaseValue { get; set; }

    public long? EditedBy { get; set; }

    public DateTimeOffset EditedAt { get; set; }
}
