using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Reads items as lists show them.</summary>
internal static class ItemRows
{
    public const string Columns = """
        m.id, m.media_type, m.kind, m.parent_id, m.title, m.year, m.season, m.episode, m.episode_to, m.description, m.rating, m.holding_id,
        m.first_seen_at, m.updated_at, m.version_count, m.part_count, m.best_resolution, m.best_codec, m.best_score, m.poster
        """;

    /// <summary>Position of the presence set in <see cref="Columns"/>.</summary>
    public const int PresenceSetColumn = 11;

    /// <param name="filter">The query's filter; the version that is shown passes it.</param>
    public static MediaSummary Read(Statement row, ReadSession session, AvailabilitySnapshot availability, ItemFilter? filter = null)
    {
        var (best, presence) = BestVersions.Find(row.Int64(0), row.Int32(15) > 0, row.Int32(11), new BestVersion(row.TextOrNull(16), row.TextOrNull(17), row.Double(18)), session, availability, filter);
        var kind = (MediaKind)row.Int32(2);
        var (season, episode, episodeTo) = (row.Int32OrNull(6), row.Int32OrNull(7), row.Int32OrNull(8));
        return new MediaSummary(
            row.Int64(0),
            (MediaType)row.Int32(1),
            kind,
            row.Int64OrNull(3),
            row.TextOrNull(4) ?? FormatDefaultTitle(kind, season, episode, episodeTo),
            row.Int32OrNull(5),
            season,
            episode,
            row.TextOrNull(9),
            row.DoubleOrNull(10),
            presence,
            DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(12)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(13)),
            row.Int32(14),
            row.Int32(15),
            best,
            row.TextOrNull(19))
        {
            Absence = presence == Presence.Unknown ? availability.FindAbsence(row.Int32(11), filter is null ? null : filter.Matches) : null,
        };
    }

    private static string FormatDefaultTitle(MediaKind kind, int? season, int? episode, int? episodeTo) => kind switch
    {
        MediaKind.Season when season == 0 => "Specials",
        MediaKind.Season => string.Create(CultureInfo.InvariantCulture, $"Season {season}"),
        MediaKind.Episode when episodeTo is not null => string.Create(CultureInfo.InvariantCulture, $"Episodes {episode}–{episodeTo}"),
        MediaKind.Episode when episode is not null => string.Create(CultureInfo.InvariantCulture, $"Episode {episode}"),
        _ => kind.ToString(),
    };
}
