using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Quality;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>What a work's own files say of it: above what their names say, below what a provider says. An NFO file stands above tags.</summary>
internal static class OwnLayers
{
    public const string Tags = TagLayer.Name;

    /// <summary>The layers' names, to stand in a list.</summary>
    public const string Sql = $"'{NfoLayer.Name}', '{Tags}'";

    /// <summary>Tracks of one album do not agree on what it is called: its name stands, whatever a further one says.</summary>
    private const string Disagreed = "disagreed";

    private static readonly DateTimeOffset Never = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DetailedMetadata? Of(SqliteConnection connection, long item) =>
        SqliteMatchStore.Record(connection, item, NfoLayer.Name) ?? SqliteMatchStore.Record(connection, item, Tags);

    /// <summary>Lays what a file's tags say under its track and album, or its audiobook.</summary>
    public static void LayTags(SqliteConnection connection, Analysis analysis)
    {
        if (analysis.Found?.Measures?.Tags is not { } tags)
        {
            return;
        }

        using var row = new Statement(connection, "SELECT i.id, i.kind, i.parent_id FROM media_versions v JOIN media_items i ON i.id = v.item_id WHERE v.id = ?1");
        if (!row.Bind(1, analysis.Copy.VersionId).Read())
        {
            return;
        }

        var (item, kind, above) = (row.Int64(0), (MediaKind)row.Int32(1), row.Int64OrNull(2));
        row.Reset();
        if (kind == MediaKind.Track)
        {
            LayTitle(connection, item, IsEmptyTitle(tags.Title) ? null : tags.Title, analysis.At);
            if (above is { } album)
            {
                LayShared(connection, album, tags.Album, tags, analysis.At);
            }
        }
        else if (kind == MediaKind.Audiobook)
        {
            LayShared(connection, item, tags.Album ?? (analysis.Copy.Files == 1 ? tags.Title : null), tags, analysis.At);
        }
    }

    /// <summary>Several files speak for it: they have to say the same.</summary>
    private static void LayShared(SqliteConnection connection, long item, string? title, MediaTags tags, DateTimeOffset at)
    {
        if (title is null)
        {
            return;
        }

        var known = SqliteMatchStore.Record(connection, item, Tags);
        if (known?.ExternalId == Disagreed)
        {
            return;
        }

        if (known is { Title.Length: > 0 } && Fold.Text(known.Title) != Fold.Text(title))
        {
            Write(connection, item, known with { ExternalId = Disagreed, Title = "", Year = null });
            return;
        }

        var year = known is null || known.Year == tags.Year ? tags.Year : null;
        if (known is null || known.Year != year)
        {
            Write(connection, item, known is null ? Told(title, year, tags.Genre, at) : known with { Year = year });
        }
    }

    /// <summary>What says no more than the name needs no row.</summary>
    private static void LayTitle(SqliteConnection connection, long item, string? title, DateTimeOffset at)
    {
        var known = SqliteMatchStore.Record(connection, item, Tags);
        if (known is null ? title is not null && SqliteMatchStore.Base(connection, item, "title") != title : known.Title != (title ?? ""))
        {
            Write(connection, item, Told(title, null, null, at));
        }
    }

    private static DetailedMetadata Told(string? title, int? year, string? genre, DateTimeOffset at) =>
        new(Tags, "", title ?? "", null, year, null, null, genre is null ? [] : [genre], [], null, new Dictionary<string, string>(), at, false);

    private static void Write(SqliteConnection connection, long item, DetailedMetadata told) =>
        SqliteMatchStore.ApplyOwn(connection, item, told, Never, told.FetchedAt.ToUnixTimeMilliseconds());

    /// <summary>What programs write where nobody named a track: "Track 01", "Unknown".</summary>
    private static bool IsEmptyTitle(string? title)
    {
        var word = (title ?? "").TrimEnd("0123456789 .#".ToCharArray());
        return word.Length == 0 || word.ToUpperInvariant() is "TRACK" or "AUDIOTRACK" or "AUDIO TRACK" or "TITEL" or "PISTE" or "PISTA" or "UNKNOWN" or "UNTITLED" or "UNKNOWN TITLE";
    }
}
