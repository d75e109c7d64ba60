using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Reads and writes the catalogue for scans, with prepared statements.</summary>
internal sealed class ScanStore(SqliteFile file, WriterQueue writer, TimeProvider time) : IScanStore, IDisposable
{
    private const int DeletionBatchSize = 2000;
    private const int MoveBatchSize = 1000;
    private const long SmallCatalogFiles = 5000;

    /// <summary>WAL pages before an automatic checkpoint, and cached pages in KiB: while a scan writes, and otherwise.</summary>
    private const string ScanPragmas = "PRAGMA wal_autocheckpoint = 32000; PRAGMA cache_size = -64000";
    private const string DefaultPragmas = "PRAGMA wal_autocheckpoint = 1000; PRAGMA cache_size = -16000";

    /// <summary>The scan ?1 of source ?2, and the scans before it that ended early since the last complete one.</summary>
    private const string SinceLastCompleteSql = """
        FROM scans WHERE source_id = ?2 AND id <= ?1
          AND id > (SELECT coalesce(max(id), 0) FROM scans WHERE source_id = ?2 AND id < ?1 AND state IN ('Completed', 'Held'))
        """;

    private const string TopFolderSql = "CASE d.path WHEN '' THEN '' ELSE substr(d.path, 1, instr(d.path || '/', '/') - 1) END";

    private readonly HashSet<long> _savingScans = [];
    private CatalogWriter? _catalog;
    private volatile bool _isStale;

    public bool IsBeingRead => file.IsBeingRead;

    public Task<IReadOnlyDictionary<string, KnownFolder>> FoldersAsync(long sourceId, CancellationToken cancellation) =>
        Task.Run<IReadOnlyDictionary<string, KnownFolder>>(() => ReadFolders(sourceId), cancellation);

    public IKnownFileReader OpenKnownFileReader() => new KnownFileReader(file.OpenConnection(readOnly: true));

