using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Auditing.Storage;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Metadata.Storage;

/// <summary>Writes matches and the values that follow from them, one short batch per item. Edited fields only get a new base value.</summary>
internal sealed class MatchStore(SqliteFile file, WriterQueue writer, TimeProvider time) : IMatchStore
{
    private static readonly TimeSpan MetadataLifetime = TimeSpan.FromDays(30);
    private static readonly TimeSpan NotFoundLifetime = TimeSpan.FromDays(7);

    /// <summary>The kinds of items that get their metadata with a series or album, never by a match of their own.</summary>
    private static readonly string PartKindsSql = $"{(int)MediaKind.Season}, {(int)MediaKind.Episode}, {(int)MediaKind.Track}";

    private const string MatchedProviderSql = "CASE WHEN state IN ('Automatic', 'Pinned') THEN provider END";

    /// <summary>Never looked up, or looked up without a match and due again.</summary>
    private const string IsDueSql = "(m.item_id IS NULL OR (m.state = 'None' AND m.checked_at < ?3))";

    private long NotFoundBefore => (time.GetUtcNow() - NotFoundLifetime).ToUnixTimeMilliseconds();

    private static string KindFilter(IReadOnlyList<MediaKind> kinds) => $"i.kind IN ({string.Join(", ", kinds.Select(k => (int)k))}) AND {SourceRows.IsItemCounted("i")}";

    public Task ApplyAsync(MatchRow match, DetailedMetadata? details, string? poster, IReadOnlyList<PartMetadata> parts, CancellationToken cancellation, AuditEntry? auditEntry = null) => writer.RunAsync(
        connection =>
        {
            Apply(connection, match, details, poster, parts);
            if (auditEntry is not null)
            {
                AuditRows.Add(connection, auditEntry);
            }
        },
        durable: match.State is MatchState.Pinned or MatchState.LeftAlone,
        cancellation);

    public Task ApplyNfoAsync(long id, DetailedMetadata metadata, DateTimeOffset expires, CancellationToken cancellation) =>
        writer.RunAsync(connection => ApplyEmbedded(connection, id, metadata, expires, time.GetUtcNow().ToUnixTimeMilliseconds()), durable: false, cancellation);

    public Task<BacklogCount?> CountAsync(IReadOnlyList<MediaKind> kinds, CancellationToken cancellation) => RangeCounter.CountAsync((after, to) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file);
            if (AvailabilitySnapshot.IsLoadingIn(session))
            {
                return ((BacklogCount, long)?)null;
            }

