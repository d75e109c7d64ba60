using System.Globalization;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
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
    /// <summary>Stands in the place of a source for an item that is kept, archived, although its source was removed.</summary>
    public const long KeptPlace = 0;

    /// <summary>Finds every item's pattern anew from its copies and those of its parts.</summary>
    public const string Recount = """
        CREATE TEMP TABLE held_copies AS
        WITH RECURSIVE held(item, version) AS (
          SELECT item_id, id FROM media_versions
          UNION ALL SELECT i.parent_id, h.version FROM held h JOIN media_items i ON i.id = h.item WHERE i.parent_id IS NOT NULL),
        alike AS (
          SELECT h.item, v.source_id, v.resolution, v.video_codec, min(v.presence) AS presence FROM held h JOIN media_versions v ON v.id = h.version GROUP BY 1, 2, 3, 4
           UNION ALL SELECT i.id, 0, NULL, NULL, 3 FROM media_items i JOIN holdings o ON o.id = i.holding_id WHERE o.pattern LIKE '0:%')
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

    public static string Without(string pattern, long sourceId)
    {
        var copies = Parse(pattern);
        foreach (var copy in copies.Keys.Where(c => c.SourceId == sourceId).ToList())
        {
            copies.Remove(copy);
        }

        return Format(copies);
    }

    public static bool Has(string pattern, long sourceId) => Parse(pattern).Keys.Any(c => c.SourceId == sourceId);

    /// <summary>The best standing of the sources; an item without copies counts.</summary>
    public static SourceStanding Standing(string pattern, IReadOnlyDictionary<long, SourceStanding> sources)
    {
        var copies = Parse(pattern);
        return copies.Count == 0 ? SourceStanding.Counted : copies.Keys.Min(c => c.SourceId == KeptPlace ? SourceStanding.Archived : sources.GetValueOrDefault(c.SourceId));
    }

    private static string? Known(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

/// <summary>The numbers of the patterns, for the writer; one that is new is numbered.</summary>
internal sealed class HoldingBook : IDisposable
{
    private readonly Dictionary<int, string> _patterns = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Id, CopyTraits Copy, Presence Presence), int> _with = [];
    private readonly Dictionary<int, SourceStanding> _standings = [];
    private readonly Dictionary<long, SourceStanding> _sources = [];
    private readonly SqliteConnection _connection;
    private readonly Statement _pattern;
    private readonly Statement _id;
    private readonly Statement _insert;

    public HoldingBook(SqliteConnection connection)
    {
        _connection = connection;
        _pattern = new Statement(connection, "SELECT pattern FROM holdings WHERE id = ?1");
        _id = new Statement(connection, "SELECT id FROM holdings WHERE pattern = ?1");
        _insert = new Statement(connection, "INSERT INTO holdings (id, pattern, standing) SELECT coalesce(max(id), 0) + 1, ?1, ?2 FROM holdings RETURNING id");
        using var sources = new Statement(connection, $"SELECT id, standing FROM sources WHERE standing <> {(int)SourceStanding.Counted}");
        while (sources.Read())
        {
            _sources.Add(sources.Int64(0), (SourceStanding)sources.Int32(1));
        }
    }

    public IEnumerable<(int Id, string Pattern)> All
    {
        get
        {
            using var all = new Statement(_connection, "SELECT id, pattern FROM holdings");
            while (all.Read())
            {
                yield return (all.Int32(0), all.Text(1));
            }
        }
    }

    /// <summary>The best standing of a pattern's sources.</summary>
    public SourceStanding Standing(int id)
    {
        if (!_standings.TryGetValue(id, out var standing))
        {
            _standings.Add(id, standing = HoldingPattern.Standing(Pattern(id), _sources));
        }

        return standing;
    }

    /// <summary>Writes the standing of every pattern.</summary>
    public void WriteStandings()
    {
        using var set = new Statement(_connection, "UPDATE holdings SET standing = ?2 WHERE id = ?1 AND standing <> ?2");
        foreach (var (id, pattern) in All.ToList())
        {
            set.Bind(1, (long)id).Bind(2, (long)HoldingPattern.Standing(pattern, _sources)).Run();
        }
    }

    public SourceStanding StandingOf(long sourceId) => _sources.GetValueOrDefault(sourceId);

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
            id = One(_id.Bind(1, pattern)) ?? One(_insert.Bind(1, pattern).Bind(2, (long)HoldingPattern.Standing(pattern, _sources)))!.Value;
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

    private static int? One(Statement statement)
    {
        var id = statement.Read() ? statement.Int32OrNull(0) : null;
        statement.Reset();
        return id;
    }

    private void Note(int id, string pattern)
    {
        _patterns[id] = pattern;
        _ids[pattern] = id;
    }
}
