using System.Runtime.CompilerServices;
using Catalogizer.Domain.Accounts;

namespace Catalogizer.Domain.Duplicates;

/// <summary>Tells which copies one could do without. It only tells: nothing here or anywhere else deletes a file.</summary>
public sealed class DuplicateService(IDuplicateStore store)
{
    /// <summary>One page of groups, the most bytes to win first.</summary>
    public Task<DuplicatePage> PageAsync(Actor actor, DuplicateQuery query, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        return store.PageAsync(query with { Limit = Math.Clamp(query.Limit, 1, 200) }, cancellation);
    }

    /// <summary>How much could be won, by kind, source and type; source 0 is all of them.</summary>
    public Task<IReadOnlyList<DuplicateSummary>> SummariesAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        return store.SummariesAsync(cancellation);
    }

    /// <summary>Every group, a page at a time.</summary>
    public async IAsyncEnumerable<DuplicateView> AllAsync(Actor actor, DuplicateQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        for (var next = query with { Limit = 200 }; ;)
        {
            var page = await store.PageAsync(next, cancellation);
            foreach (var group in page.Groups)
            {
                yield return group;
            }

            if (page.Next is not { } cursor)
            {
                yield break;
            }

            next = next with { Cursor = cursor };
        }
    }
}
