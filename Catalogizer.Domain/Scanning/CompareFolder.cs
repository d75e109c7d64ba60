using System.Diagnostics;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>Holds a complete listing of a folder against what the catalogue knows of it, and reads the new names.</summary>
internal sealed class CompareFolder(MediaDetector detector, IgnoreList ignore)
{
    /// <summary>Files of a folder that are compared at a time, so that a folder of any size takes a bounded piece of memory.</summary>
    internal const int Slice = 4000;

    /// <summary>Answers one set of changes, or for a very large folder several, of which the last settles the folder.</summary>
    /// <param name="scope">Sets plain files of this source apart from those of others.</param>
    public IEnumerable<FolderChanges> Run(
        string path, KnownFolder? known, IReadOnlyList<KnownFile> knownFiles, FolderContent content, long listedAt, string scope)
    {
        var unseen = new UnseenFiles(knownFiles);
        var unseenFolders = known is null or { Children.Count: 0 } ? null : known.Children.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var changes = new FolderChanges(path, known) { ModifiedAt = content.ModifiedAt, ListedAt = listedAt, Skipped = content.Unlisted };
        var subfolders = new List<string>();
        var before = "";
        string? last = null;
        foreach (var entry in InOrder(content.Entries))
        {
            if (entry.Name == last)
            {
                continue;   // replaced while the folder was read: some systems then show it a second time
            }

            last = entry.Name;
            if (ignore.Covers(entry.Name))
            {
                changes.Skipped++;
                continue;
            }

            var full = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            if (entry.IsFolder)
            {
                unseenFolders?.Remove(full);
                subfolders.Add(full);
                continue;
            }

            // Files of one stem stay together: a sidecar finds its owner among them.
            if (changes.Listed >= Slice && FileRoles.Stem(entry.Name) != FileRoles.Stem(before))
            {
                changes.IsPart = true;
                JoinSidecars(changes, knownFiles);
                yield return changes;
                changes = new FolderChanges(path, known) { ModifiedAt = content.ModifiedAt, ListedAt = listedAt, Continues = true };
            }

            before = entry.Name;
            changes.Listed++;
            if (unseen.Take(entry.Name) is { } was)
            {
                Compare(changes, was, entry);
            }
            else
            {
                changes.Added.Add(Read(full, entry, scope));
            }
        }

        changes.Subfolders.AddRange(subfolders);
        GiveUp(changes, unseen, unseenFolders);
        JoinSidecars(changes, knownFiles);
        yield return changes;
    }

    /// <summary>Reads the names of files as if all were new.</summary>
    /// <param name="isWhole">These are all files of the folder.</param>
    public IReadOnlyList<AddedFile> ReadNames(string path, IEnumerable<SourceEntry> files, string scope, bool isWhole)
    {
        var changes = new FolderChanges(path, null) { Continues = !isWhole };
        foreach (var file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (!ignore.Covers(file.Name))
            {
                changes.Added.Add(Read(path.Length == 0 ? file.Name : $"{path}/{file.Name}", file, scope));
            }
        }

        JoinSidecars(changes, []);
        return changes.Added;
    }

    private static void Compare(FolderChanges changes, KnownFile was, SourceEntry now)
    {
        if (was.Size != now.Size || was.ModifiedAt != now.ModifiedAt)
        {
            changes.Changed.Add((was, now));
        }
        else if (was.Presence != Presence.Present)
        {
            changes.Returned.Add(was);
        }
    }

    private static IReadOnlyList<SourceEntry> InOrder(IReadOnlyList<SourceEntry> entries)
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

    private static void GiveUp(FolderChanges changes, UnseenFiles unseen, Dictionary<string, KnownFolder>? unseenFolders)
    {
        foreach (var file in unseen.Left())
        {
            if (file.Presence is Presence.Present or Presence.Unknown)
            {
                changes.Absent.Add(file.Id);
            }
        }

        // A folder that was never listed, or whose files were given up, has nothing left to lose.
        if (unseenFolders is not null)
        {
            changes.AbsentFolders.AddRange(unseenFolders.Values.Where(f => f.Tree().Any(below => below.ListedAt is not null)));
        }
    }