    public Task<bool> IsFirstScanAsync(long sourceId, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var connection = file.OpenConnection(readOnly: true);
            using var others = new Statement(connection, """
                SELECT coalesce(sum(files), 0), EXISTS (SELECT 1 FROM scans WHERE source_id = ?1 AND state IN ('Completed', 'Held')) FROM file_counts WHERE source_id <> ?1
                """);
            others.Bind(1, sourceId).Read();
            return others.Int64(0) < SmallCatalogFiles && others.Int64(1) == 0;
        },
        cancellation);

    public Task BeginBulkLoadAsync(CancellationToken cancellation) => WriteAsync(
        (connection, catalog) =>
        {
            DeferredIndexes.Suspend(connection);
            catalog.BeginBulk();
        },
        cancellation);

    public Task CatchUpIndexesAsync(CancellationToken cancellation) => WriteAsync((connection, _) => DeferredIndexes.CatchUp(connection), cancellation);

    public async Task EndBulkLoadAsync(CancellationToken cancellation)
    {
        if (!await writer.RunAsync(DeferredIndexes.IsSuspended, durable: false, cancellation))
        {
            return;
        }

        await WriteAsync((connection, _) => DeferredIndexes.CatchUp(connection), cancellation);
        while (await writer.RunAsync(DeferredIndexes.BuildNext, durable: false, cancellation))
        {
        }

        await WriteAsync(
            (connection, catalog) =>
            {
                DeferredIndexes.Resume(connection);
                catalog.EndBulk();
            },
            cancellation);
    }

    public Task<SavedCounts> SaveAsync(ScanContext scan, IReadOnlyList<FolderChanges> changes, SeenCounts seen, CancellationToken cancellation) =>
        WriteAsync(
            (connection, catalog) =>
            {
                if (_savingScans.Add(scan.ScanId))
                {
                    SqlCipher.Execute(connection, ScanPragmas);
                }

                return catalog.Save(scan, changes, seen, GetTimestamp(scan));
            },
            cancellation);

    public async Task<(long Moved, long Added)> ApplyMovesAsync(ScanContext scan, CancellationToken cancellation)
    {
        var groups = await Task.Run(() => FindMoveGroups(scan), cancellation);
        var (moved, added) = (0L, 0L);
        for (var start = 0; start < groups.Count;)
        {
            var batch = new List<List<(long Lost, long Found)>>();
            for (var pairs = 0; start < groups.Count && pairs < MoveBatchSize; start++)
            {
                batch.Add(groups[start]);
                pairs += groups[start].Count;
            }

            var saved = await WriteAsync((_, catalog) => catalog.ApplyMoves(scan, batch, GetTimestamp(scan)), cancellation);
            (moved, added) = (moved + saved.Moved, added + saved.Added);
        }

        return (moved, added);
    }

    public Task<bool> IsBelowDeletionLimitAsync(long scanId, long sourceId, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var connection = file.OpenConnection(readOnly: true);
            return IsBelowDeletionLimit(connection, scanId, sourceId);
        },
        cancellation);

    public Task<bool> AreHeldFilesStillMissingAsync(long scanId, long sourceId, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var connection = file.OpenConnection(readOnly: true);
            using var held = new Statement(connection, """
                SELECT 1 FROM scans s WHERE s.source_id = ?2 AND s.id < ?1 AND s.state = 'Held' AND (SELECT count(*) FROM scan_losses h WHERE h.scan_id = s.id)
                  < 2 * (SELECT count(*) FROM scan_losses h JOIN scan_losses l ON l.scan_id = ?1 AND l.file_id = h.file_id WHERE h.scan_id = s.id)
                """);
            return held.Bind(1, scanId).Bind(2, sourceId).Read();
        },
        cancellation);

    public Task<IReadOnlyList<TopFolder>> PendingDeletionsByTopFolderAsync(long scanId, long sourceId, CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<TopFolder>>(() => ReadDeletionsByTopFolder(scanId, sourceId), cancellation);

    public Task<IReadOnlyList<string>> PendingDeletionPathsAsync(long scanId, int limit, CancellationToken cancellation) => Task.Run<IReadOnlyList<string>>(
        () =>
        {
            using var connection = file.OpenConnection(readOnly: true);
            using var paths = new Statement(connection, $"""
                SELECT {FilePath.Sql}
                FROM scan_losses l JOIN files f ON f.id = l.file_id JOIN folders d ON d.id = f.folder_id WHERE l.scan_id = ?1 LIMIT ?2
                """);
            paths.Bind(1, scanId).Bind(2, (long)limit);
            var sample = new List<string>();
            while (paths.Read())
            {
                sample.Add(paths.Text(0));
            }

            return sample;
        },
        cancellation);

    public async Task<long> ApplyDeletionsAsync(long scanId, Presence presence, CancellationToken cancellation)
    {
        var applied = 0L;
        while (true)
        {
            var batch = await WriteAsync((connection, catalog) => ApplyDeletions(connection, catalog, scanId, presence), cancellation);
            applied += batch;
            if (batch == 0)
            {
                return applied;
            }
        }
    }

    public async Task EndScanAsync(long scanId, long sourceId, CancellationToken cancellation)
    {
        await ClearPendingDeletionsAsync(sourceId, cancellation);
        await WriteAsync(
            (connection, _) =>
            {
                if (_savingScans.Remove(scanId) && _savingScans.Count == 0)
                {
                    SqlCipher.Execute(connection, DefaultPragmas);
                }
            },
            cancellation);
        await Task.Run(
            () =>
            {
                // Checkpoint here, on a connection that nothing waits for, and not with the next edit.
                using var connection = file.OpenConnection();
                lock (file.CheckpointLock)
                {
                    SqlCipher.Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
                }
            },
            cancellation);
    }

    public Task ClearPendingDeletionsAsync(long sourceId, CancellationToken cancellation) => WriteAsync(
        (connection, _) =>
        {
            using var delete = new Statement(connection, "DELETE FROM scan_losses WHERE scan_id IN (SELECT id FROM scans WHERE source_id = ?1 AND state <> 'Held')");
            delete.Bind(1, sourceId).Run();
        },
        cancellation);

    public void Dispose() => writer.DisposeAfterBatch(_catalog);

    private List<List<(long Lost, long Found)>> FindMoveGroups(ScanContext scan)
    {
        if (scan.FirstFileId is null)
        {
            return [];
        }

        using var connection = file.OpenConnection(readOnly: true);
        return new MoveCandidateReader(connection, scan).FindGroups();
    }

    /// <summary>After the totals, checks only top folders with pending deletions, and each only for one file that stays.</summary>
    private static bool IsBelowDeletionLimit(SqliteConnection connection, long scanId, long sourceId)
    {
        using var counts = new Statement(connection, $"""
            SELECT (SELECT count(*) FROM scan_losses WHERE scan_id = ?1), (SELECT coalesce(sum(files), 0) FROM file_counts WHERE source_id = ?2 AND presence IN (0, 1)),
              (SELECT max(sum(added), 0) {SinceLastCompleteSql})
            """);
        counts.Bind(1, scanId).Bind(2, sourceId).Read();
        var (lost, known, added) = (counts.Int64(0), counts.Int64(1), counts.Int64(2));
        counts.Reset();
        if (lost > DeletionGuard.MaxDeletions(known - added) || (lost > 0 && lost >= known - added))
        {
            return false;
        }

        using var topFolders = new Statement(connection, $"""
            SELECT DISTINCT {TopFolderSql} FROM scan_losses l JOIN files f ON f.id = l.file_id JOIN folders d ON d.id = f.folder_id WHERE l.scan_id = ?1
            """);
        using var remaining = new Statement(connection, """
            SELECT 1 FROM folders d JOIN files f ON f.folder_id = d.id
            WHERE d.source_id = ?2 AND (d.path = ?3 OR (?3 <> '' AND d.path > ?3 || '/' AND d.path < ?3 || '0')) AND f.presence IN (0, 1)
              AND NOT EXISTS (SELECT 1 FROM scan_losses l WHERE l.scan_id = ?1 AND l.file_id = f.id) LIMIT 1
            """);
        topFolders.Bind(1, scanId);
        while (topFolders.Read())
        {
            var hasRemaining = remaining.Bind(1, scanId).Bind(2, sourceId).Bind(3, topFolders.Text(0)).Read();
            remaining.Reset();
            if (!hasRemaining)
            {
                return false;
            }
        }

        return true;
    }

    private long ApplyDeletions(SqliteConnection connection, CatalogWriter catalog, long scanId, Presence presence)
    {
        using var pending = new Statement(connection, "SELECT l.file_id FROM scan_losses l WHERE l.scan_id = ?1 LIMIT ?2");
        pending.Bind(1, scanId).Bind(2, (long)DeletionBatchSize);
        var files = new List<long>();
        while (pending.Read())
        {
            files.Add(pending.Int64(0));
        }

        using var delete = new Statement(connection, "DELETE FROM scan_losses WHERE scan_id = ?1 AND file_id = ?2");
        foreach (var lost in files)
        {
            delete.Bind(1, scanId).Bind(2, lost).Run();
        }

        catalog.SetPresence(files, presence, scanId, GetTimestamp());
        return files.Count;
    }

    private Dictionary<string, KnownFolder> ReadFolders(long sourceId)
    {
        using var connection = file.OpenConnection(readOnly: true);
        using var rows = new Statement(connection, "SELECT id, path, modified_at, listed_at, error IS NOT NULL, parent_id FROM folders WHERE source_id = ?1");
        var folders = new Dictionary<string, KnownFolder>(StringComparer.Ordinal);
        var byId = new Dictionary<long, KnownFolder>();
        var parents = new List<(KnownFolder Folder, long Parent)>();
        rows.Bind(1, sourceId);
        while (rows.Read())
        {
            var folder = new KnownFolder(rows.Int64(0), rows.Text(1), rows.Int64OrNull(2), rows.Int64OrNull(3), rows.Int64(4) == 1);
            folders.Add(folder.Path, folder);
            byId.Add(folder.Id, folder);
            if (rows.Int64OrNull(5) is { } parent)
            {
                parents.Add((folder, parent));
            }
        }

        foreach (var (folder, parent) in parents)
        {
            byId.GetValueOrDefault(parent)?.Children.Add(folder);
        }

        return folders;
    }

    private List<TopFolder> ReadDeletionsByTopFolder(long scanId, long sourceId)
    {
        using var connection = file.OpenConnection(readOnly: true);
        using var any = new Statement(connection, "SELECT 1 FROM scan_losses WHERE scan_id = ?1 LIMIT 1");
        if (!any.Bind(1, scanId).Read())
        {
            return [];
        }

        any.Reset();
        using var rows = new Statement(connection, $"""
            SELECT {TopFolderSql} AS top,
              count(*), count(l.file_id), count(*) FILTER (WHERE f.first_seen_at >= (SELECT min(coalesce(started_at, requested_at)) {SinceLastCompleteSql}))
            FROM files f JOIN folders d ON d.id = f.folder_id LEFT JOIN scan_losses l ON l.scan_id = ?1 AND l.file_id = f.id
            WHERE d.source_id = ?2 AND f.presence IN (0, 1) GROUP BY top
            """);
        rows.Bind(1, scanId).Bind(2, sourceId);
        var topFolders = new List<TopFolder>();
        while (rows.Read())
        {
            topFolders.Add(new TopFolder(rows.Text(0), rows.Int64(1), rows.Int64(2), rows.Int64(3)));
        }

        return topFolders;
    }

    /// <summary>Runs a batch in the writer queue with the catalogue writer, which caches ids and items.</summary>
    internal Task<T> WriteAsync<T>(Func<SqliteConnection, CatalogWriter, T> batch, CancellationToken cancellation) => WriteAsync(batch, durable: false, cancellation);

    /// <param name="durable">Whether it must survive a power cut, as users' decisions must.</param>
    internal async Task<T> WriteAsync<T>(Func<SqliteConnection, CatalogWriter, T> batch, bool durable, CancellationToken cancellation)
    {
        try
        {
            return await writer.RunAsync(connection => batch(connection, GetWriter(connection)), durable, cancellation);
        }
        catch
        {
            // Rolled back: the ids and items that the catalogue writer caches may belong to rows that no longer exist.
            _isStale = true;
            throw;
        }
    }

    /// <summary>Runs a batch that changes what the catalogue writer caches, which is read again afterwards.</summary>
    internal Task<T> WriteAndReloadAsync<T>(Func<SqliteConnection, T> batch, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            _isStale = true;
            return batch(connection);
        },
        durable: true,
        cancellation);

    private Task<bool> WriteAsync(Action<SqliteConnection, CatalogWriter> batch, CancellationToken cancellation) => WriteAsync(
        (connection, catalog) =>
        {
            batch(connection, catalog);
            return true;
        },
        cancellation);

    private CatalogWriter GetWriter(SqliteConnection connection)
    {
        if (_isStale)
        {
            _catalog?.Dispose();
            (_catalog, _isStale) = (null, false);
        }

        return _catalog ??= new CatalogWriter(connection);
    }

    /// <summary>The current time, or the scan's start if the clock was set back since: what a scan adds is never older than the scan.</summary>
    private long GetTimestamp(ScanContext scan) => Math.Max(GetTimestamp(), scan.StartedAt);

    private long GetTimestamp() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed class KnownFileReader : IKnownFileReader
    {
        private readonly SqliteConnection _connection;
        private readonly Statement _files;
        private readonly Statement _folder;
        private readonly Statement _children;

        public KnownFileReader(SqliteConnection connection)
        {
            _connection = connection;
            _folder = new Statement(connection, "SELECT id, path, modified_at, listed_at, error IS NOT NULL FROM folders WHERE source_id = ?1 AND path = ?2");
            _children = new Statement(connection, "SELECT id, path, modified_at, listed_at, error IS NOT NULL FROM folders WHERE parent_id = ?1");
            _files = new Statement(connection, "SELECT id, name, size, modified_at, presence, role, version_id FROM files WHERE folder_id = ?1 ORDER BY name");
        }

        public IReadOnlyList<KnownFile> GetFiles(KnownFolder folder)
        {
            var files = new List<KnownFile>();
            _files.Bind(1, folder.Id);
            while (_files.Read())
            {
                files.Add(new KnownFile(
                    _files.Int64(0), _files.Text(1), _files.Int64(2), _files.Int64(3), (Presence)_files.Int32(4), (FileRole)_files.Int32(5), _files.Int64OrNull(6)));
            }

            return files;
        }

        private static KnownFolder ReadFolder(Statement rows) => new(rows.Int64(0), rows.Text(1), rows.Int64OrNull(2), rows.Int64OrNull(3), rows.Int64(4) == 1);

        private void ReadChildren(KnownFolder folder)
        {
            _children.Bind(1, folder.Id);
            while (_children.Read())
            {
                folder.Children.Add(ReadFolder(_children));
            }
        }

        public KnownFolder? FindFolder(long sourceId, string path)
        {
            if (!_folder.Bind(1, sourceId).Bind(2, path).Read())
            {
                return null;
            }

            var folder = ReadFolder(_folder);
            _folder.Reset();
            ReadChildren(folder);
            return folder;
        }

        public void LoadSubfolders(KnownFolder folder)
        {
            var open = new Stack<KnownFolder>([folder]);
            while (open.TryPop(out var next))
            {
                if (next.Children.Count == 0)
                {
                    ReadChildren(next);
                }

                next.Children.ForEach(open.Push);
            }
        }

        public void Dispose()
        {
            _files.Dispose();
            _folder.Dispose();
            _children.Dispose();
            _connection.Dispose();
        }
    }
}
