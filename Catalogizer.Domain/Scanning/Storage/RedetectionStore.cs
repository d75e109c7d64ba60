using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Saves redetections with the catalogue writer of the scans.</summary>
internal sealed class RedetectionStore(SqliteFile file, ScanStore scans, TimeProvider time) : IRedetectionStore
{
    /// <summary>Maximum number of files regrouped in one write.</summary>
    private const int MaxRegrouped = 200;

    private const string VersionKey = "detector.version";
    private const string RunKey = "detector.run";

    public bool IsBeingRead => file.IsBeingRead;

    public Task<RedetectionState> StateAsync(CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var connection = file.OpenConnection(readOnly: true);
            var version = ReadSetting(connection, VersionKey);
            var run = ReadSetting(connection, RunKey);
            using var counts = new Statement(connection, $"SELECT c.source_id, sum(c.files) FROM file_counts c JOIN sources s ON s.id = c.source_id AND {SourceRows.IsInCatalog("s")} GROUP BY 1");
            var files = new Dictionary<long, long>();
            while (counts.Read())
            {
                files.Add(counts.Int64(0), counts.Int64(1));
            }

            using var last = new Statement(connection, "SELECT coalesce(max(id), 0) + 1 FROM media_items");
            last.Read();
            return new RedetectionState(
                int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
                run is null ? null : JsonSerializer.Deserialize<RedetectionRun>(run), files, last.Int64(0));
        },
        cancellation);

    public Task RecordVersionAsync(int version, CancellationToken cancellation) => scans.WriteAsync(
        (connection, _) =>
        {
            SaveSetting(connection, VersionKey, version.ToString(CultureInfo.InvariantCulture));
            SaveSetting(connection, RunKey, null);
            return true;
        },
        cancellation);

    public IStoredFileReader OpenFileReader() => new StoredFileReader(file.OpenConnection(readOnly: true), ownsConnection: true);

    public Task<IReadOnlyList<StoredFileBatch>> SaveAsync(
        IReadOnlyList<StoredFileBatch> fileBatches, Func<StoredFileBatch, IStoredFileReader, DetectionChanges> compare, long firstItem, RedetectionRun? run, CancellationToken cancellation) => scans.WriteAsync(
            (connection, catalog) =>
            {
                using var stored = new StoredFileReader(connection, ownsConnection: false);
                var left = new List<StoredFileBatch>();
                var (remaining, now) = (MaxRegrouped, time.GetUtcNow().ToUnixTimeMilliseconds());
                using var batch = catalog.BeginRedetect(firstItem, now);
                foreach (var fileBatch in fileBatches)
                {
                    if (remaining <= 0 || stored.Reload(fileBatch) is not { } current)
                    {
                        left.AddRange(remaining <= 0 ? [fileBatch] : []);
                        continue;
                    }

                    var found = compare(current, stored);
                    if (found.Trim(remaining))
                    {
                        left.Add(fileBatch);
                    }

                    remaining -= found.Regrouped.Count;
                    if (found.HasChanges)
                    {
                        catalog.Redetect(batch, current, found, now);
                    }
                }

                if (run is not null && left.Count == 0)
                {
                    SaveSetting(connection, RunKey, JsonSerializer.Serialize(run));
                }

                return (IReadOnlyList<StoredFileBatch>)left;
            },
            cancellation);

    private static string? ReadSetting(SqliteConnection connection, string key)
    {
        using var row = new Statement(connection, "SELECT value FROM settings WHERE key = ?1");
        return row.Bind(1, key).Read() ? row.TextOrNull(0) : null;
    }

    private static void SaveSetting(SqliteConnection connection, string key, string? value)
    {
        using var row = new Statement(connection, value is null ? "DELETE FROM settings WHERE key = ?1" : "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)");
        row.Bind(1, key);
        if (value is not null)
        {
            row.Bind(2, value);
        }

        row.Run();
    }
}
