using System.Diagnostics.CodeAnalysis;

namespace Catalogizer.Domain.Common;

/// <summary>Caches the last few results that are expensive to compute, so that scrolling or paging users pay for them once.</summary>
/// <param name="getSize">The part of <paramref name="maxSize"/> that a result takes.</param>
internal sealed class LruCache<TQuery, T>(TimeProvider time, Func<T, long> getSize, long maxSize)
    where TQuery : IEquatable<TQuery>
    where T : class
{
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly LinkedList<(TQuery Query, long Version, long At, T Answer)> _entries = [];

    /// <summary>The result of a query for a version of the catalogue; computed when it is not cached.</summary>
    /// <param name="allowStale">Whether a result up to five seconds old is enough, which saves sorting a busy catalogue at each scroll step.</param>
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
