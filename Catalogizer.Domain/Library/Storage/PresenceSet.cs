using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>What filters distinguish versions by, apart from their presence.</summary>
internal readonly record struct VersionTraits(long SourceId, string? Resolution, string? Codec) : IComparable<VersionTraits>
{
    public int CompareTo(VersionTraits other) =>
        SourceId.CompareTo(other.SourceId) is not 0 and var source ? source
        : string.CompareOrdinal(Resolution, other.Resolution) is not 0 and var resolution ? resolution
        : string.CompareOrdinal(Codec, other.Codec);
}

/// <summary>
/// The versions of an item and its parts, by everything that filters check on a version: "source:presence:resolution:codec", the last two
/// only where known. A catalogue has few different patterns, so they are numbered: items store the number, counters count by it, and the
/// effect of an outage on every item follows from these few rows.
/// </summary>
internal static class PresenceSet
{
    /// <summary>Source id in the pattern of an item that is kept, archived, although its source was removed.</summary>
    public const long ArchivedSourceId = 0;

    /// <summary>Recomputes every item's pattern from its versions and those of its parts.</summary>
    public const string RecountSql = """
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

    public static string WithVersion(string pattern, VersionTraits copy, Presence presence)
    {
        var copies = Parse(pattern);
        Add(copies, copy, presence);
        return Format(copies);
    }

    /// <summary>Of versions with equal traits, the one with the best presence counts.</summary>
    public static void Add(SortedDictionary<VersionTraits, Presence> copies, VersionTraits copy, Presence presence) =>
        copies[copy] = copies.TryGetValue(copy, out var previous) && previous < presence ? previous : presence;

    public static SortedDictionary<VersionTraits, Presence> Parse(string pattern)
    {
        var copies = new SortedDictionary<VersionTraits, Presence>();
        foreach (var copy in pattern.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = copy.Split(':');
            copies[new VersionTraits(long.Parse(parts[0], CultureInfo.InvariantCulture), NullIfEmpty(parts.ElementAtOrDefault(2)), NullIfEmpty(parts.ElementAtOrDefault(3)))] = (Presence)(parts[1][0] - '0');
        }

        return copies;
    }

    public static string Format(SortedDictionary<VersionTraits, Presence> copies) => string.Join(',', copies.Select(c => c.Key is { Resolution: null, Codec: null }
        ? string.Create(CultureInfo.InvariantCulture, $"{c.Key.SourceId}:{(int)c.Value}")
        : string.Create(CultureInfo.InvariantCulture, $"{c.Key.SourceId}:{(int)c.Value}:{c.Key.Resolution}:{c.Key.Codec}")));

    public static string WithoutSource(string pattern, long sourceId)
    {
        var copies = Parse(pattern);
        foreach (var copy in copies.Keys.Where(c => c.SourceId == sourceId).ToList())
        {
            copies.Remove(copy);
        }

        return Format(copies);
    }

    public static bool ContainsSource(string pattern, long sourceId) => Parse(pattern).Keys.Any(c => c.SourceId == sourceId);

    /// <summary>The best lifecycle of the pattern's sources; an item without versions counts.</summary>
    public static SourceLifecycle FindBestLifecycle(string pattern, IReadOnlyDictionary<long, SourceLifecycle> sources)
    {
        var copies = Parse(pattern);
        return copies.Count == 0 ? SourceLifecycle.Counted : copies.Keys.Min(c => c.SourceId == ArchivedSourceId ? SourceLifecycle.Archived : sources.GetValueOrDefault(c.SourceId));
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}

/// <summary>The ids of the patterns, for the writer; a new pattern gets an id.</summary>
internal sealed class PresenceSetIndex : IDisposable
{
    private readonly Dictionary<int, string> _patterns = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Id, VersionTraits Copy, Presence Presence), int> _idsWithVersion = [];
    private readonly Dictionary<int, SourceLifecycle> _lifecycles = [];
    private readonly Dictionary<long, SourceLifecycle> _sourceLifecycles = [];
    private readonly SqliteConnection _connection;
    private readonly Statement _selectPattern;
    private readonly Statement _selectId;
    private readonly Statement _insert;

    public PresenceSetIndex(SqliteConnection connection)
    {
        _connection = connection;
        _selectPattern = new Statement(connection, "SELECT pattern FROM holdings WHERE id = ?1");
        _selectId = new Statement(connection, "SELECT id FROM holdings WHERE pattern = ?1");
        _insert = new Statement(connection, "INSERT INTO holdings (id, pattern, standing) SELECT coalesce(max(id), 0) + 1, ?1, ?2 FROM holdings RETURNING id");
        using var sources = new Statement(connection, $"SELECT id, standing FROM sources WHERE standing <> {(int)SourceLifecycle.Counted}");
        while (sources.Read())
        {
            _sourceLifecycles.Add(sources.Int64(0), (SourceLifecycle)sources.Int32(1));
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

    /// <summary>The best lifecycle of a pattern's sources.</summary>
    public SourceLifecycle GetLifecycle(int id)
    {
        if (!_lifecycles.TryGetValue(id, out var standing))
        {
            _lifecycles.Add(id, standing = PresenceSet.FindBestLifecycle(GetPattern(id), _sourceLifecycles));
        }

        return standing;
    }

    /// <summary>Writes the lifecycle of every pattern.</summary>
    public void SaveLifecycles()
    {
        using var set = new Statement(_connection, "UPDATE holdings SET standing = ?2 WHERE id = ?1 AND standing <> ?2");
        foreach (var (id, pattern) in All.ToList())
        {
            set.Bind(1, (long)id).Bind(2, (long)PresenceSet.FindBestLifecycle(pattern, _sourceLifecycles)).Run();
        }
    }

    public SourceLifecycle GetSourceLifecycle(long sourceId) => _sourceLifecycles.GetValueOrDefault(sourceId);

    public string GetPattern(int id)
    {
        if (!_patterns.TryGetValue(id, out var pattern))
        {
            pattern = _selectPattern.Bind(1, (long)id).Read() ? _selectPattern.Text(0) : "";
            _selectPattern.Reset();
            CacheEntry(id, pattern);
        }

        return pattern;
    }

    public int GetOrAddId(string pattern)
    {
        if (!_ids.TryGetValue(pattern, out var id))
        {
            id = ReadId(_selectId.Bind(1, pattern)) ?? ReadId(_insert.Bind(1, pattern).Bind(2, (long)PresenceSet.FindBestLifecycle(pattern, _sourceLifecycles)))!.Value;
            CacheEntry(id, pattern);
        }

        return id;
    }

    /// <summary>The id of the pattern with one more version.</summary>
    public int GetIdWith(int id, VersionTraits copy, Presence presence)
    {
        var key = (id, copy, presence);
        if (!_idsWithVersion.TryGetValue(key, out var extended))
        {
            extended = GetOrAddId(PresenceSet.WithVersion(GetPattern(id), copy, presence));
            _idsWithVersion.Add(key, extended);
        }

        return extended;
    }

    public void Dispose()
    {
        _selectPattern.Dispose();
        _selectId.Dispose();
        _insert.Dispose();
    }

    private static int? ReadId(Statement statement)
    {
        var id = statement.Read() ? statement.Int32OrNull(0) : null;
        statement.Reset();
        return id;
    }

    private void CacheEntry(int id, string pattern)
    {
        _patterns[id] = pattern;
        _ids[pattern] = id;
    }
}
