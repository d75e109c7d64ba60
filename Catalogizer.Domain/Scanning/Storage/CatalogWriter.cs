using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>
/// Writes what scans find, with statements prepared once. It belongs to the writer's connection and is used only in batches of the writer
/// queue. When a batch is rolled back it must be discarded, because it remembers ids that the batch assigned.
/// </summary>
internal sealed class CatalogWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly PresenceSetIndex _presenceSets;
    private readonly ItemBatch _items;
    private readonly PresenceUpdater _presence;
    private readonly Dictionary<(long Item, string Identity), long> _openVersions = [];
    private readonly Statement _insertFolder;
    private readonly Statement _updateFolder;
    private readonly Statement _setFolderError;
    private readonly Statement _resetEmptyFolder;
    private readonly Statement _insertFile;
    private readonly Statement _changeFile;
    private readonly Statement _attachFile;
    private readonly Statement _restoreFile;
    private readonly Statement _insertVersion;
    private readonly Statement _findVersion;
    private readonly Statement _addVersionSize;
    private readonly Statement _insertEvent;
    private readonly Statement _addPendingDeletion;
    private readonly Statement _addPendingDeletions;
    private readonly Statement _selectPresentFiles;
    private readonly Statement _selectFolder;
    private readonly Statement _updateScanCounts;
    private readonly Statement _updateScanMoves;
    private readonly Statement _clearFolderTime;
    private readonly Statement _updateFileType;
    private readonly Statement _updateVersionLabel;
    private readonly Statement _updateQuality;
    private readonly Statement _selectFileVersion;
    private ItemMerges? _merges;
    private Dictionary<(long Item, string Identity), long>? _versionsOfFolders;
    private long _nextFolder;
    private long _nextFile;
    private long _nextVersion;
    private long _nextEvent;

    public CatalogWriter(SqliteConnection connection)
    {
        _connection = connection;
        _presenceSets = new PresenceSetIndex(connection);
        _items = new ItemBatch(connection, _presenceSets);
        _presence = new PresenceUpdater(connection, _presenceSets);
        _insertFolder = new Statement(connection, "INSERT INTO folders (id, source_id, parent_id, path, modified_at, listed_at, scan_id, error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)");
        _updateFolder = new Statement(connection, "UPDATE folders SET modified_at = ?2, listed_at = ?3, scan_id = ?4, error = NULL WHERE id = ?1");
        _setFolderError = new Statement(connection, "UPDATE folders SET error = ?2 WHERE id = ?1");
        _resetEmptyFolder = new Statement(connection, """
            UPDATE folders SET modified_at = NULL, listed_at = NULL
            WHERE id = ?1 AND listed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM files f WHERE f.folder_id = folders.id AND f.presence IN (0, 1))
            """);
        _insertFile = new Statement(connection, """
            INSERT INTO files (id, source_id, folder_id, name, size, modified_at, system_id, role, media_type, presence, version_id, first_seen_at, item_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?11, ?12)
            """);
        _changeFile = new Statement(connection, "UPDATE files SET size = ?2, modified_at = ?3, system_id = ?4, presence = 0, fingerprint = NULL WHERE id = ?1");
        _attachFile = new Statement(connection, "UPDATE files SET version_id = ?2, item_id = NULL WHERE id = ?1");
        _restoreFile = new Statement(connection, "UPDATE files SET presence = 0 WHERE id = ?1");
        _insertVersion = new Statement(connection, """
            INSERT INTO media_versions (id, item_id, source_id, presence, identity, resolution, video_codec, audio_codec, audio_channels, hdr, overall_score, quality_from, label, size, confidence)
            VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13)
            """);
        _findVersion = new Statement(connection, "SELECT id FROM media_versions WHERE item_id = ?1 AND identity = ?2");
        _addVersionSize = new Statement(connection, "UPDATE media_versions SET size = size + ?2 WHERE id = ?1");
        _insertEvent = new Statement(connection, "INSERT INTO file_events (id, file_id, scan_id, kind, at, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _addPendingDeletion = new Statement(connection, "INSERT OR IGNORE INTO scan_losses (scan_id, file_id) VALUES (?1, ?2)");
        _addPendingDeletions = new Statement(connection, "INSERT OR IGNORE INTO scan_losses (scan_id, file_id) SELECT ?1, id FROM files WHERE folder_id = ?2 AND presence IN (0, 1)");
        _selectPresentFiles = new Statement(connection, "SELECT id FROM files WHERE folder_id = ?1 AND presence = 0");
        _selectFolder = new Statement(connection, "SELECT folder_id FROM files WHERE id = ?1");
        _updateScanMoves = new Statement(connection, "UPDATE scans SET moved = moved + ?2, added = added - ?3 WHERE id = ?1");
        _updateScanCounts = new Statement(connection, """
            UPDATE scans SET state = 'Running', started_at = coalesce(started_at, ?2), listed = ?3, skipped = ?4, unchanged_folders = ?5, failed_folders = ?6,
              added = added + ?7, changed = changed + ?8, unknown = unknown + ?9 WHERE id = ?1
            """);
        _clearFolderTime = new Statement(connection, "UPDATE folders SET modified_at = NULL WHERE id = ?1 AND modified_at IS NOT NULL");
        _updateFileType = new Statement(connection, "UPDATE files SET role = ?2, media_type = ?3 WHERE id = ?1");
        _updateVersionLabel = new Statement(connection, "UPDATE media_versions SET label = ?2, confidence = ?3 WHERE id = ?1");
        _updateQuality = new Statement(connection, $"""
            UPDATE media_versions SET resolution = ?2, video_codec = ?3, audio_codec = ?4, audio_channels = ?5, hdr = ?6, overall_score = ?7
            WHERE id = ?1 AND quality_from = {(int)QualityOrigin.Name}
            """);
        _selectFileVersion = new Statement(connection, "SELECT version_id FROM files WHERE id = ?1");
        _nextFolder = ReadLastId(connection, "folders") + 1;
        _nextFile = ReadLastId(connection, "files") + 1;
        _nextVersion = ReadLastId(connection, "media_versions") + 1;
        _nextEvent = ReadLastId(connection, "file_events") + 1;
    }

    public PresenceSetIndex PresenceSets => _presenceSets;

    /// <summary>Merges and splits decided by users; read again after a change.</summary>
    private ItemMerges Merges
    {
        get
        {
            if (_items.HasNewIdentities)
            {
                _items.HasNewIdentities = false;
                _merges = ReferenceEquals(_merges, ItemMerges.None) ? _merges : null;
            }

            return _merges ??= ItemMergeRows.Load(_connection);
        }
    }

    /// <summary>Until <see cref="EndBulk"/>, items and the versions of several folders are found in memory, because their indexes are dropped.</summary>
    public void BeginBulk()
    {
        _items.BeginBulk();
        _versionsOfFolders = [];
        using var versions = new Statement(_connection, "SELECT item_id, identity, id FROM media_versions WHERE identity LIKE '%:%|%'");
        while (versions.Read())
        {
            _versionsOfFolders.TryAdd((versions.Int64(0), versions.Text(1)), versions.Int64(2));
        }
    }

    public void EndBulk()
    {
        _items.EndBulk();
        _versionsOfFolders = null;
    }

    public SavedCounts Save(ScanContext scan, IReadOnlyList<FolderChanges> changes, SeenCounts seen, long now)
    {
        var counts = new SavedCounts();
        if (changes is [{ IsContinuation: false }, ..])
        {
            _openVersions.Clear();
        }

        scan.FirstFileId ??= _nextFile;
        var inBatch = changes.Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            var folder = SaveFolder(scan, change);
            AddPendingFolders(scan, change, folder, inBatch);
            if (change.Error is not null)
            {
                _setFolderError.Bind(1, folder).Bind(2, change.Error).Run();
                counts = counts with { Unknown = counts.Unknown + MarkUnknown(scan, change.Known, now) };
                continue;
            }

            AddFiles(scan, folder, change, now);
            UpdateFiles(scan, change, now);
            RecordPendingDeletions(scan, change);
            counts = counts with
            {
                Added = counts.Added + change.Added.Count,
                Changed = counts.Changed + change.Changed.Count,
                NotFound = counts.NotFound + change.Absent.Count,
            };
        }

        _items.Flush(now);
        _presence.Flush(now);
        _updateScanCounts.Bind(1, scan.ScanId).Bind(2, scan.StartedAt).Bind(3, seen.Listed).Bind(4, seen.Skipped).Bind(5, seen.UnchangedFolders).Bind(6, seen.FailedFolders)
            .Bind(7, counts.Added).Bind(8, counts.Changed).Bind(9, counts.Unknown).Run();
        return counts;
    }

    /// <summary>Saves moves, one group at a time. Returns how many files moved, and how many of them had been added as new.</summary>
    public (long Moved, long Added) ApplyMoves(ScanContext scan, IEnumerable<IReadOnlyList<(long Lost, long Found)>> groups, long now)
    {
        using var batch = new MoveBatch(_connection, scan, _presence, now);
        var moved = 0L;
        var leftFolders = new HashSet<long>();
        foreach (var group in groups)
        {
            foreach (var (file, from, oldFolder) in batch.Apply(group))
            {
                AddEvent(file, scan.ScanId, FileEventKind.Moved, now, from);
                leftFolders.Add(oldFolder);
                moved++;
            }
        }

        _presence.Flush(now);
        _merges = null;      // items may have new names
        ResetEmptyFolders(leftFolders);
        _updateScanMoves.Bind(1, scan.ScanId).Bind(2, moved).Bind(3, batch.AddedByScan).Run();
        return (moved, batch.AddedByScan);
    }

    /// <summary>
    /// Saves the results of redetection: files get the items and versions that a scan would give them, and existing items and versions are kept
    /// where they are the same.
    /// </summary>
    /// <param name="batch">From <see cref="BeginRedetect"/>; shared by all file batches of one write.</param>
    public void Redetect(MoveBatch batch, StoredFileBatch fileBatch, DetectionChanges found, long now)
    {
        var scan = new ScanContext(0, fileBatch.SourceId, now, []);
        _openVersions.Clear();
        foreach (var (item, identity) in found.Identities)
        {
            _items.SetIdentity(item.Id, item.Kind, item.Identity, identity);
        }

        foreach (var (previous, file) in found.Reclassified)
        {
            _updateFileType.Bind(1, previous.Id).Bind(2, (long)file.Role).Bind(3, (long)file.Type).Run();
            AddEvent(previous.Id, null, FileEventKind.Redetected, now, $"{previous.Type.ToApiName()} → {file.Type.ToApiName()}");
        }

        foreach (var (copy, file) in found.Versions)
        {
            var quality = file.Quality!;
            _updateVersionLabel.Bind(1, copy.Id).Bind(2, file.Plan!.Label).Bind(3, file.Confidence).Run();
            _updateQuality.Bind(1, copy.Id).Bind(2, quality.Resolution).Bind(3, quality.Codec).Bind(4, quality.AudioCodec).Bind(5, quality.AudioChannels).Bind(6, quality.Hdr)
                .Bind(7, quality.OverallScore).Run();
        }

        foreach (var (previous, file) in found.Regrouped)
        {
            file.VersionId = file.Plan is { } plan ? SaveVersion(scan, fileBatch.FolderId, false, file, plan, file.Quality!).Version : null;
            AddEvent(previous.Id, null, found.IsManual ? FileEventKind.Placed : FileEventKind.Redetected, now, ItemDescription.DescribeChange(previous, file));
        }

        _items.Flush(now);
        batch.Redetect(found);
        _merges = null;
        ReattachSidecars(fileBatch, found);
        _presence.Flush(now);
    }

    /// <param name="firstItem">Items from this id on were created since the redetection began.</param>
    public MoveBatch BeginRedetect(long firstItem, long now) => new(_connection, new ScanContext(0, 0, now, []), _presence, now, firstItem);

    /// <summary>Creates the item of a version that was split off.</summary>
    public long CreateItem(ItemNode node, long now)
    {
        var item = _items.Resolve(node).Id;
        _items.Flush(now);
        return item;
    }

    /// <summary>Recounts items whose versions or parts a user changed, and records it in the files' histories.</summary>
    public void RecountItems(IReadOnlyCollection<long> items, IEnumerable<(long File, string Detail)> placed, long now)
    {
        _merges = null;
        foreach (var (file, detail) in placed)
        {
            AddEvent(file, null, FileEventKind.Placed, now, detail);
        }

        using var batch = BeginRedetect(long.MaxValue, now);
        batch.Recount(items);
        _presence.Flush(now);
    }

    /// <summary>Attaches sidecar files to the versions of their owners, wherever these are now.</summary>
    private void ReattachSidecars(StoredFileBatch fileBatch, DetectionChanges found)
    {
        var ids = found.ReattachedSidecars.Count == 0 ? [] : fileBatch.Files.ToDictionary(f => f.Name, f => f.Id, StringComparer.Ordinal);
        foreach (var (previous, file) in found.ReattachedSidecars)
        {
            long? version = null;
            if (file.Owner is { } owner && _selectFileVersion.Bind(1, ids[owner.Entry.Name]).Read())
            {
                version = _selectFileVersion.Int64OrNull(0);
                _selectFileVersion.Reset();
            }

            _updateFileType.Bind(1, previous.Id).Bind(2, (long)file.Role).Bind(3, (long)file.Type).Run();
            _attachFile.Bind(1, previous.Id).Bind(2, version).Run();
        }
    }

    /// <summary>Sets the presence of files and of everything above them, and records it in the files' histories.</summary>
    public void SetPresence(IReadOnlyList<long> files, Presence presence, long? scanId, long now)
    {
        var kind = presence == Presence.Retired ? FileEventKind.Retired : FileEventKind.Missing;
        foreach (var file in files)
        {
            _presence.SetFilePresence(file, presence);
            AddEvent(file, scanId, kind, now, null);
        }

        _presence.Flush(now);
        ResetEmptyFoldersOf(files);
    }

    /// <summary>
    /// Marks folders without live files as never listed: if such a folder is missing, it is not reported again; if it exists, it is listed again.
    /// </summary>
    private void ResetEmptyFoldersOf(IEnumerable<long> files)
    {
        var folders = new HashSet<long>();
        foreach (var file in files)
        {
            if (_selectFolder.Bind(1, file).Read())
            {
                folders.Add(_selectFolder.Int64(0));
                _selectFolder.Reset();
            }
        }

        ResetEmptyFolders(folders);
    }

    private void ResetEmptyFolders(IEnumerable<long> folders)
    {
        foreach (var folder in folders)
        {
            _resetEmptyFolder.Bind(1, folder).Run();
        }
    }

    public void Dispose()
    {
        _items.Dispose();
        _presence.Dispose();
        _presenceSets.Dispose();
        foreach (var statement in (ReadOnlySpan<Statement>)
            [
                _insertFolder, _updateFolder, _setFolderError, _resetEmptyFolder, _clearFolderTime, _selectFolder, _updateScanCounts, _updateScanMoves, _insertFile, _changeFile, _attachFile, _restoreFile,
                _insertVersion, _findVersion, _addVersionSize, _insertEvent, _addPendingDeletion, _addPendingDeletions, _selectPresentFiles,
                _updateFileType, _updateVersionLabel, _updateQuality, _selectFileVersion,
            ])
        {
            statement.Dispose();
        }
    }

    private static long ReadLastId(SqliteConnection connection, string table)
    {
        using var last = new Statement(connection, $"SELECT coalesce(max(id), 0) FROM {table}");
        last.Read();
        return last.Int64(0);
    }

    /// <summary>Inserts or updates the folder's row. A folder with pending deletions is not settled: a quick scan lists it again.</summary>
    private long SaveFolder(ScanContext scan, FolderChanges change)
    {
        var isSettled = change is { Error: null, IsPartial: false } && change.Absent.Count + change.AbsentFolders.Count == 0;
        long? modifiedAt = isSettled ? change.ModifiedAt : null;
        long? listedAt = change is { Error: null, IsPartial: false } ? change.ListedAt : null;
        if ((change.Known?.Id ?? scan.FolderIds.GetValueOrDefault(change.Path)) is > 0 and var known)
        {
            scan.FolderIds[change.Path] = known;
            if (change.Error is null)
            {
                _updateFolder.Bind(1, known).Bind(2, modifiedAt).Bind(3, listedAt).Bind(4, scan.ScanId).Run();
            }

            return known;
        }

        var slash = change.Path.LastIndexOf('/');
        long? parent = change.Path.Length == 0 ? null : scan.FolderIds.GetValueOrDefault(slash < 0 ? "" : change.Path[..slash]);
        return InsertFolder(scan, parent, change.Path, modifiedAt, listedAt);
    }

    private long InsertFolder(ScanContext scan, long? parent, string path, long? modifiedAt, long? listedAt)
    {
        var id = _nextFolder++;
        _insertFolder.Bind(1, id).Bind(2, scan.SourceId).Bind(3, parent).Bind(4, path).Bind(5, modifiedAt).Bind(6, listedAt).Bind(7, listedAt is null ? (long?)null : scan.ScanId).Run();
        scan.FolderIds[path] = id;
        return id;
    }

    /// <summary>
    /// Inserts rows for new subfolders that will be saved later: a scan resumed after an interruption then finds them even if it does not list
    /// this folder again.
    /// </summary>
    private void AddPendingFolders(ScanContext scan, FolderChanges change, long folder, HashSet<string> inBatch)
    {
        var known = change.Subfolders.Count == 0 ? null : change.Known?.Children.Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in change.Subfolders)
        {
            if (known?.Contains(path) != true && !inBatch.Contains(path) && !scan.FolderIds.ContainsKey(path))
            {
                InsertFolder(scan, folder, path, null, null);
            }
        }
    }

    private void AddFiles(ScanContext scan, long folder, FolderChanges change, long now)
    {
        List<OwnerFile>? owners = NeedsItems(change) ? [] : null;
        foreach (var file in change.Added)
        {
            if (file.Plan is { } plan)
            {
                (file.VersionId, var item) = SaveVersion(scan, folder, change is { Known: null, IsContinuation: false }, file, plan, file.Quality!);
                if (file.Role is FileRole.Media or FileRole.FolderPart)
                {
                    owners?.Add(new OwnerFile(FileRoles.GetOwnerStem(file.Entry.Name), file.VersionId.Value, item.ToOwner()));
                }
            }
        }

        AssignSidecars(change, owners);
        foreach (var file in change.Added)
        {
            var id = _nextFile++;
            var entry = file.Entry;
            _insertFile.Bind(1, id).Bind(2, scan.SourceId).Bind(3, folder).Bind(4, entry.Name).Bind(5, entry.Size).Bind(6, entry.ModifiedAt).Bind(7, entry.SystemId)
                .Bind(8, (long)file.Role).Bind(9, (long)file.Type).Bind(10, file.VersionId ?? file.Owner?.VersionId).Bind(11, now).Bind(12, file.ItemId).Run();
        }
    }

    /// <summary>Whether a new folder has sidecars of unknown owners: most belong to the items of the same folder, so that few are left for the end of the scan.</summary>
    private static bool NeedsItems(FolderChanges change) =>
        change is { Known: null, IsPartial: false, IsContinuation: false } && change.Added.Exists(f => f is { Role: FileRole.Sidecar, VersionId: null, Owner: null });

    private static void AssignSidecars(FolderChanges change, List<OwnerFile>? files)
    {
        if (files is not { Count: > 0 })
        {
            return;
        }

        var owners = new FolderOwners(change.Path[(change.Path.LastIndexOf('/') + 1)..], files);
        foreach (var sidecar in change.Added)
        {
            if (sidecar is { Role: FileRole.Sidecar, VersionId: null, Owner: null } && owners.Find(sidecar.Entry.Name, byFolder: true) is { } owner)
            {
                (sidecar.VersionId, sidecar.ItemId) = (owner.VersionId, owner.ItemId);
            }
        }
    }

    private (long Version, ItemDraft Item) SaveVersion(ScanContext scan, long folder, bool isNewFolder, AddedFile file, ItemPlan plan, QualityMetrics quality)
    {
        var item = _items.Resolve(Merges.Map(plan, null, _items.HasItem).Leaf);
        var identity = plan.GetVersionIdentity(scan.SourceId, folder);
        var isOfFolders = plan.VersionFolder is not null;
        if (identity is not null && FindVersion(item, identity, isOfFolders, isNewFolder) is { } existing)
        {
            _addVersionSize.Bind(1, existing).Bind(2, quality.FileSize).Run();
            ItemBatch.MarkChanged(item);
            return (existing, item);
        }

        var id = _nextVersion++;
        _insertVersion.Bind(1, id).Bind(2, item.Id).Bind(3, scan.SourceId).Bind(4, identity)
            .Bind(5, quality.Resolution).Bind(6, quality.Codec).Bind(7, quality.AudioCodec).Bind(8, quality.AudioChannels).Bind(9, quality.Hdr)
            .Bind(10, quality.OverallScore).Bind(11, plan.Label).Bind(12, quality.FileSize).Bind(13, file.Confidence).Run();
        if (identity is not null)
        {
            _openVersions[(item.Id, identity)] = id;
            if (isOfFolders)
            {
                _versionsOfFolders?.TryAdd((item.Id, identity), id);
            }
        }

        _items.AddVersion(item, scan.SourceId, quality);
        return (id, item);
    }

    private long? FindVersion(ItemDraft item, string identity, bool isOfFolders, bool isNewFolder)
    {
        if (_openVersions.TryGetValue((item.Id, identity), out var open))
        {
            return open;
        }

        // No file of a version in one folder can have been saved before its folder.
        if (item.IsNew || (isNewFolder && !isOfFolders))
        {
            return null;
        }

        if (isOfFolders && _versionsOfFolders is not null)
        {
            return _versionsOfFolders.TryGetValue((item.Id, identity), out var known) ? known : null;
        }

        if (!_findVersion.Bind(1, item.Id).Bind(2, identity).Read())
        {
            return null;
        }

        var id = _findVersion.Int64(0);
        _findVersion.Reset();
        return id;
    }

    private void UpdateFiles(ScanContext scan, FolderChanges change, long now)
    {
        foreach (var (previous, entry) in change.Changed)
        {
            _changeFile.Bind(1, previous.Id).Bind(2, entry.Size).Bind(3, entry.ModifiedAt).Bind(4, entry.SystemId).Run();
            if (previous.VersionId is { } version && previous.Role != FileRole.Sidecar && previous.Size != entry.Size)
            {
                _addVersionSize.Bind(1, version).Bind(2, entry.Size - previous.Size).Run();
            }

            _presence.MarkFile(previous.Id, previous.Presence, Presence.Present);
            AddEvent(previous.Id, scan.ScanId, FileEventKind.Changed, now, string.Create(CultureInfo.InvariantCulture, $"{previous.Size} → {entry.Size} bytes"));
        }

        foreach (var previous in change.Returned)
        {
            _restoreFile.Bind(1, previous.Id).Run();
            _presence.MarkFile(previous.Id, previous.Presence, Presence.Present);
            AddEvent(previous.Id, scan.ScanId, FileEventKind.Returned, now, null);
        }

        foreach (var (file, owner) in change.AttachedSidecars)
        {
            _attachFile.Bind(1, file).Bind(2, owner.VersionId).Run();
        }
    }

    private void RecordPendingDeletions(ScanContext scan, FolderChanges change)
    {
        foreach (var file in change.Absent)
        {
            _addPendingDeletion.Bind(1, scan.ScanId).Bind(2, file).Run();
        }

        foreach (var folder in change.AbsentFolders.SelectMany(f => f.GetSelfAndDescendants()))
        {
            _addPendingDeletions.Bind(1, scan.ScanId).Bind(2, folder.Id).Run();
            _clearFolderTime.Bind(1, folder.Id).Run();     // it may return with the same time and must be listed then
            _resetEmptyFolder.Bind(1, folder.Id).Run();
        }
    }

    /// <summary>
    /// Marks the files below an unreadable folder as unknown. Clears the folder times as well: unchanged times below it do not show whether the
    /// folders can be read again.
    /// </summary>
    private int MarkUnknown(ScanContext scan, KnownFolder? known, long now)
    {
        var unknownFiles = new List<long>();
        foreach (var folder in known?.GetSelfAndDescendants() ?? [])
        {
            _clearFolderTime.Bind(1, folder.Id).Run();
            _selectPresentFiles.Bind(1, folder.Id);
            while (_selectPresentFiles.Read())
            {
                unknownFiles.Add(_selectPresentFiles.Int64(0));
            }
        }

        foreach (var file in unknownFiles)
        {
            _presence.SetFilePresence(file, Presence.Unknown);
            AddEvent(file, scan.ScanId, FileEventKind.Unknown, now, null);
        }

        return unknownFiles.Count;
    }

    private void AddEvent(long file, long? scan, FileEventKind kind, long now, string? detail) =>
        _insertEvent.Bind(1, _nextEvent++).Bind(2, file).Bind(3, scan).Bind(4, (long)kind).Bind(5, now).Bind(6, detail).Run();
}
