using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>What the few rows of sources and holdings say at the moment of a read: names, and what each holding is worth.</summary>
internal sealed class CatalogueScope
{
    private readonly Dictionary<int, (IReadOnlyList<long> Sources, Presence Now)> _holdings = [];
    private readonly HashSet<int> _removed = [];
    private readonly HashSet<long> _removedSources = [];
    private readonly Lazy<bool> _hides;

    public CatalogueScope(ReadSession session)
    {
        using var sources = session.Prepared("SELECT id, name, availability, standing FROM sources");
        while (sources.Read())
        {
            var id = sources.Int64(0);
            if ((SourceStanding)sources.Int32(3) == SourceStanding.Removed)
            {
                _removedSources.Add(id);
                continue;
            }

            SourceNames[id] = sources.Text(1);
            Availability[id] = (SourceAvailability)sources.Int32(2);
        }

        using var holdings = session.Prepared("SELECT id, pattern FROM holdings");
        while (holdings.Read())
        {
            Add(holdings.Int32(0), holdings.Text(1));
        }

        _hides = new Lazy<bool>(() => HasWorksOf(session, _holdings.Where(h => h.Value.Now == Presence.Retired).Select(h => h.Key).Concat(_removed)));

        using var late = session.Prepared("SELECT EXISTS (SELECT 1 FROM late_indexes)");
        IsLoading = late.Read() && late.Int32(0) == 1;
    }

    /// <summary>Whether a bulk load has taken indexes away, so that counts lag behind and lists are sorted by hand.</summary>
    public bool IsLoading { get; }

    /// <summary>Whether any work is left out unless it is asked for.</summary>
    public bool Hides => _hides.Value;

    /// <summary>The names of the sources that were not removed.</summary>
    public Dictionary<long, string> SourceNames { get; } = [];

    public Dictionary<long, SourceAvailability> Availability { get; } = [];

    /// <summary>Whether only removed sources have it, so that it is not there for whoever reads.</summary>
    public bool IsRemoved(int holding) => _removed.Contains(holding);

    public bool IsSourceRemoved(long source) => _removedSources.Contains(source);

    /// <summary>Whether what is on the source counts.</summary>
    public bool Counts(long source) => source != HoldingPattern.KeptPlace && !IsSourceRemoved(source) && Availability.GetValueOrDefault(source) != SourceAvailability.Retired;

    public Presence PresenceOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Now : Presence.Missing;

    /// <summary>The sources that make a holding what it is: archived ones only where none counts.</summary>
    public IEnumerable<long> SourcesOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Sources : [];

    public Presence Effective(long sourceId, Presence found) => Availability.GetValueOrDefault(sourceId).Effective(found);

    public IEnumerable<int> HoldingsWith(Presence presence) => _holdings.Where(h => h.Value.Now == presence).Select(h => h.Key);

    public IEnumerable<int> HoldingsOn(long source) => _holdings.Where(h => h.Value.Sources.Contains(source)).Select(h => h.Key);

    /// <summary>A removed source is as one that never was.</summary>
    private void Add(int id, string pattern)
    {
        var pairs = HoldingPattern.Parse(pattern);
        if (_removedSources.Count > 0 && pairs.Keys.Any(_removedSources.Contains))
        {
            foreach (var removed in _removedSources)
            {
                pairs.Remove(removed);
            }

            if (pairs.Count == 0)
            {
                _removed.Add(id);
                return;
            }
        }

        var now = HoldingPattern.Effective(pairs, Availability);
        var counted = pairs.Keys.Where(Counts).ToList();
        _holdings[id] = (counted.Count > 0 ? counted : [.. pairs.Keys.Where(s => s != HoldingPattern.KeptPlace)], now);
    }

    private static bool HasWorksOf(ReadSession session, IEnumerable<int> holdings)
    {
        using var works = session.Prepared($"SELECT n FROM facet_counts WHERE facet = {CatalogueSchema.Facet.WorkHolding} AND value = ?1");
        foreach (var holding in holdings)
        {
            var has = works.Bind(1, (long)holding).Read() && works.Int64(0) > 0;
            works.Reset();
            if (has)
            {
                return true;
            }
        }

        return false;
    }
}
