using System.Globalization;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>Holds what the names of stored files say now against what the catalogue took from them. What was measured and what a person decided is no difference.</summary>
/// <param name="firstItem">Items from this id on were made by the same run.</param>
/// <param name="decided">Only these copies, wherever their names put them now: a person took back what held them. Null: all, and what a person decided stays.</param>
internal sealed class CompareNames(MediaDetector detector, IgnoreList ignore, long firstItem, IReadOnlySet<long>? decided = null)
{
    private const int MostNames = 50_000;
    private const double Noise = 0.051;

    private readonly CompareFolder _reader = new(detector, ignore);
    private readonly Dictionary<long, NameOfWork> _names = [];

    public NameDifferences Run(StoredSlice slice, IStoredNames stored)
    {
        var now = Read(slice);
        var joins = stored.Joins;
        var found = new NameDifferences { IsDecided = decided is not null };
        var copies = new HashSet<long>();
        foreach (var was in slice.Files)
        {
            if (!now.TryGetValue(was.Name, out var file) || (decided is not null && (was.Copy is not { } one || !decided.Contains(one.Id))))
            {
                continue;    // passed over by scans since; it stays what it is
            }

            file.Plan = file.Plan is null ? null : joins.Map(file.Plan, was.Copy?.Id);
            if (IsElsewhere(slice.FolderId, was, file))
            {
                Place(was, file, stored, found);
                continue;
            }

            if ((was.Role, was.Type) != (file.Role, file.Type))
            {
                found.Told.Add((was, file));
            }

            if (file.Plan is { } plan && was.Copy is { } copy)
            {
                if (copies.Add(copy.Id) && IsOther(copy, file))
                {
                    found.Copies.Add((copy, file));
                }

                CompareWorks(copy.Work, plan.Leaf, PathOf(slice, was), stored, found);
            }
        }

        Join(slice, now, found);
        return found;
    }

    private static string PathOf(StoredSlice slice, StoredFile file) => slice.Path.Length == 0 ? file.Name : $"{slice.Path}/{file.Name}";

    private static string Scope(long sourceId) => sourceId.ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, AddedFile> Read(StoredSlice slice) => _reader
        .ReadNames(slice.Path, slice.Files.Select(f => new SourceEntry(f.Name, false, f.Size, f.ModifiedAt, f.SystemId)), Scope(slice.SourceId), slice.IsWhole)
        .ToDictionary(f => f.Entry.Name, StringComparer.Ordinal);

    private static bool IsElsewhere(long folder, StoredFile was, AddedFile now)
    {
        if (now.Plan is not { } plan)
        {
            return was.Role != FileRole.Sidecar;
        }

        return was.Role == FileRole.Sidecar || was.Copy is not { } copy || copy.Work.Identity != plan.Leaf.Identity || copy.Identity != plan.VersionIdentity(folder);
    }

    private void Place(StoredFile was, AddedFile now, IStoredNames stored, NameDifferences found)
    {
        if (decided is null && was is { Role: not FileRole.Sidecar, Copy.Work: { IsTouched: true } work } && !CanFollow(work, now, stored))
        {
            found.Kept++;
        }
        else
        {
            found.Placed.Add((was, now));
        }
    }

    /// <summary>A work that a person decided on takes a new name, but does not vanish into another that was there.</summary>
    private bool CanFollow(StoredWork work, AddedFile now, IStoredNames stored) =>
        now.Plan is { Leaf: var leaf } && leaf.Kind == work.Kind && (leaf.Identity == work.Identity || stored.Find(leaf.Identity) is not { } other || other >= firstItem);

    private static bool IsOther(StoredCopy was, AddedFile now) =>
        was.Label != now.Plan!.Label || Math.Abs(was.Confidence - now.Confidence) > 0.0005 || (was.Quality is { } quality && IsOther(quality, now.Quality!));

