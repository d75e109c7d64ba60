using System.Diagnostics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>Compares a complete listing of a folder with what the catalogue knows of it, and runs detection on new names.</summary>
internal sealed class FolderComparer(MediaDetector detector, IgnoreList ignore)
{
    /// <summary>Files of a folder that are compared at a time, so that memory stays bounded for folders of any size.</summary>
    internal const int MaxBatchFiles = 4000;

    /// <summary>Returns one set of changes, or several for a very large folder; the last one completes the folder.</summary>
    /// <param name="scope">Separates plain files of this source from those of other sources.</param>
    public IEnumerable<FolderChanges> Compare(
        string path, KnownFolder? known, IReadOnlyList<KnownFile> knownFiles, FolderContent content, long listedAt, string scope)
    {
        var unseen = new UnseenFiles(knownFiles);
        var numbering = new Lazy<FolderNumbering>(() => FolderNumbering.From(content.Entries.Select(e => e.Name)));
        var disc = new Lazy<DetectedDisc?>(() => DetectDisc(path, scope));
        var unseenFolders = known is null or { Children.Count: 0 } ? null : known.Children.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var changes = new FolderChanges(path, known) { ModifiedAt = content.ModifiedAt, ListedAt = listedAt, Skipped = content.Unlisted };
        var subfolders = new List<string>();
        var previousName = "";
        string? lastName = null;
        foreach (var entry in SortByPath(content.Entries))
        {
            if (entry.Name == lastName)
            {
                continue;   // replaced during the listing: some systems then return it twice
            }

            lastName = entry.Name;
            if (ignore.IsIgnored(entry.Name, isAtRoot: path.Length == 0))
            {
                changes.Skipped++;
                continue;
            }

            var fullPath = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            if (entry.IsFolder)
            {
                unseenFolders?.Remove(fullPath);
                subfolders.Add(fullPath);
                continue;
            }

            // Files with the same stem stay in one set, so that a sidecar finds its owner.
            if (changes.Listed >= MaxBatchFiles && FileRoles.GetOwnerStem(entry.Name) != FileRoles.GetOwnerStem(previousName))
            {
                changes.IsPartial = true;
                AttachSidecars(changes, knownFiles);
                yield return changes;
                changes = new FolderChanges(path, known) { ModifiedAt = content.ModifiedAt, ListedAt = listedAt, IsContinuation = true };
            }

            previousName = entry.Name;
            changes.Listed++;
            if (unseen.Consume(entry.Name) is { } knownFile)
            {
                CompareFile(changes, knownFile, entry);
            }
            else
            {
                changes.Added.Add(DetectFile(fullPath, entry, scope, disc.Value, numbering));
            }
        }

        changes.Subfolders.AddRange(subfolders);
        MarkAbsent(changes, unseen, unseenFolders);
        AttachSidecars(changes, knownFiles);
        yield return changes;
    }

    /// <summary>Runs detection on file names as if all files were new.</summary>
    /// <param name="isComplete">Whether these are all files of the folder.</param>
    public IReadOnlyList<AddedFile> DetectFiles(string path, IEnumerable<SourceEntry> files, string scope, bool isComplete)
    {
        var changes = new FolderChanges(path, null) { IsContinuation = !isComplete };
        var disc = DetectDisc(path, scope);
        var sorted = files.OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        var numbering = new Lazy<FolderNumbering>(() => FolderNumbering.From(sorted.Select(f => f.Name)));
        foreach (var file in sorted)
        {
            if (!ignore.IsIgnored(file.Name, isAtRoot: path.Length == 0))
            {
                changes.Added.Add(DetectFile(path.Length == 0 ? file.Name : $"{path}/{file.Name}", file, scope, disc, numbering));
            }
        }

        AttachSidecars(changes, []);
        return changes.Added;
    }

    private static void CompareFile(FolderChanges changes, KnownFile knownFile, SourceEntry entry)
    {
        if (knownFile.Size != entry.Size || knownFile.ModifiedAt != entry.ModifiedAt)
        {
            changes.Changed.Add((knownFile, entry));
        }
        else if (knownFile.Presence != Presence.Present)
        {
            changes.Returned.Add(knownFile);
        }
    }

