using System.Globalization;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// On which sources an item lies and how present it was found there, as "source:presence" pairs. A catalogue has few
/// different patterns, so they are numbered; items carry the number, counters count by it, and what an outage makes of
/// every item follows from these few rows.
/// </summary>
internal static class HoldingPattern
{
    /// <summary>Stands in the place of a source for an item that is kept, archived, although its source was removed.</summary>
    public const long KeptPlace = 0;

    public static string With(string pattern, long sourceId, Presence presence)
    {
        var pairs = Parse(pattern);
        pairs[sourceId] = pairs.TryGetValue(sourceId, out var was) && was < presence ? was : presence;
        return Format(pairs);
    }

    public static SortedDictionary<long, Presence> Parse(string pattern)
    {
        var pairs = new SortedDictionary<long, Presence>();
        foreach (var range in pattern.AsSpan().Split(','))
        {
            var pair = pattern.AsSpan(range);
            var colon = pair.IndexOf(':');
            if (colon > 0)
            {
                pairs[long.Parse(pair[..colon], CultureInfo.InvariantCulture)] = (Presence)(pair[colon + 1] - '0');
            }
        }

        return pairs;
    }

    public static string Format(SortedDictionary<long, Presence> pairs) =>
        string.Join(',', pairs.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}:{(int)p.Value}")));

    public static string Without(string pattern, long sourceId)
    {
        var pairs = Parse(pattern);
        pairs.Remove(sourceId);
        return Format(pairs);
    }

    /// <summary>The best standing of the sources; an item without copies counts.</summary>
    public static SourceStanding Standing(string pattern, IReadOnlyDictionary<long, SourceStanding> sources)
    {
        var pairs = Parse(pattern);
        return pairs.Count == 0 ? SourceStanding.Counted : pairs.Keys.Min(s => s == KeptPlace ? SourceStanding.Archived : sources.GetValueOrDefault(s));
    }

    /// <summary>What the pattern is worth now: the best copy's presence, given how each source is doing.</summary>
    public static Presence Effective(string pattern, IReadOnlyDictionary<long, SourceAvailability> sources) => Effective(Parse(pattern), sources);

    public static Presence Effective(SortedDictionary<long, Presence> pairs, IReadOnlyDictionary<long, SourceAvailability> sources)
    {
        var best = Presence.Retired;
        var any = false;
        foreach (var (sourceId, found) in pairs)
        {
            var now = sources.GetValueOrDefault(sourceId).Effective(found);
            best = !any || now < best ? now : best;
            any = true;
        }

        return any ? best : Presence.Missing;
    }
}

/// <summary>The numbers of the patterns, for the writer.</summary>
internal sealed class HoldingBook : IDisposable
{
    private readonly Dictionary<int, string> _patterns = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SourceStanding> _standings = [];
    private readonly Dictionary<long, SourceStanding> _sources = [];
    private readonly Dictionary<(int Id, long Source, Presence Presence), int> _with = [];
    private readonly Statement _insert;

    public HoldingBook(SqliteConnection connection)
    {
        _insert = new Statement(connection, "INSERT INTO holdings (id, pattern, standing) VALUES (?1, ?2, ?3)");
        using var sources = new Statement(connection, $"SELECT id, standing FROM sources WHERE standing <> {(int)SourceStanding.Counted}");
        while (sources.Read())
        {
            _sources.Add(sources.Int64(0), (SourceStanding)sources.Int32(1));
        }

        using var all = new Statement(connection, "SELECT id, pattern FROM holdings");
        while (all.Read())
        {
            Note(all.Int32(0), all.Text(1));
        }
    }

    public IEnumerable<(int Id, string Pattern)> All => _patterns.Select(p => (p.Key, p.Value));

    public string Pattern(int id) => _patterns[id];

    /// <summary>The best standing of a pattern's sources.</summary>
    public SourceStanding Standing(int id) => _standings[id];

    public SourceStanding StandingOf(long sourceId) => _sources.GetValueOrDefault(sourceId);

    public int Id(string pattern)
    {
        if (!_ids.TryGetValue(pattern, out var id))
        {
            id = _patterns.Count == 0 ? 1 : _patterns.Keys.Max() + 1;
            Note(id, pattern);
            _insert.Bind(1, id).Bind(2, pattern).Bind(3, (long)_standings[id]).Run();
        }

        return id;
    }

    /// <summary>The number of the pattern with one more copy.</summary>
    public int With(int id, long sourceId, Presence presence)
    {
        var key = (id, sourceId, presence);
        if (!_with.TryGetValue(key, out var with))
        {
            with = Id(HoldingPattern.With(Pattern(id), sourceId, presence));
            _with.Add(key, with);
        }

        return with;
    }

    public void Dispose() => _insert.Dispose();

    private void Note(int id, string pattern)
    {
        _patterns[id] = pattern;
        _ids[pattern] = id;
        _standings[id] = HoldingPattern.Standing(pattern, _sources);
    }
}