            using var rows = session.Prepare($"""
                SELECT coalesce(sum({IsDueSql}), 0), count(*), (SELECT max(id) FROM media_items) FROM media_items i LEFT JOIN media_matches m ON m.item_id = i.id
                WHERE i.id > ?1 AND i.id <= ?2 AND {KindFilter(kinds)}
                """);
            rows.Bind(1, after).Bind(2, to).Bind(3, NotFoundBefore).Read();
            return (new BacklogCount(rows.Int64(0), rows.Int64(1)), rows.Int64OrNull(2) ?? 0);
        },
        cancellation));

    public Task<IReadOnlyList<long>?> UnmatchedAsync(long after, IReadOnlyList<MediaKind> kinds, int count, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file);
            if (AvailabilitySnapshot.IsLoadingIn(session))
            {
                return null;
            }

            // Continues after an id, so that items that were read before are passed over quickly.
            using var rows = session.Prepare($"""
                SELECT i.id FROM media_items i LEFT JOIN media_matches m ON m.item_id = i.id
                WHERE i.id > ?1 AND {KindFilter(kinds)} AND {IsDueSql}
                ORDER BY i.id LIMIT ?2
                """);
            rows.Bind(1, after).Bind(2, (long)count).Bind(3, NotFoundBefore);
            var ids = new List<long>();
            while (rows.Read())
            {
                ids.Add(rows.Int64(0));
            }

            return (IReadOnlyList<long>?)ids;
        },
        cancellation);

    private void Apply(SqliteConnection connection, MatchRow match, DetailedMetadata? details, string? poster, IReadOnlyList<PartMetadata> parts)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var id = match.ItemId;
        using var known = new Statement(connection, "SELECT name_title, name_year, provider, external_id FROM media_matches WHERE item_id = ?1");
        var isKnown = known.Bind(1, id).Read();
        var (nameTitle, nameYear) = isKnown ? (known.TextOrNull(0), known.TextOrNull(1)) : (ReadBaseValue(connection, id, "title"), ReadBaseValue(connection, id, "year"));
        var wasMatched = isKnown && known.TextOrNull(2) is not null;
        var isSame = wasMatched && (known.TextOrNull(2), known.TextOrNull(3)) == (match.Provider, match.ExternalId);
        known.Reset();

        using var save = new Statement(connection, """
            INSERT OR REPLACE INTO media_matches (item_id, state, provider, external_id, confidence, reasons, candidates, name_title, name_year, checked_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """);
        save.Bind(1, id).Bind(2, match.State.ToString()).Bind(3, match.Provider).Bind(4, match.ExternalId).Bind(5, match.Confidence).Bind(6, match.Reasons)
            .Bind(7, match.Candidates).Bind(8, nameTitle).Bind(9, nameYear is null ? null : long.Parse(nameYear, CultureInfo.InvariantCulture)).Bind(10, now).Run();
        var embedded = EmbeddedMetadata.Find(connection, id);
        if (details is null && !wasMatched && embedded is null)
        {
            return;
        }

        if (details is not null)
        {
            SaveMetadata(connection, id, details, details.FetchedAt + MetadataLifetime);
        }

        SetValues(connection, id, details is null ? ReadPartValues(connection, id, embedded) : ProvidedValues.From(details), embedded, nameTitle, nameYear, now);
        if (poster is not null || !isSame)
        {
            ArtworkRows.Save(connection, id, ArtworkOrigin.Provider, poster, null, null, now);
        }

        if (wasMatched && !isSame)
        {
            ResetParts(connection, id, now);
        }

        foreach (var part in parts)
        {
            SetPart(connection, id, part, now);
        }
    }

    /// <summary>Saves metadata from an NFO file or the file itself, and applies it where no provider has any.</summary>
    internal static void ApplyEmbedded(SqliteConnection connection, long id, DetailedMetadata metadata, DateTimeOffset expires, long now)
    {
        using (var first = new Statement(connection, "INSERT OR IGNORE INTO media_matches (item_id, state, confidence, name_title, name_year, checked_at) VALUES (?1, 'None', 0, ?2, ?3, 0)"))
        {
            first.Bind(1, id).Bind(2, ReadBaseValue(connection, id, "title")).Bind(3, ReadBaseValue(connection, id, "year") is { } year ? long.Parse(year, CultureInfo.InvariantCulture) : null).Run();
        }

        var previous = EmbeddedMetadata.Find(connection, id);
        SaveMetadata(connection, id, metadata, expires);
        using var match = new Statement(connection, $"SELECT name_title, name_year, {MatchedProviderSql} FROM media_matches WHERE item_id = ?1");
        match.Bind(1, id).Read();
        var (nameTitle, nameYear, provider) = (match.TextOrNull(0), match.TextOrNull(1), match.TextOrNull(2));
        match.Reset();

        SetValues(connection, id, ReadProvidedValues(connection, id, provider, previous), EmbeddedMetadata.Find(connection, id), nameTitle, nameYear, now);
    }

    private static ProvidedValues ReadProvidedValues(SqliteConnection connection, long id, string? provider, DetailedMetadata? embedded) =>
        provider is null ? ReadPartValues(connection, id, embedded) : ProvidedValues.From(ReadMetadata(connection, id, provider));

    /// <summary>
    /// What the provider of a matched series or album gave this episode or track. It is stored only as the item's values: those that differ
    /// from the item's own files. A value that both have alike therefore counts as the files'.
    /// </summary>
    /// <param name="embedded">The metadata of its own files that was applied until now.</param>
    private static ProvidedValues ReadPartValues(SqliteConnection connection, long id, DetailedMetadata? embedded)
    {
        using var matched = new Statement(connection, $"""
            SELECT 1 FROM media_items i JOIN media_items p ON p.id = i.parent_id
            JOIN media_matches m ON m.item_id = iif(p.kind = {(int)MediaKind.Season}, p.parent_id, p.id) AND m.state IN ('Automatic', 'Pinned')
            WHERE i.id = ?1 AND i.kind IN ({PartKindsSql})
            """);
        if (!matched.Bind(1, id).Read())
        {
            return default;
        }

        var description = ReadBaseValue(connection, id, "description");
        var rating = ReadBaseValue(connection, id, "rating") is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : (double?)null;
        return new ProvidedValues(null, null, description == embedded?.Description ? null : description, rating == embedded?.Rating ? null : rating);
    }

    /// <summary>Sets an item's values from what is stored of it: its provider's data, that of its own files, and its name.</summary>
    internal static void SetStoredValues(SqliteConnection connection, long id, string? nameTitle, string? nameYear, long now)
    {
        using var match = new Statement(connection, $"SELECT {MatchedProviderSql} FROM media_matches WHERE item_id = ?1");
        var provider = match.Bind(1, id).Read() ? match.TextOrNull(0) : null;
        match.Reset();
        var embedded = EmbeddedMetadata.Find(connection, id);
        SetValues(connection, id, ReadProvidedValues(connection, id, provider, embedded), embedded, nameTitle, nameYear, now);
    }

    /// <summary>Sets each value from the provider, else from the item's own files, else from the name.</summary>
    private static void SetValues(SqliteConnection connection, long id, ProvidedValues provided, DetailedMetadata? embedded, string? nameTitle, string? nameYear, long now)
    {
        SetBaseValue(connection, id, "title", provided.Title ?? (embedded is { Title.Length: > 0 } ? embedded.Title : nameTitle), now);
        SetBaseValue(connection, id, "year", (provided.Year ?? embedded?.Year)?.ToString(CultureInfo.InvariantCulture) ?? nameYear, now);
        SetBaseValue(connection, id, "description", provided.Description ?? embedded?.Description, now);
        SetBaseValue(connection, id, "rating", (provided.Rating ?? embedded?.Rating)?.ToString("R", CultureInfo.InvariantCulture), now);
    }

    internal static DetailedMetadata? ReadMetadata(SqliteConnection connection, long id, string provider)
    {
        using var record = new Statement(connection, "SELECT payload FROM external_metadata WHERE item_id = ?1 AND provider = ?2");
        return record.Bind(1, id).Bind(2, provider).Read() && record.TextOrNull(0) is { } payload ? JsonSerializer.Deserialize<DetailedMetadata>(payload) : null;
    }

    private static void SaveMetadata(SqliteConnection connection, long id, DetailedMetadata details, DateTimeOffset expires)
    {
        using var record = new Statement(connection, """
            INSERT OR REPLACE INTO external_metadata (item_id, provider, external_id, payload, language, fetched_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """);
        record.Bind(1, id).Bind(2, details.Provider).Bind(3, details.ExternalId).Bind(4, JsonSerializer.Serialize(details))
            .Bind(5, details.Language).Bind(6, details.FetchedAt.ToUnixTimeMilliseconds()).Bind(7, expires.ToUnixTimeMilliseconds()).Run();
    }

    /// <summary>Takes back what the previous match gave the episodes or tracks.</summary>
    private static void ResetParts(SqliteConnection connection, long id, long now)
    {
        using var find = new Statement(connection, $"""
            SELECT id FROM media_items WHERE parent_id = ?1 AND kind IN ({PartKindsSql})
            UNION SELECT e.id FROM media_items s JOIN media_items e ON e.parent_id = s.id WHERE s.parent_id = ?1 AND s.kind = {(int)MediaKind.Season}
            """);
        foreach (var part in ReadIds(find.Bind(1, id)))
        {
            var embedded = EmbeddedMetadata.Find(connection, part);
            SetBaseValue(connection, part, "description", embedded?.Description, now);
            SetBaseValue(connection, part, "rating", embedded?.Rating?.ToString("R", CultureInfo.InvariantCulture), now);
        }
    }

    private static List<long> ReadIds(Statement rows)
    {
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.Int64(0));
        }

        return ids;
    }

    private static void SetPart(SqliteConnection connection, long seriesId, PartMetadata part, long now)
    {
        using var find = new Statement(connection, """
            SELECT e.id FROM media_items s JOIN media_items e ON e.parent_id = s.id WHERE s.parent_id = ?1 AND e.season = ?2 AND e.episode = ?3 AND e.episode_to IS NULL
            UNION SELECT id FROM media_items WHERE parent_id = ?1 AND coalesce(season, 1) = ?2 AND episode = ?3 AND episode_to IS NULL
            """);
        foreach (var id in ReadIds(find.Bind(1, seriesId).Bind(2, (long)part.Season).Bind(3, (long)part.Number)))
        {
            if (part.Title is not null && ReadBaseValue(connection, id, "title") is null)
            {
                SetBaseValue(connection, id, "title", part.Title, now);
            }

            var embedded = EmbeddedMetadata.Find(connection, id);
            SetBaseValue(connection, id, "description", part.Description ?? embedded?.Description, now);
            SetBaseValue(connection, id, "rating", (part.Rating ?? embedded?.Rating)?.ToString("R", CultureInfo.InvariantCulture), now);
        }
    }

    /// <summary>The value without the user's edit.</summary>
    internal static string? ReadBaseValue(SqliteConnection connection, long id, string field)
    {
        using var value = new Statement(connection, $"""
            SELECT CASE WHEN e.item_id IS NULL THEN CAST(i.{field} AS TEXT) ELSE e.base_value END
            FROM media_items i LEFT JOIN item_edits e ON e.item_id = i.id AND e.field = '{field}' WHERE i.id = ?1
            """);
        return value.Bind(1, id).Read() ? value.TextOrNull(0) : null;
    }

    private static void SetBaseValue(SqliteConnection connection, long id, string field, string? value, long now)
    {
        using var edited = new Statement(connection, "UPDATE item_edits SET base_value = ?3 WHERE item_id = ?1 AND field = ?2 RETURNING 1");
        if (edited.Bind(1, id).Bind(2, field).Bind(3, value).Read())
        {
            edited.Reset();
            return;
        }

        var typed = field switch { "year" => "CAST(?2 AS INTEGER)", "rating" => "CAST(?2 AS REAL)", _ => "?2" };
        using var set = new Statement(connection, $"UPDATE media_items SET {field} = {typed}, updated_at = ?3{(field == "title" ? ", sort_title = ?4" : "")} WHERE id = ?1 AND {field} IS NOT {typed}");
        set.Bind(1, id).Bind(2, value).Bind(3, now);
        if (field == "title")
        {
            set.Bind(4, value is null ? null : TextNormalizer.ToSortTitle(value));
        }

        set.Run();
    }
}

