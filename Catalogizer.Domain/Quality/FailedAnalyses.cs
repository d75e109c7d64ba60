using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Quality;

/// <summary>A page of versions whose analysis failed.</summary>
/// <param name="Total">Their number on all pages.</param>
public sealed record FailedAnalysisPage(IReadOnlyList<FailedAnalysis> Analyses, long Total);

/// <summary>Lists the versions whose analysis failed, for users who work through them.</summary>
public sealed class FailedAnalyses(IQualityStore store)
{
    private const int MaxCount = 10_000;

    /// <param name="sourceId">Null for all sources.</param>
    /// <exception cref="PermissionDeniedException"/>
    public async Task<FailedAnalysisPage> ListAsync(Actor actor, long? sourceId, int count, CancellationToken cancellation)
    {
        var counts = await CountAsync(actor, cancellation);
        var analyses = await store.ListFailedAsync(sourceId, Math.Clamp(count, 1, MaxCount), cancellation);
        return new FailedAnalysisPage(
            [.. analyses.Select(c => c with { Error = c.Error.RedactFor(actor, "The file cannot be read as media.") ?? "" })],
            sourceId is { } id ? counts.GetValueOrDefault(id) : counts.Values.Sum());
    }

    /// <summary>Number of versions whose analysis failed, by source id.</summary>
    /// <exception cref="PermissionDeniedException"/>
    public Task<IReadOnlyDictionary<long, long>> CountAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        return store.CountFailedAsync(cancellation);
    }
}
