using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>A folder as the catalogue knows it before a scan.</summary>
public sealed class KnownFolder(long id, string path, long? modifiedAt, long? listedAt, bool hasFailed)
{
    public long Id { get; } = id;

    public string Path { get; } = path;

    public long? ModifiedAt { get; } = modifiedAt;

    public long? ListedAt { get; } = listedAt;

    /// <summary>Whether the last scan could not list it.</summary>
    public bool HasFailed { get; } = hasFailed;

    public List<KnownFolder> Children { get; } = [];

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

/// <summary>A file that is not in the catalogue yet, or that redetection treats as new.</summary>
public sealed class AddedFile
{
    public required SourceEntry Entry { get; init; }

    public required MediaType Type { get; init; }

    public required FileRole Role { get; init; }

    public required double Confidence { get; init; }

    /// <summary>How long detection of its name took.</summary>
    public TimeSpan DetectionDuration { get; init; }

    /// <summary>Null for sidecars and extras, which belong to another file.</summary>
    public ItemPlan? Plan { get; set; }

    public QualityMetrics? Quality { get; init; }

    /// <summary>For sidecars and extras: the file of the same folder that it belongs to; null if there is none or it is not known.</summary>
    public AddedFile? Owner { get; set; }

    /// <summary>The version it belongs to. Known at once if the owner is in the catalogue, otherwise set when the owner is saved.</summary>
    public long? VersionId { get; set; }

    /// <summary>For sidecars and extras: the item it belongs to, when it belongs to none of its versions.</summary>
    public long? ItemId { get; set; }
}

/// <summary>What a scan found in one folder, or in one part of a very large folder.</summary>
public sealed class FolderChanges(string path, KnownFolder? known)
{
    public string Path { get; } = path;

    public KnownFolder? Known { get; } = known;

    /// <summary>Why the folder could not be listed; then nothing else is known.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the folder is new and no source may serve it: it counts as skipped and gets no row.</summary>
    public bool IsExcluded { get; init; }

    /// <summary>Whether more of the same folder follows; it counts as listed once the last part is saved.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Whether earlier parts of the same folder came before.</summary>
    public bool IsContinuation { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long ModifiedAt { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long ListedAt { get; init; }

    /// <summary>Paths of its subfolders, to be visited next.</summary>
    public List<string> Subfolders { get; } = [];

    /// <summary>Whether saving it needs indexes that a bulk load defers.</summary>
    public bool NeedsIndexes => (Error is not null && Known is not null) || Returned.Count > 0 || Changed.Exists(c => c.Was.Presence != Presence.Present);

    /// <summary>Its share of the limit on unsaved changes; disposed of once it is saved.</summary>
    public IDisposable? Lease { get; set; }

    /// <summary>Size of that share: one for the folder and one for each file to save.</summary>
    public int Weight => 1 + Added.Count + Changed.Count + Returned.Count + Absent.Count;

    public int Listed { get; set; }

    public int Skipped { get; set; }

    public List<AddedFile> Added { get; } = [];

    public List<(KnownFile Was, SourceEntry Now)> Changed { get; } = [];

    /// <summary>Files that were missing or unknown and are present again, unchanged.</summary>
    public List<KnownFile> Returned { get; } = [];

    /// <summary>Known sidecars whose owner was added.</summary>
    public List<(long FileId, AddedFile Owner)> AttachedSidecars { get; } = [];

    /// <summary>Known files that a complete listing did not contain.</summary>
    public List<long> Absent { get; } = [];

    /// <summary>Known folders that a complete listing did not contain.</summary>
    public List<KnownFolder> AbsentFolders { get; } = [];

    /// <summary>Whether there is anything to save.</summary>
    public bool HasChanges => !IsExcluded && (Error is not null || Added.Count + Changed.Count + Returned.Count + AttachedSidecars.Count + Absent.Count + AbsentFolders.Count > 0 || HasFolderChanged);

    private bool HasFolderChanged => !IsPartial
        && (Known is null || Known.HasFailed || Known.ModifiedAt != ModifiedAt || Known.ListedAt > ListedAt || !FolderTimes.IsSettled(Known.ModifiedAt, Known.ListedAt));
}

/// <summary>Whether a folder's modification time proves that nothing in it changed since its listing.</summary>
internal static class FolderTimes
{
    /// <summary>File systems store times in steps of up to two seconds (FAT), so a change just after a listing may not show.</summary>
    private const long ResolutionMs = 2000;

    public static bool IsSettled(long? modifiedAt, long? listedAt) => modifiedAt is { } modified && listedAt is { } listed && modified + ResolutionMs < listed;
}
