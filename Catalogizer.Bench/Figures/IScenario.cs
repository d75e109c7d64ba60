using Catalogizer.Bench.Report;

namespace Catalogizer.Bench.Figures;

/// <summary>Something to measure from end to end, and the lines it makes of it.</summary>
internal interface IScenario
{
    /// <summary>What <c>--only</c> calls it.</summary>
    string Name { get; }

    /// <param name="quick">Fewer repetitions: for a look, not for a judgement.</param>
    Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick);
}
