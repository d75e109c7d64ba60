using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Scanning;

/// <summary>What the names of a slice say otherwise than the catalogue.</summary>
public sealed class DetectionChanges
{
    /// <summary>Files of another work or copy, or that are beside a work and were one.</summary>
    public List<(StoredFile Was, AddedFile Now)> Regrouped { get; } = [];

    /// <summary>Files of another type or role that stay in their place.</summary>
    public List<(StoredFile Was, AddedFile Now)> Reclassified { get; } = [];

    /// <summary>Copies of another label, confidence or quality.</summary>
    public List<(StoredVersion Was, AddedFile Now)> Versions { get; } = [];

    /// <summary>Works of another title, year or type.</summary>
    public List<(StoredItem Was, DetectedName Now, string Path)> Items { get; } = [];

    /// <summary>Files beside a work that belong to another copy, or to none.</summary>
    public List<(StoredFile Was, AddedFile Now)> ReattachedSidecars { get; } = [];

    /// <summary>Files that stay with the work that a person decided on.</summary>
    public int Pinned { get; set; }

    /// <summary>Files are placed because a person said so.</summary>
    public bool IsManual { get; init; }

    public bool HasChanges => Regrouped.Count + Reclassified.Count + Versions.Count + Items.Count + ReattachedSidecars.Count > 0;

    /// <summary>Leaves out what one turn has no time for, copies whole. Answers whether something was left out.</summary>
    public bool Trim(int max)
    {
        var count = max;
        while (count < Regrouped.Count && Regrouped[count].Was.Version is { } version && version.Id == Regrouped[count - 1].Was.Version?.Id)
        {
            count++;
        }

        if (count >= Regrouped.Count)
        {
            return false;
        }

        Regrouped.RemoveRange(count, Regrouped.Count - count);
        return true;
    }
}

/// <summary>What names call a work.</summary>
public sealed record DetectedName(string? Title, int? Year, MediaType Type);

/// <summary>A few words for a work, to show what it was and what it is.</summary>
internal static class ItemDescription
{
    public static string Describe(StoredFile file) => file switch
    {
        { Role: Detection.FileRole.Sidecar } => "beside a work",
        { Version.Item: { } item } => Describe(item.Kind, GetRoot(item).Title, GetRoot(item).Year, item.Season, item.Episode, item.Title),
        _ => "no work",
    };

    public static string Describe(AddedFile file) => file.Plan is { Leaf: var leaf }
        ? Describe(leaf.Kind, GetRoot(leaf).Title, GetRoot(leaf).Year, leaf.Season, leaf.Episode, leaf.Title)
        : "beside a work";

    /// <summary>What a work is called on its own: one without a title by what it lies below, an episode with its number.</summary>
    public static string FormatTitle(ItemNode item)
    {
        var titled = item;
        while (titled is { Title: null, Parent: { } parent })
        {
            titled = parent;
        }

        return titled.Title + (titled == item ? "" : FormatPosition(item.Kind, item.Season, item.Episode));
    }

    public static string Describe(MediaKind kind, string? title, int? year) => Describe(kind, title, year, null, null, title);

    private static string Describe(MediaKind kind, string? top, int? year, int? season, int? episode, string? title)
    {
        var position = FormatPosition(kind, season, episode);
        var ownTitle = title is not null && title != top ? $", “{title}”" : "";
        var yearText = year is null ? "" : string.Create(CultureInfo.InvariantCulture, $" ({year})");
        return $"{kind.ToApiName()} “{top}”{yearText}{position}{ownTitle}";
    }

    private static string FormatPosition(MediaKind kind, int? season, int? episode) => kind is MediaKind.Episode && episode is not null
        ? string.Create(CultureInfo.InvariantCulture, $" {(season is null ? "" : $"S{season:00}")}E{episode:00}")
        : kind is MediaKind.Season ? string.Create(CultureInfo.InvariantCulture, $" {season}") : "";

    private static StoredItem GetRoot(StoredItem item)
    {
        var top = item;
        while (top.Parent is { } parent)
        {
            top = parent;
        }

        return top;
    }

    private static ItemNode GetRoot(ItemNode node)
    {
        var top = node;
        while (top.Parent is { } parent)
        {
            top = parent;
        }

        return top;
    }
}
