using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage;

/// <summary>Contents of a verified backup.</summary>
/// <param name="Rows">Row count of each table.</param>
public sealed record BackupReport(string Path, long Bytes, DateTimeOffset MadeAt, IReadOnlyDictionary<string, long> Rows)
{
    public long Files => Rows.GetValueOrDefault("files");

    public long Items => Rows.GetValueOrDefault("media_items");

    public long Users => Rows.GetValueOrDefault("users");
}

/// <summary>
/// Makes backups: encrypted files with the catalogue as of one moment and the jobs' schedules, but without the key. A backup that fails
/// verification is deleted. The catalogue stays in use while one is made.
/// </summary>
public sealed class CatalogBackup
{
    private readonly DataDirectory _data;
    private readonly string _passphrase;
    private readonly TimeProvider _time;

    internal CatalogBackup(DataDirectory data, string passphrase, TimeProvider time) => (_data, _passphrase, _time) = (data, passphrase, time);

    /// <summary>Opens the catalogue for a process other than the server.</summary>
    /// <exception cref="StartupException">There is no catalogue.</exception>
    public static CatalogBackup Open(DataDirectory data, string passphrase)
    {
        if (!File.Exists(data.Database))
        {
            throw new StartupException($"There is no catalogue in {data.Path} yet.");
        }

        return new CatalogBackup(data, passphrase, TimeProvider.System);
    }

    /// <summary>Writes a backup and verifies it. It replaces an older backup at that path at the end, but no other file.</summary>
    public Task<Result<BackupReport>> WriteAsync(string path, CancellationToken cancellation) => Task.Run(() => Write(Path.GetFullPath(path), cancellation), cancellation);

    private Result<BackupReport> Write(string path, CancellationToken cancellation)
    {
        if (Path.GetDirectoryName(path) == Path.TrimEndingDirectorySeparator(_data.Path) && Path.GetFileName(path).StartsWith("catalogizer", StringComparison.Ordinal))
        {
            return new InvalidError("file", $"{path} is the catalogue's own place. Name another file.");
        }

        if (Directory.Exists(path) || (File.Exists(path) && BackupFile.Read(path, _passphrase).Error is not null))
        {
            return new InvalidError("file", $"There is something else at {path}, which is left alone. Name another file.");
        }

        var partPath = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            BackupFile.Write(_data.Database, ExportJobs(partPath, cancellation), partPath, _passphrase, _time.GetUtcNow(), cancellation);
            var report = BackupFile.Verify(partPath, _passphrase);
            if (report.IsOk)
            {
                File.Move(partPath, path, overwrite: true);
                _data.RecordBackup(path);
                return report.Value with { Path = path };
            }

            return report;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            return new InvalidError("file", $"The backup could not be written to {path}: {BackupFile.DescribeFailure(exception)} The catalogue is as it was.");
        }
        finally
        {
            DatabaseCopy.DeleteIfExists(partPath);
        }
    }

    private byte[]? ExportJobs(string partPath, CancellationToken cancellation)
    {
        if (!File.Exists(_data.JobsDatabase))
        {
            return null;
        }

        var jobs = partPath + ".jobs";
        try
        {
            DatabaseCopy.Write(_data.JobsDatabase, _passphrase, jobs, _passphrase, cancellation);
            return File.ReadAllBytes(jobs);
        }
        finally
        {
            DatabaseCopy.DeleteIfExists(jobs);
        }
    }

    /// <summary>
    /// Replaces the catalogue with a backup after verifying it. The lock must be held. Sessions from the time of the backup are revoked.
    /// </summary>
    /// <returns>The report, and the folder with the previous files; null when there were none.</returns>
    public static async Task<Result<(BackupReport Report, string? Aside)>> RestoreAsync(DataDirectory data, string passphrase, string path, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            return new InvalidError("file", $"There is no file at {path}.");
        }

        try
        {
            using var replacement = FileReplacement.Begin(data, DateTimeOffset.UtcNow);
            var database = replacement.GetStagingPath(data.Database);
            await CopyAsync(path, database, cancellation);
            var report = await Task.Run(() => BackupFile.Verify(database, passphrase, displayName: path), cancellation);
            if (report.Error is { } error)
            {
                return error;
            }

            BackupFile.Unpack(database, replacement.GetStagingPath(data.JobsDatabase), passphrase);
            var hadCatalog = File.Exists(data.Database);
            replacement.Commit();
            data.RecordBackup(path);
            return (report.Value, hadCatalog ? replacement.PreviousFolder : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            return new InvalidError("file", $"{path} could not be restored: {BackupFile.DescribeFailure(exception)} The catalogue is as it was.");
        }
    }

    private static async Task CopyAsync(string from, string to, CancellationToken cancellation)
    {
        await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using var target = new FileStream(to, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await source.CopyToAsync(target, cancellation);
        target.Flush(flushToDisk: true);
    }
}
