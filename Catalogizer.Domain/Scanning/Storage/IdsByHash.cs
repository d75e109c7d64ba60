namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>The items of each identity hash, in memory. Nearly every hash has one item; further ones are in lists of their own.</summary>
/// <param name="firstLoaded">Items from this id on are created while it is in use.</param>
internal sealed class IdsByHash(long firstLoaded)
{
    private readonly Dictionary<long, long> _first = [];
    private readonly Dictionary<long, List<long>> _more = [];

    public long FirstLoaded => firstLoaded;

    public void Add(long hash, long id)
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

        Add(hash, id);
    }
}
