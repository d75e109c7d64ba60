using System.Collections.Frozen;
using Catalogizer.Domain.Storage;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>The program's own files: the data folder with what is in it, the key file, the settings file, and the backups it wrote. No source may serve them.</summary>
internal sealed class OwnFiles(DataDirectory data, TimeProvider time)
{
    /// <summary>How long files outside the data folder are taken as they were, since nothing tells when one of them is replaced.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>File systems keep time in steps: a file that came just after another one may not show in the folder's time.</summary>
    private static readonly TimeSpan TimestampGranularity = TimeSpan.FromSeconds(2);

    private volatile Snapshot? _snapshot;

    public bool Contains(FileId file) => Current.Files.Contains(file);

    private Snapshot Current => _snapshot ?? Refresh();

    /// <summary>Looks at the files again where they may have changed. A listing uses what the last call found, so this comes before it.</summary>
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
            return [];      // a kept copy that somebody removes just now
        }
    }

    private static void Add(HashSet<FileId> files, string path)
    {
        if (NativeFiles.FindId(path) is { } id)
        {
            files.Add(id);
        }
    }

    /// <param name="ChangedAt">The data folder's time when it was listed, in nanoseconds: it differs once a file came or went.</param>
    /// <param name="IsSettled">Whether that time would differ had a file come or gone since.</param>
    internal sealed record Snapshot(FrozenSet<FileId> Files, long ChangedAt, bool IsSettled, long TakenAt);
}
