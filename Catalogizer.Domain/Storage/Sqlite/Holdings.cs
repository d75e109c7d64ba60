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

    /// <summary>What the pattern is worth now: the best copy's presence, given how each source is doing.</summary>
    public static Presence Effective(string pattern, IReadOnlyDictionary<long, SourceAvailability> sources)
    {
        var best = Presence.Retired;
        var any = false;
        foreach (var (sourceId, found) in Parse(pattern))
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
    private readonly Dictionary<(int Id, long Source, Presence Presence), int> _with = [];
    private readonly Statement _insert;

    public HoldingBook(SqliteConnection connection)
    {
        _insert = new Statement(connection, "INSERT INTO holdings (id, pattern) VALUES (?1, ?2)");
        using var all = new Statement(connection, "SELECT id, pattern FROM holdings");
        while (all.Read())
        {
            Note(all.Int32(0), all.Text(1));
        }
    }

    public string Pattern(int id) => _patterns[id];

    public int Id(string pattern)
    {
        if (!_ids.TryGetValue(pattern, out var id))
        {
            id = _ids.Count + 1;
            _insert.Bind(1, id).Bind(2, pattern).Run();
            Note(id, pattern);
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
    }
}
