namespace Catalogizer.Bench.Comparing;

/// <summary>
/// A cost that can be measured for any build, using only what all builds have in common: commands, pages and the HTTP API. It must not use the
/// Domain of this process.
/// </summary>
internal interface IBuildCost
{
    /// <summary>The name for <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>Measures one run. Returns the same costs in the same order each time.</summary>
    Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick);
}
