using System.Globalization;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning.Redetecting;

/// <summary>
/// Compares what detection makes of stored file names now with what the catalogue took from them. Analysed quality and users'
/// decisions do not count as differences.
/// </summary>
/// <param name="firstItem">Items with this id or a higher one were created by the same run.</param>
/// <param name="releasedVersions">
/// Compares only these versions and moves them to wherever their names belong, because a user undid the decision that held
/// them. Null compares all and leaves users' decisions alone.
/// </param>
internal sealed class DetectionComparer(MediaDetector detector, IgnoreList ignore, long firstItem, IReadOnlySet<long>? releasedVersions = null)
{
    private const int MaxCachedNames = 50_000;
    private const double ScoreTolerance = 0.051;

    private readonly FolderComparer _folderComparer = new(detector, ignore);
    private readonly Dictionary<long, DetectedName> _names = [];
    private readonly Dictionary<long, (string Identity, ItemMarks Marks)> _keptMarks = [];

    public DetectionChanges Compare(StoredFileBatch fileBatch, IStoredFileReader stored)
    {
        var detected = DetectFiles(fileBatch);
        var merges = stored.Merges;
        var changes = new DetectionChanges { IsManual = releasedVersions is not null };
        var seenVersions = new HashSet<long>();
        foreach (var storedFile in fileBatch.Files)
        {
            if (!detected.TryGetValue(storedFile.Name, out var file) || (releasedVersions is not null && (storedFile.Version is not { } storedVersion || !releasedVersions.Contains(storedVersion.Id))))
            {
                continue;    // ignored by scans since; it stays as it is
            }

            var current = releasedVersions is null ? storedFile.Version?.Item.Identity : null;
            file.Plan = file.Plan is null ? null : merges.Map(file.Plan, storedFile.Version?.Id, stored.HasItem, current);
            var known = WithKeptMarks(storedFile, file, stored, changes);
            if (IsOfOtherVersion(fileBatch, known, file, stored))
            {
                Regroup(known, file, stored, changes);
                continue;
            }

            if ((storedFile.Role, storedFile.Type) != (file.Role, file.Type))
            {
                changes.Reclassified.Add((storedFile, file));
            }

            if (file.Plan is { } plan && known.Version is { } version)
            {
                if (seenVersions.Add(version.Id) && IsDifferent(version, file))
                {
                    changes.Versions.Add((version, file));
                }

                CompareItems(version.Item, plan.Leaf, GetPath(fileBatch, storedFile), stored, changes);
            }
        }

        CompareSidecars(fileBatch, detected, changes);
        return changes;
    }

    private static string GetPath(StoredFileBatch fileBatch, StoredFile file) => fileBatch.Path.Length == 0 ? file.Name : $"{fileBatch.Path}/{file.Name}";

    private static string GetScope(long sourceId) => sourceId.ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, AddedFile> DetectFiles(StoredFileBatch fileBatch) => _folderComparer
        .DetectFiles(fileBatch.Path, fileBatch.Files.Select(f => new SourceEntry(f.Name, false, f.Size, f.ModifiedAt, f.SystemId)), GetScope(fileBatch.SourceId), fileBatch.IsComplete)
        .ToDictionary(f => f.Entry.Name, StringComparer.Ordinal);

    private bool IsOfOtherVersion(StoredFileBatch fileBatch, StoredFile before, AddedFile after, IStoredFileReader stored)
    {
        if (after.Plan is not { } plan)
        {
            return before.Role != FileRole.Sidecar;
        }

        return before.Role == FileRole.Sidecar || before.Version is not { } version
            || !IsSameItem(version.Item, plan.Leaf) || version.Identity != plan.GetVersionIdentity(fileBatch.SourceId, fileBatch.FolderId)
            || (releasedVersions is not null && stored.FindItem(plan.Leaf) is { } item && item != version.Item.Id);
    }

    private static bool IsSameItem(StoredItem item, ItemNode node) => item.Kind == node.Kind && ItemIdentity.Fits(item.Identity, node.Identity);

    private void Regroup(StoredFile before, AddedFile after, IStoredFileReader stored, DetectionChanges changes)
    {
        if (releasedVersions is null && before is { Role: not FileRole.Sidecar, Version.Item: { HasManualChanges: true } item }
            && !CanChangeIdentity(item, after, stored) && !IsToldApart(item, after, stored))
        {
            changes.Pinned++;
        }
        else
        {
            changes.Regrouped.Add((before, after));
        }
    }

