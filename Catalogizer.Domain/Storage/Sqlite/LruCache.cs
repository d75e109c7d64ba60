using System.Diagnostics.CodeAnalysis;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Keeps the last few answers that were dear to work out, so that those who scroll or turn pages pay for them once.</summary>
/// <param name="getSize">What an answer costs of <paramref name="maxSize"/>.</param>
internal sealed class LruCache<TQuery, T>(TimeProvider time, Func<T, long> getSize, long maxSize)
    where TQuery : IEquatable<TQuery>
    where T : class
{
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly LinkedList<(TQuery Query, long Version, long At, T Answer)> _entries = [];

    /// <summary>The answer to a query that is true for a version of the catalogue; worked out when it is not known.</summary>
    /// <param name="allowStale">Whether one of up to five seconds ago will do, which spares a busy catalogue from being sorted at each turn of a wheel.</param>
    public T GetOrAdd(TQuery query, long version, bool allowStale, Func<T> factory)
    {
        if (TryGet(query, version, allowStale, out var known))
        {
            return known;
        }

        var result = factory();
        Add(query, version, result);
        return result;
    }

    private bool TryGet(TQuery query, long version, bool allowStale, [NotNullWhen(true)] out T? result)
    {
        lock (_lock)
        {
            for (var node = _entries.First; node is not null; node = node.Next)
            {
                if (node.Value.Query.Equals(query) && (node.Value.Version == version || (allowStale && time.GetElapsedTime(node.Value.At) < MaxLag)))
                {
                    _entries.Remove(node);
                    _entries.AddFirst(node);
                    result = node.Value.Answer;
                    return true;
                }
            }
        }

        result = null;
        return false;
    }

    private void Add(TQuery query, long version, T result)
    {
        lock (_lock)
        {
            for (var node = _entries.First; node is not null;)
            {
                (var old, node) = (node, node.Next);
                if (old.Value.Query.Equals(query))
                {
                    _entries.Remove(old);
                }
            }

            _entries.AddFirst((query, version, time.GetTimestamp(), result));
            while (_entries.Count > 1 && _entries.Sum(a => getSize(a.Answer)) > maxSize)
            {
                _entries.RemoveLast();
            }
        }
    }
}
