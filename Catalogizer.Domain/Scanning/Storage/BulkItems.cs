namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>
/// Items by their identity hash and by their parent, in memory while a bulk load has dropped these indexes. Nearly every hash has one item;
/// further ones are in lists of their own.
/// </summary>
internal sealed class BulkItems
{
    private readonly Dictionary<long, List<long>> _parts = [];
    private readonly Dictionary<long, long> _first = [];
    private readonly Dictionary<long, List<long>> _more = [];

    public void Add(long hash, long id, long? parent)
    {
        if (parent is { } above)
        {
            if (!_parts.TryGetValue(above, out var parts))
            {
                _parts[above] = parts = new List<long>(1);
            }

            parts.Add(id);
        }

        AddHash(hash, id);
    }

    /// <summary>The parts of an item and theirs; some may have been deleted since.</summary>
    public IEnumerable<long> FindParts(long item)
    {
        var pending = new Queue<long>([item]);
        while (pending.TryDequeue(out var above))
        {
            foreach (var part in _parts.GetValueOrDefault(above, []))
            {
                yield return part;
                pending.Enqueue(part);
            }
        }
    }

    private void AddHash(long hash, long id)
    {
        if (_first.TryAdd(hash, id))
        {
            return;
        }

        if (!_more.TryGetValue(hash, out var more))
        {
            _more[hash] = more = [];
        }

        more.Add(id);
    }

    public long? GetFirst(long hash) => _first.TryGetValue(hash, out var id) ? id : null;

    /// <summary>The item of this hash after the given one; null after the last.</summary>
    public long? GetNext(long hash, long id)
    {
        if (!_more.TryGetValue(hash, out var more))
        {
            return null;
        }

        var next = more.IndexOf(id) + 1;
        return next < more.Count ? more[next] : null;
    }

    /// <summary>Moves an item to another hash.</summary>
    public void Replace(long previous, long hash, long id)
    {
        if (previous == hash)
        {
            return;
        }

        if (_first.TryGetValue(previous, out var first) && first == id)
        {
            // The next one takes its place.
            if (_more.TryGetValue(previous, out var more) && more.Count > 0)
            {
                _first[previous] = more[0];
                more.RemoveAt(0);
            }
            else
            {
                _first.Remove(previous);
            }
        }
        else if (_more.TryGetValue(previous, out var others))
        {
            others.Remove(id);
        }

        AddHash(hash, id);
    }
}
