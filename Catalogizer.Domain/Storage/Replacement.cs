using System.Globalization;

namespace Catalogizer.Domain.Storage;

/// <summary>
/// New database files for the data folder, made beside the old ones and put in their place all together. From
/// <see cref="Commit"/> on it happens: a process that ends in between leaves the rest to the next one that takes the lock.
/// The old files stay in a folder of their own.
/// </summary>
internal sealed class Replacement : IDisposable
{
    private const string Name = "replacing-";
    private const string Kept = "before-";
    private const string Unfinished = ".part";
    private static readonly string[] Companions = ["-wal", "-shm", "-journal"];

    private readonly DataDirectory _data;
    private readonly string _time;

    private Replacement(DataDirectory data, string time) => (_data, _time) = (data, time);

    /// <summary>Where the new files are written.</summary>
    public string Folder => Staged(_data, _time) + Unfinished;

    /// <summary>Where the old files are after <see cref="Commit"/>.</summary>
    public string Aside => Before(_data, _time);

    /// <summary>Whether a folder in the data folder holds files that are to be put in place, or those of before.</summary>
    public static bool IsFolder(string path) =>
        Path.GetFileName(path.AsSpan()) is var name && (name.StartsWith(Name, StringComparison.Ordinal) || name.StartsWith(Kept, StringComparison.Ordinal)) && Directory.Exists(path);

    public static Replacement Begin(DataDirectory data, DateTimeOffset now)
    {
        var replacement = new Replacement(data, now.UtcDateTime.ToString("yyyyMMdd-HHmmssfff", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(replacement.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return replacement;
    }

    /// <summary>Where a new file goes that is to replace this one.</summary>
    public string PathFor(string file) => Path.Combine(Folder, Path.GetFileName(file));

    public void Commit()
    {
        Directory.Move(Folder, Staged(_data, _time));
        Finish(_data);
    }

    /// <summary>Puts in place what was committed, and clears away what was not. To be called with the lock held.</summary>
    public static void Finish(DataDirectory data)
    {
        foreach (var staged in Directory.GetDirectories(data.Path, Name + "*"))
        {
            if (staged.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                Directory.Delete(staged, recursive: true);
            }
            else
            {
                PutInPlace(data, staged);
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static void PutInPlace(DataDirectory data, string staged)
    {
        var before = Before(data, Path.GetFileName(staged)[Name.Length..]);
        Directory.CreateDirectory(before, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(staged).Order(StringComparer.Ordinal))
        {
            var place = Path.Combine(data.Path, Path.GetFileName(file));
            MoveAway(place, before);
            File.Move(file, place);
        }

        // What is kept of sources belongs to the catalogue that it was kept for.
        foreach (var kept in (string[])[data.CacheDatabase, .. Companions.Select(end => data.CacheDatabase + end)])
        {
            File.Delete(kept);
        }

        Directory.Delete(staged);
    }

    /// <summary>A left-over WAL goes before its file: beside another file it would be read as that one's.</summary>
    private static void MoveAway(string place, string before)
    {
        foreach (var old in (string[])[.. Companions.Select(end => place + end), place])
        {
            if (File.Exists(old))
            {
                File.Move(old, Path.Combine(before, Path.GetFileName(old)), overwrite: true);
            }
        }
    }

    private static string Staged(DataDirectory data, string time) => Path.Combine(data.Path, Name + time);

    private static string Before(DataDirectory data, string time) => Path.Combine(data.Path, Kept + time);
}