    private static bool IsOther(QualityMetrics was, QualityMetrics now) =>
        (was.Resolution, was.Codec, was.AudioCodec, was.AudioChannels, was.Hdr) != (now.Resolution, now.Codec, now.AudioCodec, now.AudioChannels, now.Hdr)
        || Math.Abs(was.OverallScore - now.OverallScore) > Noise;

    private void CompareWorks(StoredWork? work, WorkNode? node, string path, IStoredNames stored, NameDifferences found)
    {
        for (; work is not null && node is not null && work.Identity == node.Identity; (work, node) = (work.Parent, node.Parent))
        {
            var id = work.Id;
            if (node.IsJoined || IsNameOf(work, node) || found.Works.Exists(w => w.Was.Id == id))
            {
                continue;
            }

            var name = NameOf(work, node, stored);
            if ((work.Title, work.Year, work.Type) != (name.Title, name.Year, name.Type))
            {
                found.Works.Add((work, name, path));
            }
        }
    }

    /// <summary>Whether a name leaves nothing to ask: what it does not tell, another file of the work may.</summary>
    private static bool IsNameOf(StoredWork work, WorkNode node) => work.Title == node.Title && work.Year == node.Year && work.Type == node.Type;

    /// <summary>The work's name as its files have it: what it has stays while one of them reads so.</summary>
    private NameOfWork NameOf(StoredWork work, WorkNode node, IStoredNames stored)
    {
        if (_names.TryGetValue(work.Id, out var known))
        {
            return known;
        }

        var (title, year) = (node.Title, node.Year);
        foreach (var (source, path) in stored.PathsOf(work.Id))
        {
            if (Find(stored.Joins.Map(WorkPlan.Of(path, detector.Detect(path), Scope(source)), null).Leaf, work.Identity) is { IsJoined: false } other)
            {
                title = title is null || other.Title == work.Title ? other.Title ?? title : title;
                year = year is null || other.Year == work.Year ? other.Year ?? year : year;
                if (title == work.Title && year == work.Year)
                {
                    break;
                }
            }
        }

        // A part below a tied work may have its title from the record.
        title ??= IsBelowTied(work) ? work.Title : null;
        if (_names.Count >= MostNames)
        {
            _names.Clear();
        }

        return _names[work.Id] = new NameOfWork(title, year, node.Type);
    }

    private static bool IsBelowTied(StoredWork work)
    {
        for (var above = work.Parent; above is not null; above = above.Parent)
        {
            if (above.IsTied)
            {
                return true;
            }
        }

        return false;
    }

    private static WorkNode? Find(WorkNode leaf, string identity)
    {
        for (var node = leaf; node is not null; node = node.Parent)
        {
            if (node.Identity == identity)
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>Files beside a work follow their owner; where owners change places, all are looked at when these have.</summary>
    private static void Join(StoredSlice slice, Dictionary<string, AddedFile> now, NameDifferences found)
    {
        var files = slice.Files.ToDictionary(f => f.Name, StringComparer.Ordinal);
        foreach (var was in slice.Files)
        {
            if (now.TryGetValue(was.Name, out var file) && file.Plan is null && !StaysBeside(slice, was, file, found)
                && (found.Placed.Count > 0 || was.Copy?.Id != (file.Owner is { } owner ? files[owner.Entry.Name].Copy?.Id : null)))
            {
                found.Joined.Add((was, file));
            }
        }
    }

    /// <summary>Its owner came first and another work joined them in the folder since: names alone no longer tell whose it is, but the catalogue knows.</summary>
    private static bool StaysBeside(StoredSlice slice, StoredFile was, AddedFile now, NameDifferences found) =>
        now.Owner is null && was is { Role: FileRole.Sidecar, Copy: { } copy }
        && (!slice.IsWhole || slice.Files.Any(f => f.Role != FileRole.Sidecar && f.Copy?.Id == copy.Id && !found.Placed.Exists(p => p.Was.Id == f.Id)));
}
