using System.Globalization;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Copies of an item that no filter tells apart, as they are now.</summary>
internal readonly record struct VersionGroup(VersionTraits Traits, Presence Presence)
{
    /// <summary>Stands for the copies of an item that has none.</summary>
    public static VersionGroup None { get; } = new(default, Presence.Missing);

    /// <summary>The values that facets of copies count it for.</summary>
    public IEnumerable<(Filters Facet, string Value)> GetFacetValues()
    {
        if (Traits.Resolution is { } resolution)
        {
            yield return (Filters.Resolution, resolution);
        }

        if (Traits.Codec is { } codec)
        {
            yield return (Filters.Codec, codec);
        }

        if (Traits.SourceId != PresenceSet.ArchivedSourceId)
        {
            yield return (Filters.Source, Traits.SourceId.ToString(CultureInfo.InvariantCulture));
        }

        yield return (Filters.Presence, Presence.ToApiName());
    }
}

/// <summary>The copies of a holding at the time of a read. Copies on removed sources are left out, and those on archived sources while there are others.</summary>
internal sealed class ResolvedPresenceSet
{
    private (Filters Facet, string Value)[]? _facetValues;

    public ResolvedPresenceSet(SortedDictionary<VersionTraits, Presence> found, AvailabilitySnapshot availability)
    {
        Stored = found;
        var there = found.Where(c => !availability.IsSourceRemoved(c.Key.SourceId)).ToList();
        var counted = there.FindAll(c => availability.IsCounted(c.Key.SourceId));
        IsRemoved = found.Count > 0 && there.Count == 0;
        Versions = there.Count == 0 ? [VersionGroup.None] : [.. (counted.Count > 0 ? counted : there).Select(c => new VersionGroup(c.Key, availability.GetEffectivePresence(c.Key.SourceId, c.Value)))];
        BestPresence = Versions.Min(c => c.Presence);
    }

    /// <summary>As the last scans found them.</summary>
    public SortedDictionary<VersionTraits, Presence> Stored { get; }

    public VersionGroup[] Versions { get; }

    /// <summary>The presence of the best copy.</summary>
    public Presence BestPresence { get; }

    /// <summary>Whether all copies are on removed sources, so that reads leave the item out.</summary>
    public bool IsRemoved { get; }

    /// <summary>The values that facets of copies count it for when nothing is asked of copies: archived ones for being that alone.</summary>
    public IReadOnlyCollection<(Filters Facet, string Value)> FacetValues => _facetValues ??=
        [.. Versions.SelectMany(c => c.GetFacetValues().Where(value => c.Presence != Presence.Retired || value.Facet == Filters.Presence)).Distinct()];
}

/// <summary>What the few rows of sources and holdings say at the moment of a read: names, and what each holding is worth.</summary>
internal sealed class AvailabilitySnapshot
{
    private readonly Dictionary<int, ResolvedPresenceSet> _presenceSets;
    private readonly HashSet<long> _removedSources = [];
    private readonly Dictionary<long, Outage> _outages = [];

    /// <param name="previous">
    /// The scope of an earlier read. Only new holdings are read, as existing ones do not change; all are evaluated again when the availability
    /// of a source changes, and read again when there are other sources: a purge deletes holdings, and their ids are reused.
    /// </param>
    public AvailabilitySnapshot(ReadSession session, AvailabilitySnapshot? previous = null)
    {
        using var sources = session.Prepare("SELECT id, name, availability, standing, since, last_connected_at, last_error FROM sources");
        while (sources.Read())
        {
            var id = sources.Int64(0);
            if ((SourceLifecycle)sources.Int32(3) == SourceLifecycle.Removed)
            {
                _removedSources.Add(id);
                continue;
            }

            SourceNames[id] = sources.Text(1);
            AvailabilityBySource[id] = (SourceAvailability)sources.Int32(2);
            if (AvailabilityBySource[id] == SourceAvailability.Unreachable)
            {
                _outages[id] = new Outage(FromUnixMilliseconds(sources.Int64(4)), sources.Int64OrNull(5) is { } last ? FromUnixMilliseconds(last) : null, sources.TextOrNull(6));
            }
        }

        previous = previous is not null && previous._removedSources.SetEquals(_removedSources) && previous.AvailabilityBySource.Keys.ToHashSet().SetEquals(AvailabilityBySource.Keys) ? previous : null;
        _presenceSets = previous is null ? []
            : !previous.AvailabilityBySource.Except(AvailabilityBySource).Any() ? previous._presenceSets
            : previous._presenceSets.ToDictionary(h => h.Key, h => new ResolvedPresenceSet(h.Value.Stored, this));
        LastSetId = previous?.LastSetId ?? 0;
        using var presenceSets = session.Prepare("SELECT id, pattern FROM holdings WHERE id > ?1 ORDER BY id");
        presenceSets.Bind(1, (long)LastSetId);
        while (presenceSets.Read())
        {
            _presenceSets = _presenceSets == previous?._presenceSets ? new Dictionary<int, ResolvedPresenceSet>(_presenceSets) : _presenceSets;   // others may be reading it
            _presenceSets[LastSetId = presenceSets.Int32(0)] = new ResolvedPresenceSet(PresenceSet.Parse(presenceSets.Text(1)), this);
        }

        HasHiddenItems = HasItemsIn(session, _presenceSets.Where(h => h.Value.IsRemoved || h.Value.BestPresence == Presence.Retired).Select(h => h.Key));
        IsLoading = IsLoadingIn(session);
    }

