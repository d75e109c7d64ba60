using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Pictures;
using Catalogizer.Domain.Upkeep;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Writes matches and what follows from them, one short batch a work. Where an edit stands, only what lies under it changes.</summary>
internal sealed class SqliteMatchStore(SqliteFile file, WriterQueue writer, TimeProvider time) : IMatchStore
{
    private static readonly TimeSpan RecordLife = TimeSpan.FromDays(30);
    private static readonly TimeSpan NothingLife = TimeSpan.FromDays(7);

    /// <summary>Nobody has looked it up, or nothing was found when that was done.</summary>
    private const string IsDue = "(m.item_id IS NULL OR (m.state = 'None' AND m.checked_at < ?3))";

    private long NothingBefore => (time.GetUtcNow() - NothingLife).ToUnixTimeMilliseconds();

    private static string IsOf(IReadOnlyList<MediaKind> kinds) => $"i.kind IN ({string.Join(", ", kinds.Select(k => (int)k))}) AND {SourceRows.HasCounted("i")}";

    public Task ApplyAsync(MatchRow match, DetailedMetadata? details, string? poster, IReadOnlyList<PartMetadata> parts, CancellationToken cancellation, AuditEntry? told = null) => writer.RunAsync(
        connection =>
        {
            Apply(connection, match, details, poster, parts);
            if (told is not null)
            {
                AuditRows.Add(connection, told);
            }
        },
        durable: match.State is MatchState.Pinned or MatchState.LeftAlone,
        cancellation);

    public Task ApplyNfoAsync(long id, DetailedMetadata told, DateTimeOffset expires, CancellationToken cancellation) =>
        writer.RunAsync(connection => ApplyOwn(connection, id, told, expires, time.GetUtcNow().ToUnixTimeMilliseconds()), durable: false, cancellation);

    public Task<BacklogCount?> CountAsync(IReadOnlyList<MediaKind> kinds, CancellationToken cancellation) => RangeCount.OfAsync((after, to) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file);
            if (CatalogueScope.IsLoadingIn(session))
            {
                return ((BacklogCount, long)?)null;
            }

