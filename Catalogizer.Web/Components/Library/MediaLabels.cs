using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;

namespace Catalogizer.Web.Components.Library;

/// <summary>Display texts for types, kinds and sort orders.</summary>
internal static class MediaLabels
{
    public static string Plural(this MediaType type) => type switch
    {
        MediaType.Movie => "Films",
        MediaType.TvShow => "Series",
        MediaType.Music => "Music",
        MediaType.Game => "Games",
        MediaType.Software => "Software",
        MediaType.Book => "Books",
        MediaType.Comic => "Comics",
        MediaType.Audiobook => "Audiobooks",
        MediaType.Photo => "Photos",
        _ => "Other",
    };

    public static string Label(this MediaKind kind) => kind.ToString();

    /// <summary>Number and kind of an item's parts: "24 episodes".</summary>
    public static string FormatParts(this MediaSummary item) => FormatCount(item.PartCount, item.Kind switch
    {
        MediaKind.Series or MediaKind.Season => "episode",
        MediaKind.Album => "track",
        MediaKind.Artist => "album",
        _ => "part",
    });

    /// <summary>Number of parts or versions as shown on the card; empty for the usual single version.</summary>
    public static string FormatAmount(this MediaSummary item) =>
        item.PartCount > 0 ? item.FormatParts() : item.VersionCount > 1 ? FormatCount(item.VersionCount, "copy", "copies") : "";

    public static string FormatCount(long count, string singular, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? singular : plural ?? singular + "s")}");

    public static string Label(this MediaSort sort) => sort switch
    {
        MediaSort.AddedDown => "Newest first",
        MediaSort.Added => "Oldest first",
        MediaSort.Title => "Title, A to Z",
        MediaSort.TitleDown => "Title, Z to A",
        MediaSort.YearDown => "Year, latest first",
        MediaSort.Year => "Year, earliest first",
        MediaSort.RatingDown => "Best rated first",
        MediaSort.Rating => "Lowest rated first",
        MediaSort.UpdatedDown => "Recently changed",
        _ => "Longest unchanged",
    };

    public static string ForEvent(string kind) => kind switch
    {
        "added" => "Found",
        "changed" => "Changed",
        "missing" => "Went missing",
        "returned" => "Came back",
        "unknown" => "Could not be looked at",
        "retired" => "Archived",
        "moved" => "Moved",
        "redetected" => "Name read anew",
        "placed" => "Put with another work",
        _ => kind,
    };
}
