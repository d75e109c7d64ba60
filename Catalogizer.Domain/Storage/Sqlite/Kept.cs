using System.Diagnostics.CodeAnalysis;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Keeps the last few answers that were dear to work out, so that those who scroll or turn pages pay for them once.</summary>
/// <param name="size">What an answer costs of <paramref name="most"/>.</param>
internal sealed class Kept<TQuery, T>(TimeProvider time, Func<T, long> size, long most)
    where TQuery : IEquatable<TQuery>
    where T : class
{
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly LinkedList<(TQuery Query, long Version, long At, T Answer)> _answers = [];

    /// <summary>The answer to a query that is true for a version of the catalogue; worked out when it is not known.</summary>
    /// <param name="mayLag">Whether one of up to five seconds ago will do, which spares a busy catalogue from being sorted at each turn of a wheel.</param>
    public T Get(TQuery query, long version, bool mayLag, Func<T> find)
    {
        if (TryGet(query, version, mayLag, out var known))
        {
            return known;
        }

        var answer = find();
        Keep(query, version, answer);
        return answer;
    }

    private bool TryGet(TQuery query, long version, bool mayLag, [NotNullWhen(true)] out T? answer)
    {
        lock (_gate)
        {
            for (var node = _answers.First; node is not null; node = node.Next)
            {
                if (node.Value.Query.Equals(query) && (node.Value.Version == version || (mayLag && time.GetElapsedTime(node.Value.At) < LongestLag)))
                {
                    _answers.Remove(node);
                    _answers.AddFirst(node);
                    answer = node.Value.Answer;
                    return true;
                }
            }
        }

        answer = null;
        return false;
    }

    private void Keep(TQuery query, long version, T answer)
    {
        lock (_gate)
        {
            for (var node = _answers.First; node is not null;)
            {
                (var old, node) = (node, node.Next);
                if (old.Value.Query.Equals(query))
                {
                    _answers.Remove(old);
                }
            }

            _answers.AddFirst((query, version, time.GetTimestamp(), answer));
            while (_answers.Count > 1 && _answers.Sum(a => size(a.Answer)) > most)
            {
                _answers.RemoveLast();
            }
        }
    }
}
