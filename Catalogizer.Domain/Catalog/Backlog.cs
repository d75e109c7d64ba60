namespace Catalogizer.Domain.Catalog;

/// <summary>Pending and total number of items of one kind of work.</summary>
public readonly record struct BacklogCount(long Left, long Total);

/// <summary>Work that background jobs have not processed yet.</summary>
/// <param name="Analysis">Versions to be analysed.</param>
/// <param name="Lookup">Items to be looked up with metadata providers.</param>
/// <param name="LookupTrouble">Why no provider can be queried now, for display; null when at least one can.</param>
public sealed record Backlog(BacklogCount Analysis, BacklogCount Lookup, string? LookupTrouble)
{
    public static Backlog None { get; } = new(default, default, null);

    public bool IsEmpty => Analysis.Left == 0 && Lookup.Left == 0;
}
