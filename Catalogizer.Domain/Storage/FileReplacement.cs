using System.Globalization;

namespace Catalogizer.Domain.Storage;

/// <summary>
/// Replaces files of the data folder with new ones, all together. The new files are written to a staging folder; from <see cref="Commit"/>
/// on the replacement is certain: if the process ends in between, the next one that takes the lock completes it. The old files are kept in
/// a separate folder.
/// </summary>
internal sealed class FileReplacement : IDisposable
{
    private const string StagedPrefix = "replacing-";
    private const string PreviousPrefix = "before-";
    private const string UnfinishedSuffix = ".part";
    private static readonly string[] CompanionSuffixes = ["-wal", "-shm", "-journal"];

    private readonly DataDirectory _data;
    private readonly string _timestamp;

    private FileReplacement(DataDirectory data, string time) => (_data, _timestamp) = (data, time);

    /// <summary>Where the new files are written.</summary>
    public string StagingFolder => GetStagedFolder(_data, _timestamp) + UnfinishedSuffix;

    /// <summary>Where the old files are after <see cref="Commit"/>.</summary>
    public string PreviousFolder => GetPreviousFolder(_data, _timestamp);

    /// <summary>Whether a folder in the data folder holds staged or previous files of a replacement.</summary>
    public static bool IsReplacementFolder(string path) =>
        Path.GetFileName(path.AsSpan()) is var name && (name.StartsWith(StagedPrefix, StringComparison.Ordinal) || name.StartsWith(PreviousPrefix, StringComparison.Ordinal)) && Directory.Exists(path);

    public static FileReplacement Begin(DataDirectory data, DateTimeOffset now)
    {
        var replacement = new FileReplacement(data, now.UtcDateTime.ToString("yyyyMMdd-HHmmssfff", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(replacement.StagingFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return replacement;
    }

    /// <summary>Where to write the file that replaces this one.</summary>
    public string GetStagingPath(string file) => Path.Combine(StagingFolder, Path.GetFileName(file));

    public void Commit()
    {
        Directory.Move(StagingFolder, GetStagedFolder(_data, _timestamp));
        CompletePending(_data);
    }

    /// <summary>Completes what was committed and deletes what was not. The lock must be held.</summary>
    public static void CompletePending(DataDirectory data)
    {
        foreach (var staged in Directory.GetDirectories(data.Path, StagedPrefix + "*"))
        {
            if (staged.EndsWith(UnfinishedSuffix, StringComparison.Ordinal))
            {
                Directory.Delete(staged, recursive: true);
            }
            else
            {
                Install(data, staged);
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(StagingFolder))
        {
            Directory.Delete(StagingFolder, recursive: true);
        }
    }

    private static void Install(DataDirectory data, string staged)
    {
        var previousFolder = GetPreviousFolder(data, Path.GetFileName(staged)[StagedPrefix.Length..]);
        Directory.CreateDirectory(previousFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(staged).Order(StringComparer.Ordinal))
        {
            var target = Path.Combine(data.Path, Path.GetFileName(file));
            MoveToBackup(target, previousFolder);
            File.Move(file, target);
        }

        // The offline cache belongs to the replaced catalogue.
        foreach (var cacheFile in (string[])[data.CacheDatabase, .. CompanionSuffixes.Select(end => data.CacheDatabase + end)])
        {
            File.Delete(cacheFile);
        }

        Directory.Delete(staged);
    }

    /// <summary>Moves a left-over WAL before its database: SQLite would apply it to another database next to it.</summary>
    private static void MoveToBackup(string target, string previousFolder)
    {
        foreach (var old in (string[])[.. CompanionSuffixes.Select(end => target + end), target])
        {
            if (File.Exists(old))
            {
                File.Move(old, Path.Combine(previousFolder, Path.GetFileName(old)), overwrite: true);
            }
        }
    }

    private static string GetStagedFolder(DataDirectory data, string time) => Path.Combine(data.Path, StagedPrefix + time);

    private static string GetPreviousFolder(DataDirectory data, string time) => Path.Combine(data.Path, PreviousPrefix + time);
}
