using System.Collections.Frozen;
using Catalogizer.Domain.Storage;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>Catalogizer's own files, which no source may serve: the data folder with its contents, key file, settings file and written backups.</summary>
internal sealed class OwnFiles(DataDirectory data, TimeProvider time)
{
    /// <summary>How long the ids of files outside the data folder are reused, since nothing shows when one of them is replaced.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>File systems round times: a file created just after another one may leave the folder's modification time unchanged.</summary>
    private static readonly TimeSpan TimestampGranularity = TimeSpan.FromSeconds(2);

    private volatile Snapshot? _snapshot;

    public bool Contains(FileId file) => Current.Files.Contains(file);

    private Snapshot Current => _snapshot ?? Refresh();

    /// <summary>Reads the file ids again if they may have changed. Call it before a listing, which uses the last snapshot.</summary>
    public Snapshot Refresh()
    {
        var changedAt = NativeFiles.GetModifiedNanoseconds(data.Path);
        if (_snapshot is { } last && last.ChangedAt == changedAt && last.IsSettled && time.GetElapsedTime(last.TakenAt) < Lifetime)
        {
            return last;
        }

        var files = new HashSet<FileId>();
        Add(files, data.Path);
        foreach (var entry in ListEntries(data.Path))
        {
            Add(files, entry);
            if (FileReplacement.IsReplacementFolder(entry))
            {
                Array.ForEach(ListEntries(entry), kept => Add(files, kept));
            }
        }

        foreach (var externalFile in data.GetExternalFiles())
        {
            Add(files, externalFile);
        }

        var age = time.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMicroseconds(changedAt / 1000);
        return _snapshot = new Snapshot(files.ToFrozenSet(), changedAt, age > TimestampGranularity, time.GetTimestamp());
    }

    private static string[] ListEntries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];      // a replacement folder that was removed meanwhile
        }
    }

    private static void Add(HashSet<FileId> files, string path)
    {
        if (NativeFiles.FindId(path) is { } id)
        {
            files.Add(id);
        }
    }

    /// <param name="ChangedAt">The data folder's modification time when it was listed, in nanoseconds; changes when a file is added or removed.</param>
    /// <param name="IsSettled">Whether that time was old enough when it was read that any later addition or removal changes it.</param>
    internal sealed record Snapshot(FrozenSet<FileId> Files, long ChangedAt, bool IsSettled, long TakenAt);
}
