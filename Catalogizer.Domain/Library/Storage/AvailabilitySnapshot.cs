using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Versions of an item that no filter distinguishes, with their current presence.</summary>
internal readonly record struct VersionGroup(VersionTraits Traits, Presence Presence)
{
    /// <summary>Placeholder for an item without versions.</summary>
    public static VersionGroup None { get; } = new(default, Presence.Missing);

    /// <summary>The values that the version facets count the group for.</summary>
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

/// <summary>
/// The versions of a presence set at the time of a read. Versions on removed sources are left out, and those on archived sources unless there
/// are no others.
/// </summary>
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

    /// <summary>The presence of the best version.</summary>
    public Presence BestPresence { get; }

    /// <summary>Whether all versions are on removed sources, so that reads leave the item out.</summary>
    public bool IsRemoved { get; }

    /// <summary>The values to count in version facets when the query has no version filter. Archived versions count only in the presence facet.</summary>
    public IReadOnlyCollection<(Filters Facet, string Value)> FacetValues => _facetValues ??=
        [.. Versions.SelectMany(c => c.GetFacetValues().Where(value => c.Presence != Presence.Retired || value.Facet == Filters.Presence)).Distinct()];
}

/// <summary>
/// The few rows of sources and presence sets at the moment of a read: source names and availability, and the current presence of each set's
/// versions.
/// </summary>
internal sealed class AvailabilitySnapshot
{
    private readonly Dictionary<int, ResolvedPresenceSet> _presenceSets;
    private readonly HashSet<long> _removedSources = [];
    private readonly Dictionary<long, Outage> _outages = [];

    /// <param name="previous">
    /// The snapshot of an earlier read. Only new presence sets are read, as existing ones do not change. All are evaluated again when the
    /// availability of a source changes, and read again when the set of sources changes: a purge deletes presence sets, and their ids are reused.
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
            _presenceSets = _presenceSets == previous?._presenceSets ? new Dictionary<int, ResolvedPresenceSet>(_presenceSets) : _presenceSets;   // other reads may use it
            _presenceSets[LastSetId = presenceSets.Int32(0)] = new ResolvedPresenceSet(PresenceSet.Parse(presenceSets.Text(1)), this);
        }

        HasHiddenItems = HasItemsIn(session, _presenceSets.Where(h => h.Value.IsRemoved || h.Value.BestPresence == Presence.Retired).Select(h => h.Key));
        IsLoading = IsLoadingIn(session);
    }

    /// <summary>Whether a bulk load has dropped indexes, so that counts lag behind and lists are sorted without an index.</summary>
    public bool IsLoading { get; }

    /// <summary>Determines <see cref="IsLoading"/> without reading sources and presence sets.</summary>
    public static bool IsLoadingIn(ReadSession session)
    {
        using var deferred = session.Prepare("SELECT EXISTS (SELECT 1 FROM late_indexes)");
        return deferred.Read() && deferred.Int32(0) == 1;
    }

    /// <summary>Whether any item is archived or removed, and so left out by default.</summary>
    public bool HasHiddenItems { get; }

    /// <summary>The names of all sources except removed ones.</summary>
    public Dictionary<long, string> SourceNames { get; } = [];

    public Dictionary<long, SourceAvailability> AvailabilityBySource { get; } = [];

    /// <summary>All presence sets by id.</summary>
    public IReadOnlyDictionary<int, ResolvedPresenceSet> PresenceSets => _presenceSets;

    private int LastSetId { get; }

    /// <summary>The presence of the best version; missing for an unknown set.</summary>
    public Presence GetPresence(int presenceSet) => _presenceSets.TryGetValue(presenceSet, out var known) ? known.BestPresence : Presence.Missing;

    public VersionGroup[] GetVersions(int presenceSet) => _presenceSets.TryGetValue(presenceSet, out var known) ? known.Versions : [];

    /// <summary>Whether all versions are on removed sources, so that reads leave the item out.</summary>
    public bool IsRemoved(int presenceSet) => _presenceSets.TryGetValue(presenceSet, out var known) && known.IsRemoved;

    public bool IsSourceRemoved(long source) => _removedSources.Contains(source);

    /// <summary>Whether the source counts: it is neither archived nor removed.</summary>
    public bool IsCounted(long source) => source != PresenceSet.ArchivedSourceId && !IsSourceRemoved(source) && AvailabilityBySource.GetValueOrDefault(source) != SourceAvailability.Retired;

    public Presence GetEffectivePresence(long sourceId, Presence found) => AvailabilityBySource.GetValueOrDefault(sourceId).ToPresence(found);

    /// <summary>Why the best of the requested versions is not available now; null unless its presence is unknown.</summary>
    /// <param name="requested">Selects the requested versions; all count when it is null or selects none.</param>
    public Absence? FindAbsence(int presenceSet, Predicate<VersionGroup>? requested = null)
    {
        var copies = GetVersions(presenceSet);
        var selected = requested is null || !Array.Exists(copies, requested) ? copies : Array.FindAll(copies, requested);
        return selected.Length == 0 || selected.Min(c => c.Presence) != Presence.Unknown ? null
            : CreateAbsence(selected.Where(c => c.Presence == Presence.Unknown).Select(c => c.Traits.SourceId), Array.Exists(copies, c => c.Presence == Presence.Present));
    }

    /// <summary>Why versions on these sources are not available now.</summary>
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
