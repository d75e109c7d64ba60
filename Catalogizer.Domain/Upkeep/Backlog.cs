namespace Catalogizer.Domain.Upkeep;

/// <summary>How much of something is still to be done.</summary>
public readonly record struct WorkLeft(long Left, long Total);

/// <summary>What scans brought and nobody has worked through yet.</summary>
/// <param name="Analysis">Copies to be analysed.</param>
/// <param name="Lookup">Items to be looked up with metadata providers.</param>
/// <param name="LookupTrouble">Why no provider can be asked now, in a sentence or two; null when one can.</param>
public sealed record Backlog(WorkLeft Analysis, WorkLeft Lookup, string? LookupTrouble)
{
    public static Backlog None { get; } = new(default, default, null);

    public bool IsEmpty => Analysis.Left == 0 && Lookup.Left == 0;
}
