using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>What the few rows of sources and holdings say at the moment of a read: names, and what each holding is worth.</summary>
internal sealed class CatalogueScope
{
    private readonly Dictionary<int, (SortedDictionary<long, Presence> Sources, Presence Now)> _holdings = [];

    public CatalogueScope(ReadSession session)
    {
        using var sources = session.Prepared("SELECT id, name, availability FROM sources");
        while (sources.Read())
        {
            SourceNames[sources.Int64(0)] = sources.Text(1);
            Availability[sources.Int64(0)] = (SourceAvailability)sources.Int32(2);
        }

        using var holdings = session.Prepared("SELECT id, pattern FROM holdings");
        while (holdings.Read())
        {
            var pattern = holdings.Text(1);
            _holdings[holdings.Int32(0)] = (HoldingPattern.Parse(pattern), HoldingPattern.Effective(pattern, Availability));
        }

        using var late = session.Prepared("SELECT EXISTS (SELECT 1 FROM late_indexes)");
        IsLoading = late.Read() && late.Int32(0) == 1;
    }

    /// <summary>Whether a bulk load has taken indexes away, so that counts lag behind and lists are sorted by hand.</summary>
    public bool IsLoading { get; }

    public Dictionary<long, string> SourceNames { get; } = [];

    public Dictionary<long, SourceAvailability> Availability { get; } = [];

    public Presence PresenceOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Now : Presence.Missing;

    public IEnumerable<long> SourcesOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Sources.Keys : [];

    public Presence Effective(long sourceId, Presence found) => Availability.GetValueOrDefault(sourceId).Effective(found);

    public IEnumerable<int> HoldingsWith(Presence presence) => _holdings.Where(h => h.Value.Now == presence).Select(h => h.Key);

    public IEnumerable<int> HoldingsOn(long source) => _holdings.Where(h => h.Value.Sources.ContainsKey(source)).Select(h => h.Key);
}
