using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Scanning;

/// <summary>What the names of a slice say otherwise than the catalogue.</summary>
public sealed class NameDifferences
{
    /// <summary>Files of another work or copy, or that are beside a work and were one.</summary>
    public List<(StoredFile Was, AddedFile Now)> Placed { get; } = [];

    /// <summary>Files of another type or role that stay in their place.</summary>
    public List<(StoredFile Was, AddedFile Now)> Told { get; } = [];

    /// <summary>Copies of another label, confidence or quality.</summary>
    public List<(StoredCopy Was, AddedFile Now)> Copies { get; } = [];

    /// <summary>Works of another title, year or type.</summary>
    public List<(StoredWork Was, NameOfWork Now, string Path)> Works { get; } = [];

    /// <summary>Files beside a work that belong to another copy, or to none.</summary>
    public List<(StoredFile Was, AddedFile Now)> Joined { get; } = [];

    /// <summary>Files that stay with the work that a person decided on.</summary>
    public int Kept { get; set; }

    /// <summary>Files are placed because a person said so.</summary>
    public bool IsDecided { get; init; }

    public bool Any => Placed.Count + Told.Count + Copies.Count + Works.Count + Joined.Count > 0;

    /// <summary>Leaves out what one turn has no time for, copies whole. Answers whether something was left out.</summary>
    public bool Trim(int most)
    {
        var at = most;
        while (at < Placed.Count && Placed[at].Was.Copy is { } copy && copy.Id == Placed[at - 1].Was.Copy?.Id)
        {
            at++;
        }

        if (at >= Placed.Count)
        {
            return false;
        }

        Placed.RemoveRange(at, Placed.Count - at);
        return true;
    }
}

/// <summary>What names call a work.</summary>
public sealed record NameOfWork(string? Title, int? Year, MediaType Type);

/// <summary>A few words for a work, to show what it was and what it is.</summary>
internal static class WorkWords
{
    public static string Of(StoredFile file) => file switch
    {
        { Role: Detection.FileRole.Sidecar } => "beside a work",
        { Copy.Work: { } work } => Of(work.Kind, Top(work).Title, Top(work).Year, work.Season, work.Episode, work.Title),
        _ => "no work",
    };

    public static string Of(AddedFile file) => file.Plan is { Leaf: var leaf }
        ? Of(leaf.Kind, Top(leaf).Title, Top(leaf).Year, leaf.Season, leaf.Episode, leaf.Title)
        : "beside a work";

    /// <summary>What a work is called on its own: one without a title by what it lies below, an episode with its number.</summary>
    public static string Title(WorkNode work)
    {
        var titled = work;
        while (titled is { Title: null, Parent: { } above })
        {
            titled = above;
        }

        return titled.Title + (titled == work ? "" : Place(work.Kind, work.Season, work.Episode));
    }

    public static string Of(MediaKind kind, string? title, int? year) => Of(kind, title, year, null, null, title);

    private static string Of(MediaKind kind, string? top, int? year, int? season, int? episode, string? title)
    {
        var place = Place(kind, season, episode);
        var own = title is not null && title != top ? $", “{title}”" : "";
        var when = year is null ? "" : string.Create(CultureInfo.InvariantCulture, $" ({year})");
        return $"{kind.Word()} “{top}”{when}{place}{own}";
    }

    private static string Place(MediaKind kind, int? season, int? episode) => kind is MediaKind.Episode && episode is not null
        ? string.Create(CultureInfo.InvariantCulture, $" {(season is null ? "" : $"S{season:00}")}E{episode:00}")
        : kind is MediaKind.Season ? string.Create(CultureInfo.InvariantCulture, $" {season}") : "";

    private static StoredWork Top(StoredWork work)
    {
        var top = work;
        while (top.Parent is { } above)
        {
            top = above;
        }

        return top;
    }

    private static WorkNode Top(WorkNode node)
    {
        var top = node;
        while (top.Parent is { } above)
        {
            top = above;
        }

        return top;
    }
}
