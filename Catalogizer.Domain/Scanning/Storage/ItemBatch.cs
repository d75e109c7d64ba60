using System.Runtime.InteropServices;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>An item during a save: new, or loaded because something is added to it.</summary>
internal sealed class ItemDraft
{
    private OwnerItem? _owner;

    public required long Id { get; init; }

    public required MediaKind Kind { get; init; }

    public required MediaType Type { get; init; }

    public required string Identity { get; set; }

    public required bool IsNew { get; init; }

    public ItemDraft? Parent { get; init; }

    public required long IdentityHash { get; set; }

    /// <summary>Another item of the same batch whose identity has the same base.</summary>
    public ItemDraft? NextOfBase { get; set; }

    public string? Title { get; set; }

    public int? Year { get; set; }

    public int? Season { get; init; }

    public int? Episode { get; init; }

    public int? EpisodeTo { get; init; }

    public int PresenceSetId { get; set; }

    /// <summary>The best lifecycle of its versions and parts; null while it has none.</summary>
    public SourceLifecycle? Lifecycle { get; set; }

    /// <summary>Whether it is yet to be counted among its parents' parts.</summary>
    public bool IsNewlyCounted { get; set; }

    public int VersionCount { get; set; }

    public int PartCount { get; set; }

    public string? BestResolution { get; set; }

    public string? BestCodec { get; set; }

    public double BestScore { get; set; }

    public bool IsChanged { get; set; }

    public OwnerItem ToOwner() => _owner ??= new OwnerItem(Id, Kind, Identity, Year, Parent?.ToOwner());
}

/// <summary>
/// Finds or creates the items that files belong to. Within one save each item is changed in memory and written once, however many episodes
/// or tracks are added to it.
/// </summary>
internal sealed class ItemBatch : IDisposable
{
    private readonly Dictionary<string, ItemDraft> _drafts = new(StringComparer.Ordinal);
    private readonly List<ItemDraft> _orderedDrafts = [];
    private readonly Dictionary<long, ItemDraft> _draftsByBase = [];
    private readonly List<string> _candidates = [];
    private readonly List<(long Id, ItemDraft? Draft)> _candidateItems = [];
    private readonly IdentityWriter _identities;
    private readonly PresenceSetIndex _presenceSets;
    private readonly Statement _find;
    private readonly Statement _load;
    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _selectLastId;
    private BulkItems? _bulk;
    private long _nextId;
    private int _emptySetId;

    public ItemBatch(SqliteConnection connection, PresenceSetIndex presenceSets)
    {
        _presenceSets = presenceSets;
        _emptySetId = presenceSets.GetOrAddId("");
        const string columns = "id, kind, media_type, identity, title, year, season, episode, episode_to, holding_id, version_count, part_count, best_resolution, best_codec, best_score, identity_hash";
        _find = new Statement(connection, $"SELECT {columns} FROM media_items WHERE identity_hash = ?1");
        _load = new Statement(connection, $"SELECT {columns} FROM media_items WHERE id = ?1");
        _insert = new Statement(connection, """
            INSERT INTO media_items (id, kind, media_type, is_work, parent_id, identity, identity_hash, title, sort_title, year, season, episode, episode_to,
              holding_id, version_count, part_count, best_resolution, best_codec, best_score, first_seen_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?20)
            """);
        _update = new Statement(connection, """
            UPDATE media_items SET title = ?2, sort_title = ?3, year = ?4, holding_id = ?5, version_count = ?6, part_count = ?7,
              best_resolution = ?8, best_codec = ?9, best_score = ?10, updated_at = ?11 WHERE id = ?1
            """);
        _selectLastId = new Statement(connection, "SELECT max(coalesce((SELECT max(id) FROM media_items), 0), coalesce((SELECT max(max(from_item, to_item)) FROM work_joins), 0))");
        _selectLastId.Read();
        _nextId = _selectLastId.Int64(0) + 1;
        _selectLastId.Reset();
        _identities = new IdentityWriter(connection);
        Connection = connection;
    }

    /// <summary>Whether an item got another identity since the last call.</summary>
    public bool HasNewIdentities { get; set; }

