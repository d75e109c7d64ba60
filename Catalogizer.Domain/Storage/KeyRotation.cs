using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage;

/// <summary>Changes the key that encrypts the databases.</summary>
public static class KeyRotation
{
    /// <summary>
    /// Re-encrypts every database under a new key and replaces them together, along with the key file if the key is stored there. The old
    /// database files are deleted; an old key file is kept, since older backups need it. The lock must be held.
    /// </summary>
    /// <param name="next">The new key; null generates one, for the key file.</param>
    /// <param name="keyFile">Whether to write the new key to the key file in the data folder.</param>
    /// <returns>Path of the old key file; null when there is none.</returns>
    public static async Task<Result<string?>> RotateAsync(DataDirectory data, string current, string? next, bool keyFile, CancellationToken cancellation)
    {
        next ??= DatabaseKey.Generate();
        try
        {
            using var replacement = FileReplacement.Begin(data, DateTimeOffset.UtcNow);
            foreach (var database in (string[])[data.Database, data.JobsDatabase])
            {
                if (File.Exists(database)
                    && await Task.Run(() => Reencrypt(database, current, replacement.GetStagingPath(database), next, cancellation), cancellation) is { } problem)
                {
                    return new InvalidError("key", $"The copy of {database} under the new key is not whole: {problem.TrimEnd('.')}. The key was not changed.");
                }
            }

            if (keyFile)
            {
                DatabaseKey.WriteKeyFile(replacement.GetStagingPath(data.KeyFile), next);
            }

            replacement.Commit();
            foreach (var old in Directory.GetFiles(replacement.PreviousFolder).Where(file => Path.GetFileName(file) != Path.GetFileName(data.KeyFile)))
            {
                File.Delete(old);
            }

            if (keyFile)
            {
                return Path.Combine(replacement.PreviousFolder, Path.GetFileName(data.KeyFile));
            }

            Directory.Delete(replacement.PreviousFolder);
            return new Result<string?>((string?)null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            return new InvalidError("key", $"The key could not be changed: {BackupFile.DescribeFailure(exception)} The catalogue is as it was.");
        }
    }

    private static string? Reencrypt(string database, string current, string to, string next, CancellationToken cancellation)
    {
        var rows = DatabaseCopy.Write(database, current, to, next, cancellation);
        using var copy = DatabaseCopy.Open(to, next);
        return DatabaseCopy.FindProblem(copy, rows);
    }
}