    /// <summary>An item that a user decided on may get a new identity, but must not disappear into an item that existed before.</summary>
    private bool CanChangeIdentity(StoredItem item, AddedFile after, IStoredFileReader stored) =>
        after.Plan is { Leaf: var leaf } && leaf.Kind == item.Kind && (leaf.Identity == item.Identity || stored.FindItem(leaf) is not { } other || other >= firstItem);

    /// <summary>Whether only a mark tells the file from its item, which keeps other files and so what a user said of it.</summary>
    private bool IsToldApart(StoredItem item, AddedFile after, IStoredFileReader stored) =>
        after.Plan is { Leaf: var leaf } && leaf.Kind == item.Kind && ItemIdentity.AreToldApart(item.Identity, leaf.Identity) && FindNodes(item, stored).Any();

    /// <summary>
    /// The file with the marks that its item keeps. An item whose files' names contradict each other was filled before these marks were told apart: it stays
    /// with one group of them, and the files of the others leave it.
    /// </summary>
    private StoredFile WithKeptMarks(StoredFile storedFile, AddedFile file, IStoredFileReader stored, DetectionChanges changes)
    {
        if (file.Plan is not { Leaf: { IsMerged: false } leaf } || storedFile.Version is not { Item: var item } version || item.Kind != leaf.Kind || item.Identity == leaf.Identity
            || !ItemIdentity.HasSameBase(item.Identity, leaf.Identity) || FindMarkedItem(item) is not { } marked)
        {
            return storedFile;
        }

        var (known, named) = (ItemIdentity.GetMarks(marked.Identity), ItemIdentity.GetMarks(leaf.Identity));
        if (known.Contradicts(named) || known.FilledFrom(named) == known)
        {
            return storedFile;
        }

        var kept = DetermineKeptMarks(marked, known, named, stored);
        var identity = ItemIdentity.WithMarks(marked.Identity, kept);
        if (identity != marked.Identity && stored.HasItem(identity))
        {
            return storedFile;      // what it would become is there already
        }

        if (identity != marked.Identity && !changes.Identities.Exists(i => i.Was.Id == marked.Id))
        {
            changes.Identities.Add((marked, identity));
        }

        return storedFile with { Version = version with { Item = WithMarks(item, kept) } };
    }

    private ItemMarks DetermineKeptMarks(StoredItem item, ItemMarks known, ItemMarks named, IStoredFileReader stored)
    {
        if (_keptMarks.TryGetValue(item.Id, out var kept) && kept.Identity == item.Identity)
        {
            return kept.Marks;
        }

        if (_keptMarks.Count >= MaxCachedNames)
        {
            _keptMarks.Clear();
        }

        List<ItemMarks> names = [.. FindNodes(item, stored, includeContradicting: true).Select(node => ItemIdentity.GetMarks(node.Identity)), named];
        var marks = ItemIdentity.Keep(known, names, stored.ReadDecidedMarks(item.Id));
        _keptMarks[item.Id] = (item.Identity, marks);
        return marks;
    }

    /// <summary>The item, or the series or album above it, whose identity has the marks.</summary>
    private static StoredItem? FindMarkedItem(StoredItem item)
    {
        var marked = item;
        while (marked is not null && !ItemIdentity.HasMarks(marked.Kind))
        {
            marked = marked.Parent;
        }

        return marked;
    }

    private static StoredItem WithMarks(StoredItem item, ItemMarks marks) => item with
    {
        Identity = ItemIdentity.WithMarks(item.Identity, marks),
        Parent = ItemIdentity.HasMarks(item.Kind) || item.Parent is not { } parent ? item.Parent : WithMarks(parent, marks),
    };

    private static bool IsDifferent(StoredVersion before, AddedFile after) =>
        before.Label != after.Plan!.Label || Math.Abs(before.Confidence - after.Confidence) > 0.0005 || (before.Quality is { } quality && IsDifferent(quality, after.Quality!));

    private static bool IsDifferent(QualityMetrics before, QualityMetrics after) =>
        (before.Resolution, before.Codec, before.AudioCodec, before.AudioChannels, before.Hdr) != (after.Resolution, after.Codec, after.AudioCodec, after.AudioChannels, after.Hdr)
        || Math.Abs(before.OverallScore - after.OverallScore) > ScoreTolerance;