            using var rows = session.Prepared($"""
                SELECT coalesce(sum({IsDue}), 0), count(*), (SELECT max(id) FROM media_items) FROM media_items i LEFT JOIN media_matches m ON m.item_id = i.id
                WHERE i.id > ?1 AND i.id <= ?2 AND {IsOf(kinds)}
                """);
            rows.Bind(1, after).Bind(2, to).Bind(3, NothingBefore).Read();
            return (new BacklogCount(rows.Int64(0), rows.Int64(1)), rows.Int64OrNull(2) ?? 0);
        },
        cancellation));

    public Task<IReadOnlyList<long>?> UnmatchedAsync(long after, IReadOnlyList<MediaKind> kinds, int count, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file);
            if (CatalogueScope.IsLoadingIn(session))
            {
                return null;
            }

            // A stretch of ids at a time, so that a catalogue in which all is matched is passed over quickly.
            using var rows = session.Prepared($"""
                SELECT i.id FROM media_items i LEFT JOIN media_matches m ON m.item_id = i.id
                WHERE i.id > ?1 AND {IsOf(kinds)} AND {IsDue}
                ORDER BY i.id LIMIT ?2
                """);
            rows.Bind(1, after).Bind(2, (long)count).Bind(3, NothingBefore);
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
        var (nameTitle, nameYear) = isKnown ? (known.TextOrNull(0), known.TextOrNull(1)) : (Base(connection, id, "title"), Base(connection, id, "year"));
        var wasTied = isKnown && known.TextOrNull(2) is not null;
        var isSame = wasTied && (known.TextOrNull(2), known.TextOrNull(3)) == (match.Provider, match.ExternalId);
        known.Reset();

        using var keep = new Statement(connection, """
            INSERT OR REPLACE INTO media_matches (item_id, state, provider, external_id, confidence, reasons, candidates, name_title, name_year, checked_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """);
        keep.Bind(1, id).Bind(2, match.State.ToString()).Bind(3, match.Provider).Bind(4, match.ExternalId).Bind(5, match.Confidence).Bind(6, match.Reasons)
            .Bind(7, match.Candidates).Bind(8, nameTitle).Bind(9, nameYear is null ? null : long.Parse(nameYear, CultureInfo.InvariantCulture)).Bind(10, now).Run();
        var own = OwnLayers.Of(connection, id);
        if (details is null && !wasTied && own is null)
        {
            return;
        }

        if (details is not null)
        {
            KeepRecord(connection, id, details, details.FetchedAt + RecordLife);
        }

        SetValues(connection, id, details, own, nameTitle, nameYear, now);
        if (poster is not null || !isSame)
        {
            PictureRows.Keep(connection, id, PictureLayer.Provider, poster, null, null, now);
        }

        foreach (var part in parts)
        {
            SetPart(connection, id, part, now);
        }
    }

    /// <summary>Keeps what an NFO file or the file itself says, and lets it stand where no provider says more.</summary>
    internal static void ApplyOwn(SqliteConnection connection, long id, DetailedMetadata told, DateTimeOffset expires, long now)
    {
        using (var first = new Statement(connection, "INSERT OR IGNORE INTO media_matches (item_id, state, confidence, name_title, name_year, checked_at) VALUES (?1, 'None', 0, ?2, ?3, 0)"))
        {
            first.Bind(1, id).Bind(2, Base(connection, id, "title")).Bind(3, Base(connection, id, "year") is { } year ? long.Parse(year, CultureInfo.InvariantCulture) : null).Run();
        }

        KeepRecord(connection, id, told, expires);
        using var match = new Statement(connection, "SELECT name_title, name_year, CASE WHEN state IN ('Automatic', 'Pinned') THEN provider END FROM media_matches WHERE item_id = ?1");
        match.Bind(1, id).Read();
        var (nameTitle, nameYear, provider) = (match.TextOrNull(0), match.TextOrNull(1), match.TextOrNull(2));
        match.Reset();
        SetValues(connection, id, provider is null ? null : Record(connection, id, provider), OwnLayers.Of(connection, id), nameTitle, nameYear, now);
    }

    /// <summary>What the record says, else what the work's own files say, else what the name says.</summary>
    internal static void SetValues(SqliteConnection connection, long id, DetailedMetadata? details, DetailedMetadata? own, string? nameTitle, string? nameYear, long now)
    {
        SetBase(connection, id, "title", details?.Title ?? (own is { Title.Length: > 0 } ? own.Title : nameTitle), now);
        SetBase(connection, id, "year", (details?.Year ?? own?.Year)?.ToString(CultureInfo.InvariantCulture) ?? nameYear, now);
        SetBase(connection, id, "description", details?.Description ?? own?.Description, now);
        SetBase(connection, id, "rating", (details?.Rating ?? own?.Rating)?.ToString("R", CultureInfo.InvariantCulture), now);
    }

    internal static DetailedMetadata? Record(SqliteConnection connection, long id, string provider)
    {
        using var record = new Statement(connection, "SELECT payload FROM external_metadata WHERE item_id = ?1 AND provider = ?2");
        return record.Bind(1, id).Bind(2, provider).Read() && record.TextOrNull(0) is { } payload ? JsonSerializer.Deserialize<DetailedMetadata>(payload) : null;
    }

    private static void KeepRecord(SqliteConnection connection, long id, DetailedMetadata details, DateTimeOffset expires)
    {
        using var record = new Statement(connection, """
            INSERT OR REPLACE INTO external_metadata (item_id, provider, external_id, payload, language, fetched_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """);
        record.Bind(1, id).Bind(2, details.Provider).Bind(3, details.ExternalId).Bind(4, JsonSerializer.Serialize(details))
            .Bind(5, details.Language).Bind(6, details.FetchedAt.ToUnixTimeMilliseconds()).Bind(7, expires.ToUnixTimeMilliseconds()).Run();
    }

    private static void SetPart(SqliteConnection connection, long seriesId, PartMetadata part, long now)
    {
        using var find = new Statement(connection, """
            SELECT e.id FROM media_items s JOIN media_items e ON e.parent_id = s.id WHERE s.parent_id = ?1 AND e.season = ?2 AND e.episode = ?3 AND e.episode_to IS NULL
            UNION SELECT id FROM media_items WHERE parent_id = ?1 AND coalesce(season, 1) = ?2 AND episode = ?3 AND episode_to IS NULL
            """);
        find.Bind(1, seriesId).Bind(2, (long)part.Season).Bind(3, (long)part.Number);
        var ids = new List<long>();
        while (find.Read())
        {
            ids.Add(find.Int64(0));
        }

        foreach (var id in ids)
        {
            if (part.Title is not null && Base(connection, id, "title") is null)
            {
                SetBase(connection, id, "title", part.Title, now);
            }

            var own = OwnLayers.Of(connection, id);
            SetBase(connection, id, "description", part.Description ?? own?.Description, now);
            SetBase(connection, id, "rating", (part.Rating ?? own?.Rating)?.ToString("R", CultureInfo.InvariantCulture), now);
        }
    }

    /// <summary>The value without an edit.</summary>
    internal static string? Base(SqliteConnection connection, long id, string field)
    {
        using var value = new Statement(connection, $"""
            SELECT CASE WHEN e.item_id IS NULL THEN CAST(i.{field} AS TEXT) ELSE e.base_value END
            FROM media_items i LEFT JOIN item_edits e ON e.item_id = i.id AND e.field = '{field}' WHERE i.id = ?1
            """);
        return value.Bind(1, id).Read() ? value.TextOrNull(0) : null;
    }

    private static void SetBase(SqliteConnection connection, long id, string field, string? value, long now)
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

/// <summary>Providers' answers in the catalogue.</summary>
internal sealed class SqliteProviderAnswers(SqliteFile file, WriterQueue writer) : IProviderAnswers
{
    public Task<ProviderAnswer?> FindAsync(string key, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var session = new ReadSession(file);
            using var row = session.Prepared("SELECT body, fetched_at, expires_at FROM provider_answers WHERE key = ?1");
            return row.Bind(1, key).Read()
                ? new ProviderAnswer(row.TextOrNull(0), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(2)), false)
                : null;
        },
        cancellation);

    public Task KeepAsync(string key, ProviderAnswer answer, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            using var row = new Statement(connection, "INSERT OR REPLACE INTO provider_answers (key, body, fetched_at, expires_at) VALUES (?1, ?2, ?3, ?4)");
            row.Bind(1, key).Bind(2, answer.Body).Bind(3, answer.FetchedAt.ToUnixTimeMilliseconds()).Bind(4, answer.ExpiresAt.ToUnixTimeMilliseconds()).Run();
        },
        durable: false,
        cancellation);
}
