using System.Globalization;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Copies of an item that no filter tells apart, as they are now.</summary>
internal readonly record struct HeldCopies(CopyTraits Traits, Presence Presence)
{
    /// <summary>Stands for the copies of an item that has none.</summary>
    public static HeldCopies None { get; } = new(default, Presence.Missing);

    /// <summary>The values that facets of copies count it for.</summary>
    public IEnumerable<(Filters Facet, string Value)> Values()
    {
        if (Traits.Resolution is { } resolution)
        {
            yield return (Filters.Resolution, resolution);
        }

        if (Traits.Codec is { } codec)
        {
            yield return (Filters.Codec, codec);
        }

        if (this != None)
        {
            yield return (Filters.Source, Traits.SourceId.ToString(CultureInfo.InvariantCulture));
        }

        yield return (Filters.Presence, Presence.Word());
    }
}

/// <summary>What the copies of a holding are worth at the moment of a read.</summary>
internal sealed class Holding
{
    private (Filters Facet, string Value)[]? _values;

    public Holding(SortedDictionary<CopyTraits, Presence> found, IReadOnlyDictionary<long, SourceAvailability> sources)
    {
        Found = found;
        Copies = found.Count == 0 ? [HeldCopies.None] : [.. found.Select(c => new HeldCopies(c.Key, sources.GetValueOrDefault(c.Key.SourceId).Effective(c.Value)))];
        Now = Copies.Min(c => c.Presence);
    }

    /// <summary>As the last scans found them.</summary>
    public SortedDictionary<CopyTraits, Presence> Found { get; }

    public HeldCopies[] Copies { get; }

    /// <summary>The presence of the best copy.</summary>
    public Presence Now { get; }

    /// <summary>The values that facets of copies count it for when nothing is asked of copies.</summary>
    public IReadOnlyCollection<(Filters Facet, string Value)> Values => _values ??= [.. Copies.SelectMany(c => c.Values()).Distinct()];
}

/// <summary>What the few rows of sources and holdings say at the moment of a read: names, and what each holding is worth.</summary>
internal sealed class CatalogueScope
{
    private readonly Dictionary<int, Holding> _holdings;

    /// <param name="before">What an earlier read found. Holdings are never changed, so only what is new of them is read, and all are looked at again when a source comes or goes.</param>
    public CatalogueScope(ReadSession session, CatalogueScope? before = null)
    {
        using var sources = session.Prepared("SELECT id, name, availability FROM sources");
        while (sources.Read())
        {
            SourceNames[sources.Int64(0)] = sources.Text(1);
            Availability[sources.Int64(0)] = (SourceAvailability)sources.Int32(2);
        }

        _holdings = before is null ? []
            : before.Availability.Count == Availability.Count && !before.Availability.Except(Availability).Any() ? before._holdings
            : before._holdings.ToDictionary(h => h.Key, h => new Holding(h.Value.Found, Availability));
        LastHolding = before?.LastHolding ?? 0;
        using var holdings = session.Prepared("SELECT id, pattern FROM holdings WHERE id > ?1 ORDER BY id");
        holdings.Bind(1, (long)LastHolding);
        while (holdings.Read())
        {
            _holdings = _holdings == before?._holdings ? new Dictionary<int, Holding>(_holdings) : _holdings;   // others may be reading it
            _holdings[LastHolding = holdings.Int32(0)] = new Holding(HoldingPattern.Parse(holdings.Text(1)), Availability);
        }

        using var late = session.Prepared("SELECT EXISTS (SELECT 1 FROM late_indexes)");
        IsLoading = late.Read() && late.Int32(0) == 1;
    }

    /// <summary>Whether a bulk load has taken indexes away, so that counts lag behind and lists are sorted by hand.</summary>
    public bool IsLoading { get; }

    public Dictionary<long, string> SourceNames { get; } = [];

    public Dictionary<long, SourceAvailability> Availability { get; } = [];

    /// <summary>All holdings by their numbers.</summary>
    public IReadOnlyDictionary<int, Holding> Holdings => _holdings;

    private int LastHolding { get; }

    /// <summary>The presence of the best copy.</summary>
    public Presence PresenceOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Now : Presence.Missing;

    public HeldCopies[] CopiesOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Copies : [];

    public Presence Effective(long sourceId, Presence found) => Availability.GetValueOrDefault(sourceId).Effective(found);
}