    /// <summary>Whether a bulk load has taken indexes away, so that counts lag behind and lists are sorted by hand.</summary>
    public bool IsLoading { get; }

    /// <summary>The same without reading sources and holdings.</summary>
    public static bool IsLoadingIn(ReadSession session)
    {
        using var deferred = session.Prepare("SELECT EXISTS (SELECT 1 FROM late_indexes)");
        return deferred.Read() && deferred.Int32(0) == 1;
    }

    /// <summary>Whether any work is left out unless it is asked for.</summary>
    public bool HasHiddenItems { get; }

    /// <summary>The names of the sources that were not removed.</summary>
    public Dictionary<long, string> SourceNames { get; } = [];

    public Dictionary<long, SourceAvailability> AvailabilityBySource { get; } = [];

    /// <summary>All holdings by their numbers.</summary>
    public IReadOnlyDictionary<int, ResolvedPresenceSet> PresenceSets => _presenceSets;

    private int LastSetId { get; }

    /// <summary>The presence of the best copy.</summary>
    public Presence GetPresence(int presenceSet) => _presenceSets.TryGetValue(presenceSet, out var known) ? known.BestPresence : Presence.Missing;

    public VersionGroup[] GetVersions(int presenceSet) => _presenceSets.TryGetValue(presenceSet, out var known) ? known.Versions : [];

    /// <summary>Whether all copies are on removed sources, so that reads leave the item out.</summary>
    public bool IsRemoved(int presenceSet) => _presenceSets.TryGetValue(presenceSet, out var known) && known.IsRemoved;

    public bool IsSourceRemoved(long source) => _removedSources.Contains(source);

    /// <summary>Whether what is on the source counts.</summary>
    public bool IsCounted(long source) => source != PresenceSet.ArchivedSourceId && !IsSourceRemoved(source) && AvailabilityBySource.GetValueOrDefault(source) != SourceAvailability.Retired;

    public Presence GetEffectivePresence(long sourceId, Presence found) => AvailabilityBySource.GetValueOrDefault(sourceId).ToPresence(found);

    /// <summary>Why the best of these copies of an item cannot be had now; null unless nobody can tell where it is.</summary>
    /// <param name="requested">Those that were asked for; null for all.</param>
    public Absence? FindAbsence(int presenceSet, Predicate<VersionGroup>? requested = null)
    {
        var copies = GetVersions(presenceSet);
        var selected = requested is null || !Array.Exists(copies, requested) ? copies : Array.FindAll(copies, requested);
        return selected.Length == 0 || selected.Min(c => c.Presence) != Presence.Unknown ? null
            : CreateAbsence(selected.Where(c => c.Presence == Presence.Unknown).Select(c => c.Traits.SourceId), Array.Exists(copies, c => c.Presence == Presence.Present));
    }

    /// <summary>Why what is on these sources cannot be had now.</summary>
    public Absence CreateAbsence(IEnumerable<long> sources, bool isElsewhere)
    {
        List<long> offlineSources = [.. sources.Distinct().OrderByDescending(s => _outages.GetValueOrDefault(s)?.LastSeenAt).ThenBy(s => s)];
        var outage = _outages.GetValueOrDefault(offlineSources[0]);
        return new Absence(
            offlineSources[0], SourceNames.GetValueOrDefault(offlineSources[0], ""), offlineSources.Count - 1, outage?.Since, outage?.LastSeenAt,
            outage is null ? "Its folder could not be read at the last scan." : LocationRedaction.UnreadableMessage, isElsewhere)
        {
            Sentence = outage?.Reason,
        };
    }

    private static DateTimeOffset FromUnixMilliseconds(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static bool HasItemsIn(ReadSession session, IEnumerable<int> presenceSets)
    {
        using var items = session.Prepare($"SELECT n FROM facet_counts WHERE facet = {CatalogSchema.Facet.ItemPresenceSet} AND value = ?1");
        foreach (var presenceSet in presenceSets)
        {
            var has = items.Bind(1, (long)presenceSet).Read() && items.Int64(0) > 0;
            items.Reset();
            if (has)
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Outage(DateTimeOffset Since, DateTimeOffset? LastSeenAt, string? Reason);
}
