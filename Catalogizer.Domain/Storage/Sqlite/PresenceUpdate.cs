using Catalogizer.Domain.Media;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Carries a change of files' presence, or of what their copies are, up: to their versions, the items, and all the items lie below.</summary>
internal sealed class PresenceUpdate : IDisposable
{
    private readonly HoldingBook _holdings;
    private readonly HashSet<long> _files = [];
    private readonly HashSet<long> _versions = [];
    private readonly HashSet<long> _items = [];
    private readonly Statement _setFile;
    private readonly Statement _versionOf;
    private readonly Statement _versionPresence;
    private readonly Statement _setVersion;
    private readonly Statement _copies;
    private readonly Statement _parts;
    private readonly Statement _item;
    private readonly Statement _setItem;

    public PresenceUpdate(SqliteConnection connection, HoldingBook holdings)
    {
        _holdings = holdings;
        _setFile = new Statement(connection, "UPDATE files SET presence = ?2 WHERE id = ?1");
        _versionOf = new Statement(connection, "SELECT version_id FROM files WHERE id = ?1 AND version_id IS NOT NULL AND role <> 1");
        _versionPresence = new Statement(connection, "SELECT max(f.presence), v.item_id, v.presence FROM media_versions v JOIN files f ON f.version_id = v.id AND f.role <> 1 WHERE v.id = ?1");
        _setVersion = new Statement(connection, "UPDATE media_versions SET presence = ?2 WHERE id = ?1");
        _copies = new Statement(connection, "SELECT source_id, resolution, video_codec, presence FROM media_versions WHERE item_id = ?1");
        _parts = new Statement(connection, "SELECT DISTINCT holding_id FROM media_items WHERE parent_id = ?1");
        _item = new Statement(connection, "SELECT holding_id, parent_id FROM media_items WHERE id = ?1");
        _setItem = new Statement(connection, "UPDATE media_items SET holding_id = ?2, updated_at = coalesce(?3, updated_at) WHERE id = ?1");
    }

    public void Set(long file, Presence presence)
    {
        _setFile.Bind(1, file).Bind(2, (long)presence).Run();
        _files.Add(file);
    }

    /// <summary>Notes a file whose row is already changed.</summary>
    public void Touch(long file, Presence was, Presence now)
    {
        if (was != now)
        {
            _files.Add(file);
        }
    }

    /// <summary>Notes a copy whose files are others now.</summary>
    public void NoteVersion(long version) => _versions.Add(version);

    /// <summary>Notes an item whose copies or parts are others now.</summary>
    public void NoteItem(long item) => _items.Add(item);

    /// <summary>Brings what was noted, and everything above it, up to date.</summary>
    /// <param name="now">Null where nothing happened to the items that they should tell.</param>
    public void Flush(long? now)
    {
        if (_files.Count + _versions.Count + _items.Count == 0)
        {
            return;
        }

        var items = new HashSet<long>(_items);
        foreach (var version in _files.Select(VersionOf).OfType<long>().Concat(_versions).ToHashSet())
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
        foreach (var statement in (ReadOnlySpan<Statement>)[_setFile, _versionOf, _versionPresence, _setVersion, _copies, _parts, _item, _setItem])
        {
            statement.Dispose();
        }
    }

    private long? VersionOf(long file)
    {
        if (!_versionOf.Bind(1, file).Read())
        {
            return null;
        }

        var version = _versionOf.Int64(0);
        _versionOf.Reset();
        return version;
    }

    /// <summary>A copy of several files is as present as its worst one. Answers the item when that changed.</summary>
    private long? UpdateVersion(long version)
    {
        if (!_versionPresence.Bind(1, version).Read() || _versionPresence.IsNull(0))
        {
            _versionPresence.Reset();
            return null;
        }

        var (presence, item, was) = (_versionPresence.Int64(0), _versionPresence.Int64(1), _versionPresence.Int64(2));
        _versionPresence.Reset();
        if (presence == was)
        {
            return null;
        }

        _setVersion.Bind(1, version).Bind(2, presence).Run();
        return item;
    }

    /// <summary>Sets the item's holding from its copies and parts. Answers its parent when that changed.</summary>
    private long? UpdateItem(long item, long? now)
    {
        var copies = new SortedDictionary<CopyTraits, Presence>();
        _copies.Bind(1, item);
        while (_copies.Read())
        {
            HoldingPattern.Add(copies, new CopyTraits(_copies.Int64(0), _copies.TextOrNull(1), _copies.TextOrNull(2)), (Presence)_copies.Int32(3));
        }

        _parts.Bind(1, item);
        while (_parts.Read())
        {
            foreach (var (copy, presence) in HoldingPattern.Parse(_holdings.Pattern(_parts.Int32(0))))
            {
                HoldingPattern.Add(copies, copy, presence);
            }
        }

        if (!_item.Bind(1, item).Read())
        {
            return null;
        }

        var (was, parent) = (_item.Int32(0), _item.Int64OrNull(1));
        _item.Reset();
        if (HoldingPattern.Has(_holdings.Pattern(was), HoldingPattern.KeptPlace))
        {
            HoldingPattern.Add(copies, new CopyTraits(HoldingPattern.KeptPlace, null, null), Presence.Retired);
        }

        var holding = _holdings.Id(HoldingPattern.Format(copies));
        if (holding == was)
        {
            return null;
        }

        _setItem.Bind(1, item).Bind(2, holding).Bind(3, now).Run();
        return parent;
    }
}