    private SqliteConnection Connection { get; }

    /// <summary>Looks identities up by their hashes in memory while the identity index is dropped: 16 bytes per item.</summary>
    public void BeginBulk()
    {
        _bulk = new BulkItems();
        using var all = new Statement(Connection, "SELECT identity_hash, id, parent_id FROM media_items");
        while (all.Read())
        {
            _bulk.Add(all.Int64(0), all.Int64(1), all.Int64OrNull(2));
        }
    }

    public void EndBulk() => _bulk = null;

    /// <summary>Gives an item another identity, and its parts those that begin with it. Not while items are being resolved.</summary>
    public void SetIdentity(long id, MediaKind kind, string previous, string identity)
    {
        _identities.Write(id, kind, previous, identity, _bulk);
        HasNewIdentities = true;
    }

    /// <summary>The item for a node; created with all its parents when there is none.</summary>
    public ItemDraft Resolve(ItemNode node)
    {
        var parent = node.Parent is null ? null : Resolve(node.Parent);
        var identity = parent is null || parent.Identity == node.Parent!.Identity ? node.Identity : ItemMerges.RebaseIdentity(node.Identity, node.Parent.Identity, parent.Identity);
        if (!_drafts.TryGetValue(identity, out var draft))
        {
            draft = Find(node.Kind, identity, parent) ?? Add(Create(node, identity, parent));
            AddMarks(draft, identity);
        }

        FillMissing(draft, node);
        return draft;
    }

    public bool HasItem(string identity)
    {
        if (_drafts.ContainsKey(identity))
        {
            return true;
        }

        _candidates.Clear();
        _candidateItems.Clear();
        var hash = ItemIdentity.ComputeHash(identity);
        return (_bulk is null ? FindStored(hash, identity, null) : FindLoaded(_bulk, hash, identity, null)) is not null;
    }

    /// <summary>Adds a version to an item: the item and its parents get the presence and quality of their best version.</summary>
    public void AddVersion(ItemDraft item, long sourceId, QualityMetrics quality)
    {
        var standing = _presenceSets.GetSourceLifecycle(sourceId);
        for (var current = item; current is not null; current = current.Parent)
        {
            current.IsChanged = true;
            current.PresenceSetId = _presenceSets.GetIdWith(current.PresenceSetId, new VersionTraits(sourceId, quality.Resolution, quality.Codec), Presence.Present);
            UpdateLifecycle(current);
            if (standing == current.Lifecycle && VersionRanking.IsBetter((quality.Resolution, quality.Codec, quality.OverallScore), (current.BestResolution, current.BestCodec, current.BestScore)))
            {
                (current.BestResolution, current.BestCodec, current.BestScore) = (quality.Resolution, quality.Codec, quality.OverallScore);
            }
        }

        item.VersionCount += standing == item.Lifecycle ? 1 : 0;
        for (var current = item; current is not null; current = current.Parent)
        {
            CountAsPart(current);
        }
    }

    /// <summary>Marks an item and its parents as changed, after a file was added to an existing version.</summary>
    public static void MarkChanged(ItemDraft item)
    {
        for (var current = item; current is not null; current = current.Parent)
        {
            current.IsChanged = true;
        }
    }

    /// <summary>Writes the new and changed items.</summary>
    public void Flush(long now)
    {
        foreach (var draft in _orderedDrafts)
        {
            if (draft.IsNew)
            {
                Insert(draft, now);
            }
            else if (draft.IsChanged)
            {
                _update.Bind(1, draft.Id).Bind(2, draft.Title).Bind(3, draft.Title is null ? null : TextNormalizer.ToSortTitle(draft.Title)).Bind(4, draft.Year)
                    .Bind(5, draft.PresenceSetId).Bind(6, draft.VersionCount).Bind(7, draft.PartCount)
                    .Bind(8, draft.BestResolution).Bind(9, draft.BestCodec).Bind(10, draft.BestScore).Bind(11, now).Run();
            }
        }

        _drafts.Clear();
        _orderedDrafts.Clear();
        _draftsByBase.Clear();
    }

    public void Dispose()
    {
        _find.Dispose();
        _load.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _selectLastId.Dispose();
        _identities.Dispose();
    }

