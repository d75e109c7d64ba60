using System.Runtime.CompilerServices;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Duplicates;

/// <summary>Lists the files and versions that are not needed. It only lists them: Catalogizer never deletes files.</summary>
public sealed class DuplicateService(IDuplicateStore store)
{
    /// <summary>One page of groups, those that free the most bytes first.</summary>
    public Task<DuplicatePage> PageAsync(Actor actor, DuplicateQuery query, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        return store.PageAsync(query with { Limit = Math.Clamp(query.Limit, 1, 200) }, cancellation);
    }

    /// <summary>How many bytes can be freed, by kind, source and type; source 0 is the total of all sources.</summary>
    public Task<IReadOnlyList<DuplicateSummary>> SummariesAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        return store.SummariesAsync(cancellation);
    }

    /// <summary>All groups, read page by page.</summary>
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
