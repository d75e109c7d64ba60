using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Library;

/// <summary>A listed item or a part of one. Row of <c>media_items</c>; the values are the effective ones, edits included.</summary>
public sealed class ItemRow
{
    public long Id { get; set; }

    public MediaKind Kind { get; set; }

    public MediaType MediaType { get; set; }

    /// <summary>Whether the library lists the item; see <see cref="MediaKinds.IsListed"/>.</summary>
    public bool IsListed { get; set; }

    public long? ParentId { get; set; }

    /// <summary>Kind and folded names; files with the same identity belong to the same item. Never changed by an edit.</summary>
    public required string Identity { get; set; }

    /// <summary>Hash of <see cref="Identity"/>, indexed in its place at a fifth of the size.</summary>
    public long IdentityHash { get; set; }

    /// <summary>Null for parts that have only a number, such as season 2 or episode 5.</summary>
    public string? Title { get; set; }

    public string? SortTitle { get; set; }

    public int? Year { get; set; }

    /// <summary>Season of an episode, disc of a track.</summary>
    public int? Season { get; set; }

    /// <summary>Episode of a season, track of a disc; the first one when a file contains several.</summary>
    public int? Episode { get; set; }

    /// <summary>The last episode when a file contains several.</summary>
    public int? EpisodeTo { get; set; }

    public string? Description { get; set; }

    /// <summary>0 to 10.</summary>
    public double? Rating { get; set; }

    public string? Poster { get; set; }

    /// <summary>The sources that have versions of it and their presence there: row of <c>holdings</c>.</summary>
    public int PresenceSetId { get; set; }

    /// <summary>Versions of the item itself, without those of its parts.</summary>
    public int VersionCount { get; set; }

    /// <summary>Episodes of a series or season, tracks of an album, albums of an artist.</summary>
    public int PartCount { get; set; }

    public string? BestResolution { get; set; }

    public string? BestCodec { get; set; }

    /// <summary>0 to 100; 0 when nothing is known.</summary>
    public double BestScore { get; set; }

    /// <summary>Set when first seen, in Unix milliseconds; survives moves and better versions.</summary>
    public long FirstSeenAt { get; set; }

    public long UpdatedAt { get; set; }
}
