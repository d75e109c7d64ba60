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

        if (Traits.SourceId != HoldingPattern.KeptPlace)
        {
            yield return (Filters.Source, Traits.SourceId.ToString(CultureInfo.InvariantCulture));
        }

        yield return (Filters.Presence, Presence.Word());
    }
}

/// <summary>The copies of a holding at the time of a read. Copies on removed sources are left out, and those on archived sources while there are others.</summary>
internal sealed class Holding
{
    private (Filters Facet, string Value)[]? _values;

    public Holding(SortedDictionary<CopyTraits, Presence> found, CatalogueScope scope)
    {
        Found = found;
        var there = found.Where(c => !scope.IsSourceRemoved(c.Key.SourceId)).ToList();
        var counted = there.FindAll(c => scope.Counts(c.Key.SourceId));
        IsRemoved = found.Count > 0 && there.Count == 0;
        Copies = there.Count == 0 ? [HeldCopies.None] : [.. (counted.Count > 0 ? counted : there).Select(c => new HeldCopies(c.Key, scope.Effective(c.Key.SourceId, c.Value)))];
        Now = Copies.Min(c => c.Presence);
    }

    /// <summary>As the last scans found them.</summary>
    public SortedDictionary<CopyTraits, Presence> Found { get; }

    public HeldCopies[] Copies { get; }

    /// <summary>The presence of the best copy.</summary>
    public Presence Now { get; }

    /// <summary>Whether all copies are on removed sources, so that reads leave the item out.</summary>
    public bool IsRemoved { get; }

    /// <summary>The values that facets of copies count it for when nothing is asked of copies: archived ones for being that alone.</summary>
    public IReadOnlyCollection<(Filters Facet, string Value)> Values => _values ??=
        [.. Copies.SelectMany(c => c.Values().Where(value => c.Presence != Presence.Retired || value.Facet == Filters.Presence)).Distinct()];
}

/// <summary>What the few rows of sources and holdings say at the moment of a read: names, and what each holding is worth.</summary>
internal sealed class CatalogueScope
{
    private readonly Dictionary<int, Holding> _holdings;
    private readonly HashSet<long> _removedSources = [];
    private readonly Dictionary<long, Outage> _outages = [];

    /// <param name="before">
    /// The scope of an earlier read. Only new holdings are read, as existing ones do not change; all are evaluated again when the availability
    /// of a source changes, and read again when there are other sources: a purge deletes holdings, and their ids are reused.
    /// </param>
    public CatalogueScope(ReadSession session, CatalogueScope? before = null)
    {
        using var sources = session.Prepared("SELECT id, name, availability, standing, since, last_connected_at, last_error FROM sources");
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
            if (Availability[id] == SourceAvailability.Unreachable)
            {
                _outages[id] = new Outage(Time(sources.Int64(4)), sources.Int64OrNull(5) is { } last ? Time(last) : null, sources.TextOrNull(6));
            }
        }

        before = before is not null && before._removedSources.SetEquals(_removedSources) && before.Availability.Keys.ToHashSet().SetEquals(Availability.Keys) ? before : null;
        _holdings = before is null ? []
            : !before.Availability.Except(Availability).Any() ? before._holdings
            : before._holdings.ToDictionary(h => h.Key, h => new Holding(h.Value.Found, this));
        LastHolding = before?.LastHolding ?? 0;
        using var holdings = session.Prepared("SELECT id, pattern FROM holdings WHERE id > ?1 ORDER BY id");
        holdings.Bind(1, (long)LastHolding);
        while (holdings.Read())
        {
            _holdings = _holdings == before?._holdings ? new Dictionary<int, Holding>(_holdings) : _holdings;   // others may be reading it
            _holdings[LastHolding = holdings.Int32(0)] = new Holding(HoldingPattern.Parse(holdings.Text(1)), this);
        }

        Hides = HasWorksOf(session, _holdings.Where(h => h.Value.IsRemoved || h.Value.Now == Presence.Retired).Select(h => h.Key));
        IsLoading = IsLoadingIn(session);
    }

    /// <summary>Whether a bulk load has taken indexes away, so that counts lag behind and lists are sorted by hand.</summary>
    public bool IsLoading { get; }

    /// <summary>The same without reading sources and holdings.</summary>
    public static bool IsLoadingIn(ReadSession session)
    {
        using var late = session.Prepared("SELECT EXISTS (SELECT 1 FROM late_indexes)");
        return late.Read() && late.Int32(0) == 1;
    }

    /// <summary>Whether any work is left out unless it is asked for.</summary>
    public bool Hides { get; }

    /// <summary>The names of the sources that were not removed.</summary>
    public Dictionary<long, string> SourceNames { get; } = [];

    public Dictionary<long, SourceAvailability> Availability { get; } = [];

    /// <summary>All holdings by their numbers.</summary>
    public IReadOnlyDictionary<int, Holding> Holdings => _holdings;

    private int LastHolding { get; }

    /// <summary>The presence of the best copy.</summary>
    public Presence PresenceOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Now : Presence.Missing;

    public HeldCopies[] CopiesOf(int holding) => _holdings.TryGetValue(holding, out var known) ? known.Copies : [];

    /// <summary>Whether all copies are on removed sources, so that reads leave the item out.</summary>
    public bool IsRemoved(int holding) => _holdings.TryGetValue(holding, out var known) && known.IsRemoved;

    public bool IsSourceRemoved(long source) => _removedSources.Contains(source);

    /// <summary>Whether what is on the source counts.</summary>
    public bool Counts(long source) => source != HoldingPattern.KeptPlace && !IsSourceRemoved(source) && Availability.GetValueOrDefault(source) != SourceAvailability.Retired;

    public Presence Effective(long sourceId, Presence found) => Availability.GetValueOrDefault(sourceId).Effective(found);

    /// <summary>Why the best of these copies of an item cannot be had now; null unless nobody can tell where it is.</summary>
    /// <param name="asked">Those that were asked for; null for all.</param>
    public Absence? AbsenceOf(int holding, Predicate<HeldCopies>? asked = null)
    {
        var copies = CopiesOf(holding);
        var meant = asked is null || !Array.Exists(copies, asked) ? copies : Array.FindAll(copies, asked);
        return meant.Length == 0 || meant.Min(c => c.Presence) != Presence.Unknown ? null
            : AbsenceOn(meant.Where(c => c.Presence == Presence.Unknown).Select(c => c.Traits.SourceId), Array.Exists(copies, c => c.Presence == Presence.Present));
    }

    /// <summary>Why what is on these sources cannot be had now.</summary>
    public Absence AbsenceOn(IEnumerable<long> sources, bool isElsewhere)
    {
        List<long> away = [.. sources.Distinct().OrderByDescending(s => _outages.GetValueOrDefault(s)?.LastSeenAt).ThenBy(s => s)];
        var outage = _outages.GetValueOrDefault(away[0]);
        return new Absence(
            away[0], SourceNames.GetValueOrDefault(away[0], ""), away.Count - 1, outage?.Since, outage?.LastSeenAt,
            outage is null ? "Its folder could not be read at the last scan." : SourceLocations.CannotBeRead, isElsewhere)
        {
            Sentence = outage?.Reason,
        };
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

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

    private sealed record Outage(DateTimeOffset Since, DateTimeOffset? LastSeenAt, string? Reason);
}
