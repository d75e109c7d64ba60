using System.Globalization;
using System.Text;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Storage;

/// <summary>The folder with all data of the program. A process that serves or writes holds its lock.</summary>
public sealed class DataDirectory : IDisposable
{
    private static readonly HashSet<string> NetworkFileSystems = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "davfs", "fuse.davfs2",
    };

    /// <summary>The settings file's name in the home folder.</summary>
    public const string SettingsFile = "appsettings.json";

    /// <summary>The system's error numbers (errno) for failed writes.</summary>
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int OverQuota = 122;

    private readonly string[] _settingsFiles;
    private FileStream? _lock;

    private DataDirectory(string path, string[] settings) => (Path, _settingsFiles) = (path, settings);

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "catalogizer.db");

    public string JobsDatabase => System.IO.Path.Combine(Path, "jobs.db");

    /// <summary>The offline cache of sources; may be deleted.</summary>
    public string CacheDatabase => System.IO.Path.Combine(Path, "cache.db");

    /// <summary>The imported IMDb data files; may be deleted and imported again.</summary>
    public string ImdbDatabase => System.IO.Path.Combine(Path, "imdb.db");

    /// <summary>Where the key is created when none is configured.</summary>
    public string KeyFile => System.IO.Path.Combine(Path, "catalogizer.key");

    /// <summary>Lists the backups written outside this folder, one path per line.</summary>
    private string BackupListFile => System.IO.Path.Combine(Path, "backups.list");

    private string LockFile => System.IO.Path.Combine(Path, "catalogizer.lock");

    /// <summary>Creates the folder if necessary (mode 0700).</summary>
    /// <exception cref="StartupException">The folder cannot be created, or is on a network file system and that is not allowed.</exception>
    public static DataDirectory Open(StorageOptions options, string home)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(home, options.DataDirectory));
        try
        {
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {path} cannot be made: {exception.Message} Set Catalogizer:DataDirectory to a folder this user may write.", exception);
        }

        if (!options.AllowNetworkDataDirectory && FindNetworkFileSystem(path) is { } fileSystem)
        {
            throw new StartupException(
                $"The data folder {path} lies on a network file system ({fileSystem}), where SQLite can lose data. Move it to a local disk, or set Catalogizer:AllowNetworkDataDirectory to true to take the risk.");
        }

        string[] settings = [System.IO.Path.Combine(home, SettingsFile), .. options.DatabaseKeyFile is { Length: > 0 } key ? [System.IO.Path.Combine(home, key)] : Array.Empty<string>()];
        return new DataDirectory(path, [.. settings.Select(System.IO.Path.GetFullPath)]);
    }

    /// <summary>The program's files outside this folder: the settings, a configured key file and the recorded backups.</summary>
    public IEnumerable<string> GetExternalFiles() => [.. _settingsFiles, .. ReadBackupList()];

    /// <summary>Records where a backup is, so that no source serves it. Failing to write the list does not fail the backup.</summary>
    public void RecordBackup(string file)
    {
        var known = ReadBackupList().Where(File.Exists).ToList();
        if (known.Contains(file) || file.StartsWith(Path + "/", StringComparison.Ordinal) || file.Contains('\n'))
        {
            return;
        }

        var partPath = $"{BackupListFile}.{Guid.NewGuid():N}.part";
        try
        {
            File.WriteAllLines(partPath, [.. known, file]);
            File.Move(partPath, BackupListFile, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(partPath);
        }
    }

    /// <summary>
    /// Takes the lock, which is released with this object or when the process ends in any way. Completes a file replacement that an earlier
    /// process had committed but not finished.
    /// </summary>
    /// <exception cref="StartupException">Another process holds the lock, or the folder cannot be written.</exception>
    public void AcquireLock()
    {
        try
        {
            _lock = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            _lock.SetLength(0);
            _lock.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem })
        {
            throw new StartupException($"The data folder {Path} cannot be written by this user. Give it to the user that runs the program.", exception);
        }
        catch (IOException exception) when (exception.HResult is NoSpace or OverQuota)
        {
            throw new StartupException($"The disk that holds the data folder {Path} is full. Free some space and try again; nothing is lost.", exception);
        }
        catch (IOException exception)
        {
            throw new StartupException($"Another Catalogizer is using the data folder {Path}. Stop it first, or do this in its web page.", exception);
        }

        FileReplacement.CompletePending(this);
    }

    public void Dispose() => _lock?.Dispose();

    private string[] ReadBackupList()
    {
        try
        {
            return File.Exists(BackupListFile) ? File.ReadAllLines(BackupListFile) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The type of the network file system that contains a path, by the longest mount point above it; null for local ones.</summary>
    internal static string? FindNetworkFileSystem(string path, string mounts = "/proc/self/mounts")
    {
        if (!File.Exists(mounts))
        {
            return null;
        }

        var best = ("", "");
        foreach (var line in File.ReadLines(mounts))
        {
            var parts = line.Split(' ');
            if (parts.Length < 3)
            {
                continue;
            }

            var mountPoint = parts[1].Replace("\\040", " ", StringComparison.Ordinal);
            var covers = mountPoint == "/" || path == mountPoint || path.StartsWith(mountPoint + "/", StringComparison.Ordinal);
            if (covers && mountPoint.Length >= best.Item1.Length)
            {
                best = (mountPoint, parts[2]);
            }
        }

        return IsNetworkFileSystem(best.Item2) ? best.Item2 : null;
    }

    internal static bool IsNetworkFileSystem(string type) => NetworkFileSystems.Contains(type);
}
