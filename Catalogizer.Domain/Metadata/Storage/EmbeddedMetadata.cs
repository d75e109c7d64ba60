using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Metadata.Storage;

/// <summary>
/// Metadata from an item's own files. It takes precedence over names, and provider data over it. NFO files take precedence over tags.
/// </summary>
internal static class EmbeddedMetadata
{
    public const string TagsLayer = TagLayer.Name;

    /// <summary>The layers' names as a SQL list.</summary>
    public const string LayerNamesSql = $"'{NfoLayer.Name}', '{TagsLayer}'";

    /// <summary>Marks an album whose tracks disagree on its name: the detected name applies, whatever further tracks contain.</summary>
    private const string DisagreedMarker = "disagreed";

    private static readonly DateTimeOffset NeverExpires = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DetailedMetadata? Find(SqliteConnection connection, long item) =>
        MatchStore.ReadMetadata(connection, item, NfoLayer.Name) ?? MatchStore.ReadMetadata(connection, item, TagsLayer);

    /// <summary>Saves a file's own metadata for its track and album, its audiobook, its book or its comic.</summary>
    public static void Save(SqliteConnection connection, Analysis analysis)
    {
        if (analysis.Result is not { } found)
        {
            return;
        }

        using var row = new Statement(connection, "SELECT i.id, i.kind, i.parent_id FROM media_versions v JOIN media_items i ON i.id = v.item_id WHERE v.id = ?1");
        if (!row.Bind(1, analysis.Candidate.VersionId).Read())
        {
            return;
        }

        var (item, kind, parent) = (row.Int64(0), (MediaKind)row.Int32(1), row.Int64OrNull(2));
        row.Reset();
        if (kind is MediaKind.Book or MediaKind.Comic && found.Contents is { } contents)
        {
            WriteBook(connection, item, kind == MediaKind.Book ? contents.Title : null, contents, analysis.At);
        }
        else if (found.Properties?.Tags is { } tags)
        {
            WriteAudio(connection, analysis, tags, (item, kind, parent));
        }
    }

    private static void WriteAudio(SqliteConnection connection, Analysis analysis, MediaTags tags, (long Id, MediaKind Kind, long? Above) target)
    {
        var (item, kind, parent) = target;
        if (kind == MediaKind.Track)
        {
            WriteTitle(connection, item, IsPlaceholderTitle(tags.Title) ? null : tags.Title, analysis.At);
            if (parent is { } album)
            {
                WriteShared(connection, album, tags.Album, tags, analysis.At);
            }
        }
        else if (kind == MediaKind.Audiobook)
        {
            WriteShared(connection, item, tags.Album ?? (analysis.Candidate.Files == 1 ? tags.Title : null), tags, analysis.At);
        }
    }

    /// <summary>Saves metadata that several files provide; it applies only while they agree.</summary>
    private static void WriteShared(SqliteConnection connection, long item, string? title, MediaTags tags, DateTimeOffset at)
    {
        if (title is null)
        {
            return;
        }

        var known = MatchStore.ReadMetadata(connection, item, TagsLayer);
        if (known?.ExternalId == DisagreedMarker)
        {
            return;
        }

        if (known is { Title.Length: > 0 } && TextNormalizer.Fold(known.Title) != TextNormalizer.Fold(title))
        {
            Write(connection, item, known with { ExternalId = DisagreedMarker, Title = "", Year = null });
            return;
        }

        var year = known is null || known.Year == tags.Year ? tags.Year : null;
        if (known is null || known.Year != year)
        {
            Write(connection, item, known is null ? Create(title, year, tags.Genre, at) : known with { Year = year });
        }
    }

    /// <summary>A book's date is usually that of its edition, so a year in the name takes precedence. An issue's title is not the comic's.</summary>
    private static void WriteBook(SqliteConnection connection, long item, string? title, FileContents contents, DateTimeOffset at)
    {
        var hasYear = (MatchStore.ReadBaseValue(connection, item, "year")) is not null && MatchStore.ReadMetadata(connection, item, TagsLayer)?.Year is null;
        var year = !hasYear && contents.Published is { Length: >= 4 } date && int.TryParse(date.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var found) && found is >= 1400 and <= 2200 ? found : (int?)null;
        if (title is not null || contents.Description is not null || year is not null)
        {
            Write(connection, item, Create(title, year, null, at) with { Description = contents.Description, People = contents.People });
        }
    }

    /// <summary>A title equal to the detected one needs no row.</summary>
    private static void WriteTitle(SqliteConnection connection, long item, string? title, DateTimeOffset at)
    {
        var known = MatchStore.ReadMetadata(connection, item, TagsLayer);
        if (known is null ? title is not null && MatchStore.ReadBaseValue(connection, item, "title") != title : known.Title != (title ?? ""))
        {
            Write(connection, item, Create(title, null, null, at));
        }
    }

    private static DetailedMetadata Create(string? title, int? year, string? genre, DateTimeOffset at) =>
        new(TagsLayer, "", title ?? "", null, year, null, null, genre is null ? [] : [genre], [], null, new Dictionary<string, string>(), at, false);

    private static void Write(SqliteConnection connection, long item, DetailedMetadata metadata) =>
        MatchStore.ApplyEmbedded(connection, item, metadata, NeverExpires, metadata.FetchedAt.ToUnixTimeMilliseconds());

    /// <summary>Whether a title is a placeholder for an unnamed track, such as "Track 01" or "Unknown".</summary>
    private static bool IsPlaceholderTitle(string? title)
    {
        var word = (title ?? "").TrimEnd("0123456789 .#".ToCharArray());
        return word.Length == 0 || word.ToUpperInvariant() is "TRACK" or "AUDIOTRACK" or "AUDIO TRACK" or "TITEL" or "PISTE" or "PISTA" or "UNKNOWN" or "UNTITLED" or "UNKNOWN TITLE";
    }
}
