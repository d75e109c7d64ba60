using System.Globalization;
using Catalogizer.Domain.Media;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Copies of an item that no filter tells apart but by their presence.</summary>
internal readonly record struct CopyTraits(long SourceId, string? Resolution, string? Codec) : IComparable<CopyTraits>
{
    public int CompareTo(CopyTraits other) =>
        SourceId.CompareTo(other.SourceId) is not 0 and var source ? source
        : string.CompareOrdinal(Resolution, other.Resolution) is not 0 and var resolution ? resolution
        : string.CompareOrdinal(Codec, other.Codec);
}

/// <summary>
/// Which copies an item and its parts have, by all that filters ask of one copy: "source:presence:resolution:codec", the last
/// two only where they are known. A catalogue has few different patterns, so they are numbered; items carry the number,
/// counters count by it, and what an outage makes of every item follows from these few rows.
/// </summary>
internal static class HoldingPattern
{
    /// <summary>Finds every item's pattern anew from its copies and those of its parts.</summary>
    public const string Recount = """
        CREATE TEMP TABLE held_copies AS
        WITH RECURSIVE held(item, version) AS (
          SELECT item_id, id FROM media_versions
          UNION ALL SELECT i.parent_id, h.version FROM held h JOIN media_items i ON i.id = h.item WHERE i.parent_id IS NOT NULL),
        alike AS (
          SELECT h.item, v.source_id, v.resolution, v.video_codec, min(v.presence) AS presence FROM held h JOIN media_versions v ON v.id = h.version GROUP BY 1, 2, 3, 4)
        SELECT item, group_concat(
          source_id || ':' || presence || CASE WHEN coalesce(resolution, video_codec) IS NULL THEN '' ELSE ':' || coalesce(resolution, '') || ':' || coalesce(video_codec, '') END,
          ',' ORDER BY source_id, resolution, video_codec) AS pattern
        FROM alike GROUP BY item;
        INSERT INTO holdings (id, pattern)
          SELECT (SELECT coalesce(max(id), 0) FROM holdings) + row_number() OVER (ORDER BY pattern), pattern
          FROM (SELECT DISTINCT pattern FROM held_copies) WHERE pattern NOT IN (SELECT pattern FROM holdings);
        UPDATE media_items SET holding_id = h.id FROM held_copies c JOIN holdings h ON h.pattern = c.pattern WHERE c.item = media_items.id AND media_items.holding_id <> h.id;
        DROP TABLE held_copies;
        """;

    public static string With(string pattern, CopyTraits copy, Presence presence)
    {
        var copies = Parse(pattern);
        Add(copies, copy, presence);
        return Format(copies);
    }

    /// <summary>Of copies that are alike the one that is there counts.</summary>
    public static void Add(SortedDictionary<CopyTraits, Presence> copies, CopyTraits copy, Presence presence) =>
        copies[copy] = copies.TryGetValue(copy, out var was) && was < presence ? was : presence;

    public static SortedDictionary<CopyTraits, Presence> Parse(string pattern)
    {
        var copies = new SortedDictionary<CopyTraits, Presence>();
        foreach (var copy in pattern.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = copy.Split(':');
            copies[new CopyTraits(long.Parse(parts[0], CultureInfo.InvariantCulture), Known(parts.ElementAtOrDefault(2)), Known(parts.ElementAtOrDefault(3)))] = (Presence)(parts[1][0] - '0');
        }

        return copies;
    }

    public static string Format(SortedDictionary<CopyTraits, Presence> copies) => string.Join(',', copies.Select(c => c.Key is { Resolution: null, Codec: null }
        ? string.Create(CultureInfo.InvariantCulture, $"{c.Key.SourceId}:{(int)c.Value}")
        : string.Create(CultureInfo.InvariantCulture, $"{c.Key.SourceId}:{(int)c.Value}:{c.Key.Resolution}:{c.Key.Codec}")));

    private static string? Known(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

/// <summary>The numbers of the patterns, for the writer; one that is new is numbered.</summary>
internal sealed class HoldingBook(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<int, string> _patterns = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Id, CopyTraits Copy, Presence Presence), int> _with = [];
    private readonly Statement _pattern = new(connection, "SELECT pattern FROM holdings WHERE id = ?1");
    private readonly Statement _id = new(connection, "SELECT id FROM holdings WHERE pattern = ?1");
    private readonly Statement _insert = new(connection, "INSERT INTO holdings (id, pattern) SELECT coalesce(max(id), 0) + 1, ?1 FROM holdings RETURNING id");

    public string Pattern(int id)
    {
        if (!_patterns.TryGetValue(id, out var pattern))
        {
            pattern = _pattern.Bind(1, (long)id).Read() ? _pattern.Text(0) : "";
            _pattern.Reset();
            Note(id, pattern);
        }

        return pattern;
    }

    public int Id(string pattern)
    {
        if (!_ids.TryGetValue(pattern, out var id))
        {
            id = One(_id, pattern) ?? One(_insert, pattern)!.Value;
            Note(id, pattern);
        }

        return id;
    }

    /// <summary>The number of the pattern with one more copy.</summary>
    public int With(int id, CopyTraits copy, Presence presence)
    {
        var key = (id, copy, presence);
        if (!_with.TryGetValue(key, out var with))
        {
            with = Id(HoldingPattern.With(Pattern(id), copy, presence));
            _with.Add(key, with);
        }

        return with;
    }

    public void Dispose()
    {
        _pattern.Dispose();
        _id.Dispose();
        _insert.Dispose();
    }

    private static int? One(Statement statement, string pattern)
    {
        var id = statement.Bind(1, pattern).Read() ? statement.Int32OrNull(0) : null;
        statement.Reset();
        return id;
    }

    private void Note(int id, string pattern)
    {
        _patterns[id] = pattern;
        _ids[pattern] = id;
    }
}
