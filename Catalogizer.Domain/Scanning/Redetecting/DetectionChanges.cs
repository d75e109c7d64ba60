using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning.Steps;

namespace Catalogizer.Domain.Scanning.Redetecting;

/// <summary>Where detection of a batch's file names now differs from the catalogue.</summary>
public sealed class DetectionChanges
{
    /// <summary>Files that belong to another item or version, or that change between media file and sidecar.</summary>
    public List<(StoredFile Was, AddedFile Now)> Regrouped { get; } = [];

    /// <summary>Files with another type or role that are not regrouped.</summary>
    public List<(StoredFile Was, AddedFile Now)> Reclassified { get; } = [];

    /// <summary>Versions with another label, confidence or quality.</summary>
    public List<(StoredVersion Was, AddedFile Now)> Versions { get; } = [];

    /// <summary>Items with another title, year or type.</summary>
    public List<(StoredItem Was, DetectedName Now, string Path)> Items { get; } = [];

    /// <summary>Items whose identity gets marks from the names of their files; files with other marks then belong to other items.</summary>
    public List<(StoredItem Was, string Identity)> Identities { get; } = [];

    /// <summary>Sidecars that belong to another version, or to none.</summary>
    public List<(StoredFile Was, AddedFile Now)> ReattachedSidecars { get; } = [];

    /// <summary>Number of files that stay with their item because a user decided on it.</summary>
    public int Pinned { get; set; }

    /// <summary>Whether the files are placed because of a user's decision.</summary>
    public bool IsManual { get; init; }

    public bool HasChanges => Regrouped.Count + Reclassified.Count + Versions.Count + Items.Count + Identities.Count + ReattachedSidecars.Count > 0;

    /// <summary>Limits <see cref="Regrouped"/> to what one transaction may save, without splitting a version. Returns whether anything was left out.</summary>
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

/// <summary>An item's title, year and type as detected from file names.</summary>
public sealed record DetectedName(string? Title, int? Year, MediaType Type);

/// <summary>Describes an item in a few words, to show what it was and what it is now.</summary>
internal static class ItemDescription
{
    public static string Describe(StoredFile file) => file switch
    {
        { Role: FileRole.Sidecar } => "beside a work",
        { Version.Item: { } item } => Describe(item.Kind, GetRoot(item).Title, GetRoot(item).Year, item.Season, item.Episode, item.Title),
        _ => "no work",
    };

    public static string Describe(AddedFile file) => file.Plan is { Leaf: var leaf }
        ? Describe(leaf.Kind, GetRoot(leaf).Title, GetRoot(leaf).Year, leaf.Season, leaf.Episode, leaf.Title)
        : "beside a work";

    /// <summary>What a file was and what it is now; where both read the same, the marks that tell them apart.</summary>
    public static string DescribeChange(StoredFile was, AddedFile now)
    {
        var (before, after) = (Describe(was), Describe(now));
        var difference = before == after && was.Version is { Item.Identity: var one } && now.Plan is { Leaf.Identity: var other }
            ? ItemIdentity.DescribeDifference(one, other)
            : null;
        return difference is null ? $"{before} → {after}" : $"{before} → {after}: {difference}";
    }

    /// <summary>The item's own title; without one, that of its nearest titled ancestor, followed by season and episode number.</summary>
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