    private AddedFile Read(string path, SourceEntry entry, string scope)
    {
        var started = Stopwatch.GetTimestamp();
        var verdict = detector.Detect(path);
        var role = FileRoles.Of(path, verdict);
        var belongsToAnother = role == FileRole.Sidecar || verdict.Fields.Extra is not null;
        return new AddedFile
        {
            Entry = entry,
            Type = verdict.Type,
            Role = belongsToAnother ? FileRole.Sidecar : role,
            Confidence = verdict.Confidence,
            Plan = belongsToAnother ? null : WorkPlan.Of(path, verdict, scope),
            Quality = belongsToAnother ? null : QualityMetrics.FromName(verdict.Fields, entry.Size),
            ReadingTime = Stopwatch.GetElapsedTime(started),
        };
    }

    /// <summary>A sidecar belongs to the media file of the same stem, or to the folder's only one.</summary>
    private static void JoinSidecars(FolderChanges changes, IReadOnlyList<KnownFile> knownFiles)
    {
        var lonely = changes.Added.Where(f => f.Role == FileRole.Sidecar).ToList();
        var lonelyKnown = knownFiles.Where(f => f is { Role: FileRole.Sidecar, VersionId: null }).ToList();
        if (lonely.Count + lonelyKnown.Count == 0)
        {
            return;
        }

        var owners = new Dictionary<string, AddedFile>(StringComparer.OrdinalIgnoreCase);
        var knownOwners = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in changes.Added.Where(f => f.Plan is not null && f.Role == FileRole.Media))
        {
            owners.TryAdd(FileRoles.Stem(file.Entry.Name), file);
        }

        foreach (var file in knownFiles.Where(f => f is { Role: FileRole.Media, VersionId: not null }))
        {
            knownOwners.TryAdd(FileRoles.Stem(file.Name), file.VersionId!.Value);
        }

        // "The folder's only one" can be told of a folder seen whole.
        var whole = changes is { IsPart: false, Continues: false };
        foreach (var sidecar in lonely)
        {
            Join(sidecar, owners, knownOwners, whole);
        }

        foreach (var sidecar in lonelyKnown)
        {
            if (OwnerOf(FileRoles.Stem(sidecar.Name), owners, whole) is { } owner)
            {
                changes.Joined.Add((sidecar.Id, owner));
            }
        }
    }

    private static void Join(AddedFile sidecar, Dictionary<string, AddedFile> owners, Dictionary<string, long> knownOwners, bool whole)
    {
        var stem = FileRoles.Stem(sidecar.Entry.Name);
        if (knownOwners.TryGetValue(stem, out var version))
        {
            sidecar.VersionId = version;
        }
        else if (whole && owners.Count == 0 && knownOwners.Count == 1)
        {
            sidecar.VersionId = knownOwners.Values.Single();
        }
        else
        {
            sidecar.Owner = knownOwners.Count == 0 ? OwnerOf(stem, owners, whole) : owners.GetValueOrDefault(stem);
        }
    }

    private static AddedFile? OwnerOf(string stem, Dictionary<string, AddedFile> owners, bool whole) =>
        owners.GetValueOrDefault(stem) ?? (whole && owners.Count == 1 ? owners.Values.Single() : null);

    /// <summary>The known files of a folder that its listing has not shown yet. Both come in order, so as a rule the next is the one.</summary>
    private sealed class UnseenFiles(IReadOnlyList<KnownFile> known)
    {
        private Dictionary<string, KnownFile>? _byName;
        private int _next;

        public KnownFile? Take(string name)
        {
            if (_byName is null)
            {
                if (_next < known.Count && known[_next].Name == name)
                {
                    return known[_next++];
                }

                _byName = known.Skip(_next).ToDictionary(f => f.Name, StringComparer.Ordinal);
            }

            return _byName.Remove(name, out var was) ? was : null;
        }

        public List<KnownFile> Left() => _byName is not null ? [.. _byName.Values] : _next == known.Count ? [] : [.. known.Skip(_next)];
    }
}
