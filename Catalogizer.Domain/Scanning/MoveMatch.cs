using System.Text;

namespace Catalogizer.Domain.Scanning;

/// <summary>A file that may be one end of a move.</summary>
/// <param name="ModifiedAt">Unix milliseconds.</param>
/// <param name="SystemId">The file's number on its system where it has one.</param>
internal readonly record struct MoveEnd(long Id, long SourceId, long FolderId, string Name, long Size, long ModifiedAt, long? SystemId);

/// <summary>
/// Tells which files that are gone are the ones that came, by evidence: the system's own number of the file with its size and very time; size,
/// time and name together, where the folders above decide between equals; for a new name, a size and time that no other file has.
/// </summary>
/// <param name="folders">A folder's path by its id.</param>
internal sealed class MoveMatch(Func<long, string> folders)
{
    /// <summary>File systems keep time in steps of up to two seconds (FAT).</summary>
    private const long TimeStep = 2000;

    /// <summary>Folders above that are compared, and a size that seldom repeats with the same millisecond.</summary>
    private const int Depth = 6;
    private const long TellingSize = 1 << 20;

    /// <summary>The pairs. Empty files prove nothing and are never matched.</summary>
    public List<(MoveEnd Lost, MoveEnd Found)> Run(IEnumerable<MoveEnd> lost, IEnumerable<MoveEnd> found)
    {
        var pairs = new List<(MoveEnd, MoveEnd)>();
        var foundBySize = found.Where(f => f.Size > 0).ToLookup(f => f.Size);
        foreach (var group in lost.GroupBy(l => l.Size))
        {
            if (foundBySize.Contains(group.Key))
            {
                Match(new LinkedList<MoveEnd>(group.OrderBy(l => l.Id)), new LinkedList<MoveEnd>(foundBySize[group.Key].OrderBy(f => f.Id)), pairs);
            }
        }

        return pairs;
    }

    /// <summary>
    /// The pairs among files that were there before: one that was moved while a scan went by was seen in both places, and only the
    /// system's number tells it from a copy. The place that was known first is the old one.
    /// </summary>
    public static List<(MoveEnd Lost, MoveEnd Found)> SeenTwice(IEnumerable<MoveEnd> lost, IEnumerable<MoveEnd> known)
    {
        var pairs = new List<(MoveEnd, MoveEnd)>();
        var taken = new HashSet<long>();
        var byNumber = known.Where(k => k is { Size: > 0, SystemId: not null }).ToLookup(Number);
        foreach (var end in lost.Where(l => l.SystemId is not null))
        {
            if (byNumber[Number(end)].FirstOrDefault(k => k.Id > end.Id && !taken.Contains(k.Id)) is { Id: > 0 } later)
            {
                taken.Add(later.Id);
                pairs.Add((end, later));
            }
        }

        return pairs;
    }

    private void Match(LinkedList<MoveEnd> lost, LinkedList<MoveEnd> found, List<(MoveEnd, MoveEnd)> pairs)
    {
        // Systems give the number of a deleted file to the next one: a move leaves the time as it was.
        Pair(lost, found, pairs, end => end.SystemId is null ? null : Number(end));
        for (var i = Depth; i >= 0; i--)
        {
            var depth = i;
            Pair(lost, found, pairs, end => Tail(end, depth));
        }

        // A new name: only one file went and only one came with this size and time.
        var gone = lost.GroupBy(l => l.ModifiedAt).Where(g => g.Count() == 1).Select(g => g.Single());
        var came = found.GroupBy(f => f.ModifiedAt).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single());
        foreach (var end in gone)
        {
            if (came.TryGetValue(end.ModifiedAt, out var other) && IsSameKind(end, other) && (end.FolderId == other.FolderId || end.Size >= TellingSize))
            {
                pairs.Add((end, other));
            }
        }
    }

    /// <summary>Pairs the ends that give the same key, in order, and takes them out of the lists.</summary>
    private static void Pair(LinkedList<MoveEnd> lost, LinkedList<MoveEnd> found, List<(MoveEnd, MoveEnd)> pairs, Func<MoveEnd, object?> keyOf)
    {
        if (lost.Count == 0 || found.Count == 0)
        {
            return;
        }

        var open = new Dictionary<object, List<LinkedListNode<MoveEnd>>>();
        for (var node = found.First; node is not null; node = node.Next)
        {
            if (keyOf(node.Value) is { } key)
            {
                (open.TryGetValue(key, out var there) ? there : open[key] = []).Add(node);
            }
        }

        for (var node = lost.First; node is not null;)
        {
            var end = node;
            node = node.Next;
            if (keyOf(end.Value) is { } key && open.TryGetValue(key, out var candidates) && candidates.FindIndex(c => IsSameTime(end.Value, c.Value)) is >= 0 and var at)
            {
                pairs.Add((end.Value, candidates[at].Value));
                found.Remove(candidates[at]);
                candidates.RemoveAt(at);
                lost.Remove(end);
            }
        }
    }

    /// <summary>The name with some folders above it, without regard to case and to how accents are written.</summary>
    private string? Tail(MoveEnd end, int depth)
    {
        var path = folders(end.FolderId);
        var start = path.Length;
        for (var i = 0; i < depth; i++)
        {
            if (start <= 0)
            {
                return null;
            }

            start = path.LastIndexOf('/', start - 1);
        }

        return Same(depth == 0 ? end.Name : $"{path[(start + 1)..]}/{end.Name}");
    }

    private static (long Source, long? Number, long Size, long Time) Number(MoveEnd end) => (end.SourceId, end.SystemId, end.Size, end.ModifiedAt);

    private static bool IsSameTime(MoveEnd lost, MoveEnd found) => Math.Abs(lost.ModifiedAt - found.ModifiedAt) <= TimeStep;

    private static bool IsSameKind(MoveEnd lost, MoveEnd found) => Path.GetExtension(lost.Name).Equals(Path.GetExtension(found.Name), StringComparison.OrdinalIgnoreCase);

    private static string Same(string name) => name.Normalize(NormalizationForm.FormC).ToUpperInvariant();
}
