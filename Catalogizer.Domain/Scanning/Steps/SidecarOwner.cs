using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>What a sidecar or extra belongs to: a version, or an item as a whole.</summary>
internal readonly record struct SidecarOwner(long? VersionId, long? ItemId);

/// <summary>An item that may own sidecars, with its ancestors.</summary>
internal sealed record OwnerItem(long Id, MediaKind Kind, string Identity, int? Year, OwnerItem? Parent)
{
    /// <summary>The folded title of a film or series as its files name it; null for parts and other kinds.</summary>
    public string? Title => Kind is MediaKind.Film or MediaKind.Series && Identity.Split('|') is [_, { Length: > 0 } title, ..] ? title : null;

    public IEnumerable<OwnerItem> SelfAndAncestors
    {
        get
        {
            for (var item = this; item is not null; item = item.Parent)
            {
                yield return item;
            }
        }
    }

    public OwnerItem Root => Parent?.Root ?? this;

    /// <summary>The nearest item that is or contains both; null when they have none.</summary>
    public OwnerItem? FindCommon(OwnerItem other) => SelfAndAncestors.FirstOrDefault(item => other.SelfAndAncestors.Any(o => o.Id == item.Id));
}

/// <summary>A media file of the folder that sidecars lie in, or near.</summary>
/// <param name="Stem">Its name without the extension.</param>
internal readonly record struct OwnerFile(string Stem, long VersionId, OwnerItem Item);