/// <summary>The values of an item that a provider gave; null where it has none.</summary>
internal readonly record struct ProvidedValues(string? Title, int? Year, string? Description, double? Rating)
{
    public static ProvidedValues From(DetailedMetadata? details) => details is null ? default : new(details.Title, details.Year, details.Description, details.Rating);
}

/// <summary>Stores provider responses in the catalogue.</summary>
internal sealed class ProviderResponseStore(SqliteFile file, WriterQueue writer) : IProviderResponseStore
{
    public Task<ProviderResponse?> FindAsync(string key, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file);
            using var row = session.Prepare("SELECT body, fetched_at, expires_at FROM provider_answers WHERE key = ?1");
            return row.Bind(1, key).Read()
                ? new ProviderResponse(row.TextOrNull(0), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(2)), false)
                : null;
        },
        cancellation);

    public Task SaveAsync(string key, ProviderResponse response, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            using var row = new Statement(connection, "INSERT OR REPLACE INTO provider_answers (key, body, fetched_at, expires_at) VALUES (?1, ?2, ?3, ?4)");
            row.Bind(1, key).Bind(2, response.Body).Bind(3, response.FetchedAt.ToUnixTimeMilliseconds()).Bind(4, response.ExpiresAt.ToUnixTimeMilliseconds()).Run();
        },
        durable: false,
        cancellation);
}