    /// <summary>Resets the counts when the lifecycle improves: versions on archived or removed sources do not count next to one that does.</summary>
    private void UpdateLifecycle(ItemDraft item)
    {
        var now = _presenceSets.GetLifecycle(item.PresenceSetId);
        item.IsNewlyCounted = item.Lifecycle is not { } previous || now < previous;
        if (item.IsNewlyCounted)
        {
            (item.VersionCount, item.PartCount, item.BestResolution, item.BestCodec, item.BestScore) = (0, 0, null, null, 0);
        }

        item.Lifecycle = now;
    }

    private static void CountAsPart(ItemDraft item)
    {
        for (var above = item.IsNewlyCounted ? item.Parent : null; above is not null; above = above.Parent)
        {
            if (item.Lifecycle == above.Lifecycle
                && (above.Kind, item.Kind) is (MediaKind.Series or MediaKind.Season, MediaKind.Episode) or (MediaKind.Album, MediaKind.Track) or (MediaKind.Artist, MediaKind.Album))
            {
                above.PartCount++;
            }
        }
    }

    private static void FillMissing(ItemDraft draft, ItemNode node)
    {
        if ((draft.Title is null && node.Title is not null) || (draft.Year is null && node.Year is not null))
        {
            draft.Title ??= node.Title;
            draft.Year ??= node.Year;
            draft.IsChanged = true;
        }
    }

    /// <summary>The item that a name of this identity belongs to, in this batch or stored; null when it has to be created.</summary>
    private ItemDraft? Find(MediaKind kind, string identity, ItemDraft? parent)
    {
        var hash = ItemIdentity.ComputeHash(identity);
        _candidates.Clear();
        _candidateItems.Clear();
        for (var draft = ItemIdentity.HasMarks(kind) ? _draftsByBase.GetValueOrDefault(hash) : null; draft is not null; draft = draft.NextOfBase)
        {
            AddCandidate(draft.Id, draft.Identity, draft);
        }

        if ((_bulk is null ? FindStored(hash, identity, parent) : FindLoaded(_bulk, hash, identity, parent)) is { } same)
        {
            return Add(same);
        }

        if (_candidates.Count == 0 || ItemIdentity.Choose(identity, _candidates) is not { } chosen)
        {
            return null;
        }

        var (id, known) = _candidateItems[chosen];
        return known ?? Load(id, parent);
    }

    /// <summary>The stored item with this very identity; others of its base become candidates.</summary>
    private ItemDraft? FindStored(long hash, string identity, ItemDraft? parent)
    {
        ItemDraft? same = null;
        _find.Bind(1, hash);
        while (same is null && _find.Read())
        {
            same = ReadSame(_find, identity, parent);
        }

        if (same is not null)
        {
            _find.Reset();
        }

        return same;
    }

    private ItemDraft? FindLoaded(BulkItems ids, long hash, string identity, ItemDraft? parent)
    {
        ItemDraft? same = null;
        for (var id = ids.GetFirst(hash); same is null && id is { } candidate; id = ids.GetNext(hash, candidate))
        {
            if (_load.Bind(1, candidate).Read())
            {
                same = ReadSame(_load, identity, parent);
                _load.Reset();
            }
        }

        return same;
    }

    private ItemDraft? ReadSame(Statement row, string identity, ItemDraft? parent)
    {
        var text = row.Text(3);
        if (text == identity)
        {
            return Read(row, text, parent);
        }

        AddCandidate(row.Int64(0), text, null);
        return null;
    }

    private void AddCandidate(long id, string identity, ItemDraft? draft)
    {
        if (draft is not null || !_candidateItems.Exists(item => item.Id == id))
        {
            _candidates.Add(identity);
            _candidateItems.Add((id, draft));
        }
    }

    private ItemDraft Load(long id, ItemDraft? parent)
    {
        _load.Bind(1, id).Read();
        var draft = Read(_load, _load.Text(3), parent);
        _load.Reset();
        return Add(draft);
    }

