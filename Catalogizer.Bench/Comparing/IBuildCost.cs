namespace Catalogizer.Bench.Comparing;

/// <summary>
/// Something that is measured of any build, by what builds have in common: commands, pages and the HTTP API. Nothing of this
/// process's own Domain may be in it.
/// </summary>
internal interface IBuildCost
{
    /// <summary>What <c>--only</c> calls it.</summary>
    string Name { get; }

    /// <summary>One run; the same costs in the same order each time.</summary>
    Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick);
}
