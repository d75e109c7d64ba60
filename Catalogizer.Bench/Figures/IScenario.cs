using Catalogizer.Bench.Report;

namespace Catalogizer.Bench.Figures;

/// <summary>An end-to-end measurement, and the result rows it produces.</summary>
internal interface IScenario
{
    /// <summary>The name for <c>--only</c>.</summary>
    string Name { get; }

    /// <param name="quick">Fewer repetitions: for a rough check, not for a verdict.</param>
    Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick);
}