    private ItemDraft Add(ItemDraft draft)
    {
        _drafts.Add(draft.Identity, draft);
        _orderedDrafts.Add(draft);
        if (ItemIdentity.HasMarks(draft.Kind))
        {
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_draftsByBase, draft.IdentityHash, out _);
            (draft.NextOfBase, first) = (first, draft);
        }

        return draft;
    }

    /// <summary>An item gains the marks that a name has and it lacks, so that later names can contradict them.</summary>
    private void AddMarks(ItemDraft draft, string identity)
    {
        if (draft.Identity == identity || !ItemIdentity.HasMarks(draft.Kind))
        {
            return;
        }

        var (previous, marks) = (draft.Identity, ItemIdentity.GetMarks(draft.Identity));
        var filled = ItemIdentity.WithMarks(previous, marks.FilledFrom(ItemIdentity.GetMarks(identity)));
        if (filled == previous)
        {
            return;
        }

        if (!draft.IsNew)
        {
            SetIdentity(draft.Id, draft.Kind, previous, filled);
        }

        // Stored parts have followed already; their drafts, and new parts, do here.
        foreach (var part in _orderedDrafts)
        {
            var renamed = part == draft ? filled : draft.Kind is MediaKind.Series or MediaKind.Album ? ItemMerges.RebaseIdentity(part.Identity, previous, filled) : part.Identity;
            if (renamed != part.Identity)
            {
                _drafts.Remove(part.Identity);
                var hash = ItemIdentity.ComputeHash(renamed);
                if (part.IsNew)
                {
                    _bulk?.Replace(part.IdentityHash, hash, part.Id);
                }

                (part.Identity, part.IdentityHash) = (renamed, hash);
                _drafts.Add(renamed, part);
            }
        }
    }

    private ItemDraft Read(Statement row, string identity, ItemDraft? parent) => new()
    {
        Id = row.Int64(0),
        Kind = (MediaKind)row.Int32(1),
        Type = (MediaType)row.Int32(2),
        Identity = identity,
        IdentityHash = row.Int64(15),
        Title = row.TextOrNull(4),
        Year = row.Int32OrNull(5),
        Season = row.Int32OrNull(6),
        Episode = row.Int32OrNull(7),
        EpisodeTo = row.Int32OrNull(8),
        PresenceSetId = row.Int32(9),
        Lifecycle = _presenceSets.GetLifecycle(row.Int32(9)),
        VersionCount = row.Int32(10),
        PartCount = row.Int32(11),
        BestResolution = row.TextOrNull(12),
        BestCodec = row.TextOrNull(13),
        BestScore = row.Double(14),
        IsNew = false,
        Parent = parent,
    };

    private ItemDraft Create(ItemNode node, string identity, ItemDraft? parent)
    {
        var draft = new ItemDraft
        {
            Id = _nextId++,
            Kind = node.Kind,
            Type = node.Type,
            Identity = identity,
            IdentityHash = ItemIdentity.ComputeHash(identity),
            Title = node.Title,
            Year = node.Year,
            Season = node.Season,
            Episode = node.Episode,
            EpisodeTo = node.EpisodeTo,
            PresenceSetId = _emptySetId,
            IsNew = true,
            Parent = parent,
        };
        _bulk?.Add(draft.IdentityHash, draft.Id, parent?.Id);
        return draft;
    }

    private void Insert(ItemDraft draft, long now) =>
        _insert.Bind(1, draft.Id).Bind(2, (long)draft.Kind).Bind(3, (long)draft.Type).Bind(4, draft.Kind.IsListed() ? 1L : 0L).Bind(5, draft.Parent?.Id)
            .Bind(6, draft.Identity).Bind(7, draft.IdentityHash).Bind(8, draft.Title).Bind(9, draft.Title is null ? null : TextNormalizer.ToSortTitle(draft.Title))
            .Bind(10, draft.Year).Bind(11, draft.Season).Bind(12, draft.Episode).Bind(13, draft.EpisodeTo)
            .Bind(14, draft.PresenceSetId).Bind(15, draft.VersionCount).Bind(16, draft.PartCount)
            .Bind(17, draft.BestResolution).Bind(18, draft.BestCodec).Bind(19, draft.BestScore).Bind(20, now).Run();
}
