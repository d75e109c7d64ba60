using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Propagates changes of files' presence, or of versions, upwards: to the versions, the items and all their parents.</summary>
internal sealed class PresenceUpdater : IDisposable
{
    private readonly PresenceSetIndex _presenceSets;
    private readonly HashSet<long> _files = [];
    private readonly HashSet<long> _versions = [];
    private readonly HashSet<long> _items = [];
    private readonly Statement _setFile;
    private readonly Statement _selectVersion;
    private readonly Statement _selectVersionPresence;
    private readonly Statement _setVersion;
    private readonly Statement _selectVersions;
    private readonly Statement _selectPartSets;
    private readonly Statement _selectItem;
    private readonly Statement _setItem;

    public PresenceUpdater(SqliteConnection connection, PresenceSetIndex presenceSets)
    {
        _presenceSets = presenceSets;
        _setFile = new Statement(connection, "UPDATE files SET presence = ?2 WHERE id = ?1");
        _selectVersion = new Statement(connection, "SELECT version_id FROM files WHERE id = ?1 AND version_id IS NOT NULL AND role <> 1");
        _selectVersionPresence = new Statement(connection, $"""
            SELECT coalesce(max(CASE WHEN f.role <> {(int)FileRole.FolderPart} OR {MainFile.IsStreamSql("f")} THEN f.presence END), min(f.presence)), v.item_id, v.presence
            FROM media_versions v JOIN files f ON f.version_id = v.id AND f.role <> 1 WHERE v.id = ?1
            """);     // a disc is as present as its streams, a game as the best of its files
        _setVersion = new Statement(connection, "UPDATE media_versions SET presence = ?2 WHERE id = ?1");
        _selectVersions = new Statement(connection, "SELECT source_id, resolution, video_codec, presence FROM media_versions WHERE item_id = ?1");
        _selectPartSets = new Statement(connection, "SELECT DISTINCT holding_id FROM media_items WHERE parent_id = ?1");
        _selectItem = new Statement(connection, "SELECT holding_id, parent_id FROM media_items WHERE id = ?1");
        _setItem = new Statement(connection, "UPDATE media_items SET holding_id = ?2, updated_at = coalesce(?3, updated_at) WHERE id = ?1");
    }

    public void SetFilePresence(long file, Presence presence)
    {
        _setFile.Bind(1, file).Bind(2, (long)presence).Run();
        _files.Add(file);
    }

    /// <summary>Marks a file whose row has already been changed.</summary>
    public void MarkFile(long file, Presence previous, Presence now)
    {
        if (previous != now)
        {
            _files.Add(file);
        }
    }

    /// <summary>Marks a version whose files changed.</summary>
    public void MarkVersion(long version) => _versions.Add(version);

    /// <summary>Marks an item whose versions or parts changed.</summary>
    public void MarkItem(long item) => _items.Add(item);

    /// <summary>Updates everything that was marked, and everything above it.</summary>
    /// <param name="now">The items' new update time; null keeps the old one.</param>
    public void Flush(long? now)
    {
        if (_files.Count + _versions.Count + _items.Count == 0)
        {
            return;
        }

        var items = new HashSet<long>(_items);
        foreach (var version in _files.Select(FindVersion).OfType<long>().Concat(_versions).ToHashSet())
        {
            if (UpdateVersion(version) is { } item)
            {
                items.Add(item);
            }
        }

        _files.Clear();
        _versions.Clear();
        _items.Clear();
        while (items.Count > 0)
        {
            items = items.Select(item => UpdateItem(item, now)).OfType<long>().ToHashSet();
        }
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_setFile, _selectVersion, _selectVersionPresence, _setVersion, _selectVersions, _selectPartSets, _selectItem, _setItem])
        {
            statement.Dispose();
        }
    }

    private long? FindVersion(long file)
    {
        if (!_selectVersion.Bind(1, file).Read())
        {
            return null;
        }

        var version = _selectVersion.Int64(0);
        _selectVersion.Reset();
        return version;
    }

    /// <summary>A version of several files has the presence of its worst one. Returns the item when it changed.</summary>
    private long? UpdateVersion(long version)
    {
        if (!_selectVersionPresence.Bind(1, version).Read() || _selectVersionPresence.IsNull(0))
        {
            _selectVersionPresence.Reset();
            return null;
        }

        var (presence, item, previous) = (_selectVersionPresence.Int64(0), _selectVersionPresence.Int64(1), _selectVersionPresence.Int64(2));
        _selectVersionPresence.Reset();
        if (presence == previous)
        {
            return null;
        }

        _setVersion.Bind(1, version).Bind(2, presence).Run();
        return item;
    }

    /// <summary>Sets the item's presence set from its versions and parts. Returns its parent when it changed.</summary>
    private long? UpdateItem(long item, long? now)
    {
        var copies = new SortedDictionary<VersionTraits, Presence>();
        _selectVersions.Bind(1, item);
        while (_selectVersions.Read())
        {
            PresenceSet.Add(copies, new VersionTraits(_selectVersions.Int64(0), _selectVersions.TextOrNull(1), _selectVersions.TextOrNull(2)), (Presence)_selectVersions.Int32(3));
        }

        _selectPartSets.Bind(1, item);
        while (_selectPartSets.Read())
        {
            foreach (var (copy, presence) in PresenceSet.Parse(_presenceSets.GetPattern(_selectPartSets.Int32(0))))
            {
                PresenceSet.Add(copies, copy, presence);
            }
        }

        if (!_selectItem.Bind(1, item).Read())
        {
            return null;
        }

        var (previous, parent) = (_selectItem.Int32(0), _selectItem.Int64OrNull(1));
        _selectItem.Reset();
        if (PresenceSet.ContainsSource(_presenceSets.GetPattern(previous), PresenceSet.ArchivedSourceId))
        {
            PresenceSet.Add(copies, new VersionTraits(PresenceSet.ArchivedSourceId, null, null), Presence.Retired);
        }

        var presenceSet = _presenceSets.GetOrAddId(PresenceSet.Format(copies));
        if (presenceSet == previous)
        {
            return null;
        }

        _setItem.Bind(1, item).Bind(2, presenceSet).Bind(3, now).Run();
        return parent;
    }
}
