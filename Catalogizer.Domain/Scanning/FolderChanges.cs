using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>A folder as the catalogue knows it before a scan.</summary>
public sealed class KnownFolder(long id, string path, long? modifiedAt, long? listedAt, bool hasFailed)
{
    public long Id { get; } = id;

    public string Path { get; } = path;

    public long? ModifiedAt { get; } = modifiedAt;

    public long? ListedAt { get; } = listedAt;

    /// <summary>It could not be listed at the last look.</summary>
    public bool HasFailed { get; } = hasFailed;

    public List<KnownFolder> Children { get; } = [];

    /// <summary>Itself and everything below.</summary>
    public IEnumerable<KnownFolder> GetSelfAndDescendants()
    {
        var pending = new Stack<KnownFolder>([this]);
        while (pending.TryPop(out var folder))
        {
            yield return folder;
            folder.Children.ForEach(pending.Push);
        }
    }
}

/// <summary>A file as the catalogue knows it before a scan.</summary>
public readonly record struct KnownFile(long Id, string Name, long Size, long ModifiedAt, Presence Presence, FileRole Role, long? VersionId);

/// <summary>A file that was not in the catalogue.</summary>
public sealed class AddedFile
{
    public required SourceEntry Entry { get; init; }

    public required MediaType Type { get; init; }

    public required FileRole Role { get; init; }

    public required double Confidence { get; init; }

    /// <summary>How long its name took to be read.</summary>
    public TimeSpan DetectionDuration { get; init; }

    /// <summary>Null for sidecars and extras, which belong to another file.</summary>
    public ItemPlan? Plan { get; set; }

    public QualityMetrics? Quality { get; init; }

    /// <summary>The file of the same folder it belongs to, for sidecars and extras that found theirs.</summary>
    public AddedFile? Owner { get; set; }

    /// <summary>The version it belongs to; known at once when the owner was in the catalogue, else set when the owner is saved.</summary>
    public long? VersionId { get; set; }
}

/// <summary>What one look at one folder found.</summary>
public sealed class FolderChanges(string path, KnownFolder? known)
{
    public string Path { get; } = path;

    public KnownFolder? Known { get; } = known;

    /// <summary>Why it could not be listed; then nothing else is known.</summary>
    public string? Error { get; init; }

    /// <summary>It is new and no source may serve it: it counts as skipped and gets no row.</summary>
    public bool IsExcluded { get; init; }

    /// <summary>More of the same folder follows; it counts as listed when the last part is saved.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Earlier parts of the same folder went before.</summary>
    public bool IsContinuation { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long ModifiedAt { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long ListedAt { get; init; }

    /// <summary>Paths of the folders in it, to go on with.</summary>
    public List<string> Subfolders { get; } = [];

    /// <summary>Whether saving it reads by indexes that a bulk load puts off.</summary>
    public bool NeedsIndexes => (Error is not null && Known is not null) || Returned.Count > 0 || Changed.Exists(c => c.Was.Presence != Presence.Present);

    /// <summary>The place it takes among what waits to be saved.</summary>
    public IDisposable? Lease { get; set; }

    /// <summary>How much place that is: its files that are news, and one for itself.</summary>
    public int Weight => 1 + Added.Count + Changed.Count + Returned.Count + Absent.Count;

    public int Listed { get; set; }

    public int Skipped { get; set; }

    public List<AddedFile> Added { get; } = [];

    public List<(KnownFile Was, SourceEntry Now)> Changed { get; } = [];

    /// <summary>Missing or unknown before, and here as it was.</summary>
    public List<KnownFile> Returned { get; } = [];

    /// <summary>Known sidecars whose owner has come.</summary>
    public List<(long FileId, AddedFile Owner)> AttachedSidecars { get; } = [];

    /// <summary>Known files that a complete listing did not show.</summary>
    public List<long> Absent { get; } = [];

    /// <summary>Known folders that a complete listing did not show.</summary>
    public List<KnownFolder> AbsentFolders { get; } = [];

    /// <summary>Whether there is anything to write.</summary>
    public bool HasChanges => !IsExcluded && (Error is not null || Added.Count + Changed.Count + Returned.Count + AttachedSidecars.Count + Absent.Count + AbsentFolders.Count > 0 || HasFolderChanged);

    private bool HasFolderChanged => !IsPartial
        && (Known is null || Known.HasFailed || Known.ModifiedAt != ModifiedAt || Known.ListedAt > ListedAt || !FolderTimes.IsSettled(Known.ModifiedAt, Known.ListedAt));
}

/// <summary>When a folder's time proves that nothing in it changed.</summary>
internal static class FolderTimes
{
    /// <summary>File systems keep time in steps of up to two seconds (FAT): a change just after a listing may not show.</summary>
    private const long ResolutionMs = 2000;

    public static bool IsSettled(long? modifiedAt, long? listedAt) => modifiedAt is { } modified && listedAt is { } listed && modified + ResolutionMs < listed;
}