    private static IReadOnlyList<SourceEntry> SortByPath(IReadOnlyList<SourceEntry> entries)
    {
        for (var i = 1; i < entries.Count; i++)
        {
            if (string.CompareOrdinal(entries[i - 1].Name, entries[i].Name) > 0)
            {
                var ordered = entries.ToArray();
                Array.Sort(ordered, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
                return ordered;
            }
        }

        return entries;
    }

    private static void MarkAbsent(FolderChanges changes, UnseenFiles unseen, Dictionary<string, KnownFolder>? unseenFolders)
    {
        foreach (var file in unseen.GetRemaining())
        {
            if (file.Presence is Presence.Present or Presence.Unknown)
            {
                changes.Absent.Add(file.Id);
            }
        }

        // A folder that was never listed, or has no present or unknown files left, has nothing that could become missing.
        if (unseenFolders is not null)
        {
            changes.AbsentFolders.AddRange(unseenFolders.Values.Where(f => f.GetSelfAndDescendants().Any(below => below.ListedAt is not null)));
        }
    }

    /// <summary>The item that a path belongs to; null for sidecars and extras.</summary>
    public ItemPlan? Plan(string path, string scope)
    {
        var slash = path.LastIndexOf('/');
        var name = path[(slash + 1)..];
        return DetectFile(
            path, new SourceEntry(name, false, 0, 0, null), scope, slash < 0 ? null : DetectDisc(path[..slash], scope), new Lazy<FolderNumbering>(() => FolderNumbering.From([name]))).Plan;
    }

    private DetectedDisc? DetectDisc(string folder, string scope)
    {
        if (DiscFolder.Find(folder) is not { } disc)
        {
            return null;
        }

        var verdict = detector.Detect(disc.NamePath);
        return new DetectedDisc(disc, verdict, verdict.Fields.Extra is null ? ItemPlan.Create(disc, verdict, scope) : null);
    }

    private AddedFile DetectFile(string path, SourceEntry entry, string scope, DetectedDisc? disc, Lazy<FolderNumbering> numbering)
    {
        var started = Stopwatch.GetTimestamp();
        var isOfDisc = disc is not null && disc.Folder.Contains(entry.Name);
        var verdict = isOfDisc ? disc!.Verdict : detector.Detect(path);
        verdict = !isOfDisc && FolderNumbering.DependsOnNeighbours(verdict) ? numbering.Value.Apply(entry.Name, verdict) : verdict;
        var role = isOfDisc ? FileRole.FolderPart : FileRoles.For(path, verdict);
        var belongsToAnother = role == FileRole.Sidecar || verdict.Fields.Extra is not null;
        return new AddedFile
        {
            Entry = entry,
            Type = verdict.Type,
            Role = belongsToAnother ? FileRole.Sidecar : role,
            Confidence = verdict.Confidence,
            Plan = belongsToAnother ? null : isOfDisc ? disc!.Plan : ItemPlan.Create(path, verdict, scope),
            Quality = belongsToAnother ? null : QualityMetrics.FromName(verdict.Fields, entry.Size),
            DetectionDuration = Stopwatch.GetElapsedTime(started),
        };
    }

    /// <summary>A sidecar belongs to the media file with the same stem, or else to the folder's only media file.</summary>
    private static void AttachSidecars(FolderChanges changes, IReadOnlyList<KnownFile> knownFiles)
    {
        var orphans = changes.Added.Where(f => f.Role == FileRole.Sidecar).ToList();
        var knownOrphans = knownFiles.Where(f => f is { Role: FileRole.Sidecar, VersionId: null }).ToList();
        if (orphans.Count + knownOrphans.Count == 0)
        {
            return;
        }

        var owners = new Dictionary<string, AddedFile>(StringComparer.OrdinalIgnoreCase);
        var knownOwners = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in changes.Added.Where(f => f.Plan is not null && f.Role == FileRole.Media))
        {
            owners.TryAdd(FileRoles.GetOwnerStem(file.Entry.Name), file);
        }

        foreach (var file in knownFiles.Where(f => f is { Role: FileRole.Media, VersionId: not null }))
        {
            knownOwners.TryAdd(FileRoles.GetOwnerStem(file.Name), file.VersionId!.Value);
        }

        // A media file is known to be the folder's only one if these changes cover the whole folder. A season's folder is for more than one.
        var isComplete = changes is { IsPartial: false, IsContinuation: false } && !FolderOwners.IsSeasonFolder(changes.Path[(changes.Path.LastIndexOf('/') + 1)..]);
        foreach (var sidecar in orphans)
        {
            AttachSidecar(sidecar, owners, knownOwners, isComplete);
        }

        foreach (var sidecar in knownOrphans)
        {
            if (FindOwner(FileRoles.GetOwnerStem(sidecar.Name), owners, isComplete && knownOwners.Count == 0) is { } owner)
            {
                changes.AttachedSidecars.Add((sidecar.Id, owner));
            }
        }
    }

    private static void AttachSidecar(AddedFile sidecar, Dictionary<string, AddedFile> owners, Dictionary<string, long> knownOwners, bool isComplete)
    {
        var stem = FileRoles.GetOwnerStem(sidecar.Entry.Name);
        if (knownOwners.TryGetValue(stem, out var version))
        {
            sidecar.VersionId = version;
        }
        else if (isComplete && owners.Count == 0 && knownOwners.Count == 1)
        {
            sidecar.VersionId = knownOwners.Values.Single();
        }
        else
        {
            sidecar.Owner = knownOwners.Count == 0 ? FindOwner(stem, owners, isComplete) : owners.GetValueOrDefault(stem);
        }
    }

    private static AddedFile? FindOwner(string stem, Dictionary<string, AddedFile> owners, bool isComplete) =>
        owners.GetValueOrDefault(stem) ?? (isComplete && owners.Count == 1 ? owners.Values.Single() : null);

    /// <param name="Plan">Null for a disc of extras.</param>
    private sealed record DetectedDisc(DiscFolder Folder, Verdict Verdict, ItemPlan? Plan);

    /// <summary>Known files of a folder that its listing has not contained so far. Both are sorted, so the next known file usually matches.</summary>
    private sealed class UnseenFiles(IReadOnlyList<KnownFile> known)
    {
        private Dictionary<string, KnownFile>? _byName;
        private int _next;

        public KnownFile? Consume(string name)
        {
            if (_byName is null)
            {
                if (_next < known.Count && known[_next].Name == name)
                {
                    return known[_next++];
                }

                _byName = known.Skip(_next).ToDictionary(f => f.Name, StringComparer.Ordinal);
            }

            return _byName.Remove(name, out var knownFile) ? knownFile : null;
        }

        public List<KnownFile> GetRemaining() => _byName is not null ? [.. _byName.Values] : _next == known.Count ? [] : [.. known.Skip(_next)];
    }
}