    private void CompareItems(StoredItem? item, ItemNode? node, string path, IStoredFileReader stored, DetectionChanges changes)
    {
        for (; item is not null && node is not null && IsSameItem(item, node); (item, node) = (item.Parent, node.Parent))
        {
            var id = item.Id;
            if (node.IsMerged || HasSameFields(item, node) || changes.Items.Exists(w => w.Was.Id == id))
            {
                continue;
            }

            var name = DetectItemName(item, node, stored);
            if ((item.Title, item.Year, item.Type) != (name.Title, name.Year, name.Type))
            {
                changes.Items.Add((item, name, path));
            }
        }
    }

    /// <summary>Whether this name alone confirms the stored values; otherwise another file of the item still may.</summary>
    private static bool HasSameFields(StoredItem item, ItemNode node) => item.Title == node.Title && item.Year == node.Year && item.Type == node.Type;

    /// <summary>The item's name according to its files: a stored title or year stays as long as one of them confirms it.</summary>
    private DetectedName DetectItemName(StoredItem item, ItemNode node, IStoredFileReader stored)
    {
        if (_names.TryGetValue(item.Id, out var known))
        {
            return known;
        }

        var (title, year) = (node.Title, node.Year);
        foreach (var other in FindNodes(item, stored))
        {
            title = title is null || other.Title == item.Title ? other.Title ?? title : title;
            year = year is null || other.Year == item.Year ? other.Year ?? year : year;
            if (title == item.Title && year == item.Year)
            {
                break;
            }
        }

        // A part of a matched item may have its title from the provider.
        title ??= HasMatchedAncestor(item) ? item.Title : null;
        if (_names.Count >= MaxCachedNames)
        {
            _names.Clear();
        }

        return _names[item.Id] = new DetectedName(title, year, node.Type);
    }

    private static bool HasMatchedAncestor(StoredItem item)
    {
        for (var ancestor = item.Parent; ancestor is not null; ancestor = ancestor.Parent)
        {
            if (ancestor.IsMatched)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the names of an item's files say of it; a user's decision on them is left out.</summary>
    /// <param name="includeContradicting">Includes names with marks that contradict the item's.</param>
    private IEnumerable<ItemNode> FindNodes(StoredItem item, IStoredFileReader stored, bool includeContradicting = false)
    {
        foreach (var (source, path) in stored.FindPaths(item.Id))
        {
            var node = _folderComparer.Plan(path, GetScope(source)) is { } plan ? stored.Merges.Map(plan, null, stored.HasItem, item.Identity).Leaf : null;
            while (node is not null && node.Kind != item.Kind)
            {
                node = node.Parent;
            }

            if (node is { IsMerged: false } && (includeContradicting ? ItemIdentity.HasSameBase(item.Identity, node.Identity) : IsSameItem(item, node)))
            {
                yield return node;
            }
        }
    }

    /// <summary>Sidecars follow their owner. If media files are regrouped, all sidecars are compared again afterwards.</summary>
    private static void CompareSidecars(StoredFileBatch fileBatch, Dictionary<string, AddedFile> detected, DetectionChanges changes)
    {
        var files = fileBatch.Files.ToDictionary(f => f.Name, StringComparer.Ordinal);
        foreach (var storedFile in fileBatch.Files)
        {
            if (detected.TryGetValue(storedFile.Name, out var file) && file.Plan is null && !StaysAttached(fileBatch, storedFile, file, changes)
                && (changes.Regrouped.Count > 0 || storedFile.Version?.Id != (file.Owner is { } owner ? files[owner.Entry.Name].Version?.Id : null)))
            {
                changes.ReattachedSidecars.Add((storedFile, file));
            }
        }
    }

    /// <summary>
    /// True if another item joined the folder after the sidecar was attached, or the owner is in a folder above: its name does not show the
    /// owner, but the catalogue does.
    /// </summary>
    private static bool StaysAttached(StoredFileBatch fileBatch, StoredFile before, AddedFile after, DetectionChanges changes) =>
        after.Owner is null && before is { Role: FileRole.Sidecar, Version: { } version }
        && (!fileBatch.IsComplete || fileBatch.Files.Any(f => f.Role != FileRole.Sidecar && f.Version?.Id == version.Id && !changes.Regrouped.Exists(p => p.Was.Id == f.Id))
            || !fileBatch.Files.Any(f => f.Role != FileRole.Sidecar && f.Version?.Id == version.Id));
}
