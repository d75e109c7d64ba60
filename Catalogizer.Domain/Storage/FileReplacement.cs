using System.Globalization;

namespace Catalogizer.Domain.Storage;

/// <summary>
/// New database files for the data folder, made beside the old ones and put in their place all together. From
/// <see cref="Commit"/> on it happens: a process that ends in between leaves the rest to the next one that takes the lock.
/// The old files stay in a folder of their own.
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

    /// <summary>Whether a folder in the data folder holds files that are to be put in place, or those of before.</summary>
    public static bool IsReplacementFolder(string path) =>
        Path.GetFileName(path.AsSpan()) is var name && (name.StartsWith(StagedPrefix, StringComparison.Ordinal) || name.StartsWith(PreviousPrefix, StringComparison.Ordinal)) && Directory.Exists(path);

    public static FileReplacement Begin(DataDirectory data, DateTimeOffset now)
    {
        var replacement = new FileReplacement(data, now.UtcDateTime.ToString("yyyyMMdd-HHmmssfff", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(replacement.StagingFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return replacement;
    }

    /// <summary>Where a new file goes that is to replace this one.</summary>
    public string GetStagingPath(string file) => Path.Combine(StagingFolder, Path.GetFileName(file));

    public void Commit()
    {
        Directory.Move(StagingFolder, GetStagedFolder(_data, _timestamp));
        CompletePending(_data);
    }

    /// <summary>Puts in place what was committed, and clears away what was not. To be called with the lock held.</summary>
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

        // What is kept of sources belongs to the catalogue that it was kept for.
        foreach (var cacheFile in (string[])[data.CacheDatabase, .. CompanionSuffixes.Select(end => data.CacheDatabase + end)])
        {
            File.Delete(cacheFile);
        }

        Directory.Delete(staged);
    }

    /// <summary>A left-over WAL goes before its file: beside another file it would be read as that one's.</summary>
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
