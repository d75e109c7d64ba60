using System.Text;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>A file that may be the origin or the target of a move.</summary>
/// <param name="ModifiedAt">Unix milliseconds.</param>
/// <param name="SystemId">The file's number on its file system (inode) where it has one.</param>
internal readonly record struct MoveCandidate(long Id, long SourceId, long FolderId, string Name, long Size, long ModifiedAt, long? SystemId);

/// <summary>
/// Pairs files that were not found with new ones, by evidence: the file system's own number with size and exact time; size, time and name
/// together, where the parent folders decide between equal candidates; for a new name, a size and time that no other file has.
/// </summary>
/// <param name="getFolderPath">Returns the path of a folder by its id.</param>
internal sealed class MoveFinder(Func<long, string> getFolderPath)
{
    /// <summary>File systems store times in steps of up to two seconds (FAT).</summary>
    private const long TimeResolutionMs = 2000;

    /// <summary>Parent folders that are compared, and a size that seldom occurs twice with the same millisecond.</summary>
    private const int MaxParentFolders = 6;
    private const long DistinctiveSizeBytes = 1 << 20;

    /// <summary>Returns the pairs. Empty files prove nothing and are never matched.</summary>
    public List<(MoveCandidate Lost, MoveCandidate Found)> FindMoves(IEnumerable<MoveCandidate> lost, IEnumerable<MoveCandidate> found)
    {
        var pairs = new List<(MoveCandidate, MoveCandidate)>();
        var foundBySize = found.Where(f => f.Size > 0).ToLookup(f => f.Size);
        foreach (var group in lost.GroupBy(l => l.Size))
        {
            if (foundBySize.Contains(group.Key))
            {
                MatchGroup(new LinkedList<MoveCandidate>(group.OrderBy(l => l.Id)), new LinkedList<MoveCandidate>(foundBySize[group.Key].OrderBy(f => f.Id)), pairs);
            }
        }

        return pairs;
    }

    /// <summary>
    /// Pairs missing files with files known before: a file moved during a scan was seen in both folders, and only the file system's
    /// number distinguishes it from a copy. The entry that was known first is the old one.
    /// </summary>
    public static List<(MoveCandidate Lost, MoveCandidate Found)> FindSeenTwice(IEnumerable<MoveCandidate> lost, IEnumerable<MoveCandidate> known)
    {
        var pairs = new List<(MoveCandidate, MoveCandidate)>();
        var paired = new HashSet<long>();
        var byNumber = known.Where(k => k is { Size: > 0, SystemId: not null }).ToLookup(GetSystemKey);
        foreach (var candidate in lost.Where(l => l.SystemId is not null))
        {
            if (byNumber[GetSystemKey(candidate)].FirstOrDefault(k => k.Id > candidate.Id && !paired.Contains(k.Id)) is { Id: > 0 } later)
            {
                paired.Add(later.Id);
                pairs.Add((candidate, later));
            }
        }

        return pairs;
    }

    private void MatchGroup(LinkedList<MoveCandidate> lost, LinkedList<MoveCandidate> found, List<(MoveCandidate, MoveCandidate)> pairs)
    {
        // File systems reuse the number of a deleted file, so the time must match as well: a move does not change it.
        PairByKey(lost, found, pairs, candidate => candidate.SystemId is null ? null : GetSystemKey(candidate));
        for (var i = MaxParentFolders; i >= 0; i--)
        {
            var depth = i;
            PairByKey(lost, found, pairs, candidate => GetPathTail(candidate, depth));
        }

        // A new name: only one missing and one new file have this size and time.
        var uniqueLost = lost.GroupBy(l => l.ModifiedAt).Where(g => g.Count() == 1).Select(g => g.Single());
        var uniqueFound = found.GroupBy(f => f.ModifiedAt).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single());
        foreach (var candidate in uniqueLost)
        {
            if (uniqueFound.TryGetValue(candidate.ModifiedAt, out var other) && HasSameExtension(candidate, other) && (candidate.FolderId == other.FolderId || candidate.Size >= DistinctiveSizeBytes))
            {
                pairs.Add((candidate, other));
            }
        }
    }

    /// <summary>Pairs candidates with the same key and time, in order, and removes them from the lists.</summary>
    private static void PairByKey(LinkedList<MoveCandidate> lost, LinkedList<MoveCandidate> found, List<(MoveCandidate, MoveCandidate)> pairs, Func<MoveCandidate, object?> getKey)
    {
        if (lost.Count == 0 || found.Count == 0)
        {
            return;
        }

        var candidatesByKey = new Dictionary<object, List<LinkedListNode<MoveCandidate>>>();
        for (var node = found.First; node is not null; node = node.Next)
        {
            if (getKey(node.Value) is { } key)
            {
                (candidatesByKey.TryGetValue(key, out var nodes) ? nodes : candidatesByKey[key] = []).Add(node);
            }
        }

        for (var node = lost.First; node is not null;)
        {
            var candidate = node;
            node = node.Next;
            if (getKey(candidate.Value) is { } key && candidatesByKey.TryGetValue(key, out var candidates) && candidates.FindIndex(c => HasSameTime(candidate.Value, c.Value)) is >= 0 and var index)
            {
                pairs.Add((candidate.Value, candidates[index].Value));
                found.Remove(candidates[index]);
                candidates.RemoveAt(index);
                lost.Remove(candidate);
            }
        }
    }

    /// <summary>The name with <paramref name="depth"/> parent folders, ignoring case and how accents are encoded; null when there are fewer.</summary>
    private string? GetPathTail(MoveCandidate candidate, int depth)
    {
        var path = getFolderPath(candidate.FolderId);
        var start = path.Length;
        for (var i = 0; i < depth; i++)
        {
            if (start <= 0)
            {
                return null;
            }

            start = path.LastIndexOf('/', start - 1);
        }

        return NormalizeName(depth == 0 ? candidate.Name : $"{path[(start + 1)..]}/{candidate.Name}");
    }

    private static (long Source, long? Number, long Size, long Time) GetSystemKey(MoveCandidate candidate) => (candidate.SourceId, candidate.SystemId, candidate.Size, candidate.ModifiedAt);

    private static bool HasSameTime(MoveCandidate lost, MoveCandidate found) => Math.Abs(lost.ModifiedAt - found.ModifiedAt) <= TimeResolutionMs;

    private static bool HasSameExtension(MoveCandidate lost, MoveCandidate found) => Path.GetExtension(lost.Name).Equals(Path.GetExtension(found.Name), StringComparison.OrdinalIgnoreCase);

    private static string NormalizeName(string name) => name.Normalize(NormalizationForm.FormC).ToUpperInvariant();
}
