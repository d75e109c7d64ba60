using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Library.Merging;

/// <summary>
/// A user's decision on which items are one, or on the item of a version. It overrides what names say, in every scan and
/// redetection, until it is undone. Row of <c>work_joins</c>.
/// </summary>
public sealed class ItemMerge
{
    public long Id { get; set; }

    public MergeKind Kind { get; set; }

    /// <summary>The item that was merged into the other one, or that the version was split from.</summary>
    public long FromItem { get; set; }

    /// <summary>The identity that names give the merged item; null for a version.</summary>
    public string? Identity { get; set; }

    /// <summary>The version; null for a whole item.</summary>
    public long? VersionId { get; set; }

    public long ToItem { get; set; }

    /// <summary>The decision that caused this one, such as the merge of the series of an episode.</summary>
    public long? PartOf { get; set; }

    /// <summary>The title of the merged item, or the version's path.</summary>
    public string Title { get; set; } = "";

    /// <summary>The data needed for an undo, as JSON.</summary>
    public string? Kept { get; set; }

    public string DecidedBy { get; set; } = "";

    public DateTimeOffset DecidedAt { get; set; }
}

public enum MergeKind
{
    /// <summary>Two items are one.</summary>
    Merge = 0,

    /// <summary>A version belongs to another item than its name says.</summary>
    Split = 1,
}

/// <summary>A decision, as pages and scripts see it.</summary>
/// <param name="Kind">merge or split.</param>
/// <param name="From">The former id of the merged item, or the item that the version was split from.</param>
/// <param name="To">The item that has it now.</param>
public sealed record ItemMergeView(long Id, string Kind, long From, long To, string ToTitle, long? VersionId, string Title, string DecidedBy, DateTimeOffset DecidedAt);

/// <summary>Applies users' decisions to plans made from names: which items are one, and which versions belong to others.</summary>
public sealed class ItemMerges(IReadOnlyDictionary<string, ItemNode> itemsByIdentity, IReadOnlyDictionary<long, ItemNode> itemsByVersion)
{
    /// <summary>The identities that decisions name, by what is left of them without marks.</summary>
    private readonly ILookup<string, string> _variants = itemsByIdentity.Keys.ToLookup(ItemIdentity.RemoveMarks, StringComparer.Ordinal);

    public static ItemMerges None { get; } = new(new Dictionary<string, ItemNode>(), new Dictionary<long, ItemNode>());

    /// <param name="versionId">The version of the file, if it is known already.</param>
    /// <param name="hasItem">Whether there is an item of an identity: it goes before a decision on one with other marks.</param>
    /// <param name="current">The identity of the item that has the file: it stays there where its name alone leaves it open.</param>
    public ItemPlan Map(ItemPlan plan, long? versionId, Func<string, bool>? hasItem = null, string? current = null)
    {
        if (versionId is { } id && itemsByVersion.TryGetValue(id, out var mapped))
        {
            return plan with { Leaf = mapped };
        }

        if (itemsByIdentity.Count == 0)
        {
            return plan;
        }

        var leaf = Map(plan.Leaf, hasItem, current);
        return ReferenceEquals(leaf, plan.Leaf) ? plan : plan with { Leaf = leaf };
    }

    /// <summary>The identity of a part after its parent's changed; it starts with the identity of the parent.</summary>
    public static string RebaseIdentity(string identity, string oldParent, string newParent) =>
        identity.StartsWith(oldParent, StringComparison.Ordinal) && identity.AsSpan(oldParent.Length).StartsWith('|') ? newParent + identity[oldParent.Length..] : identity;

    private static bool Holds(string identity, string current) => current == identity || RebaseIdentity(current, identity, "") != current;

    private ItemNode Map(ItemNode node, Func<string, bool>? hasItem, string? current)
    {
        var parent = node.Parent is null ? null : Map(node.Parent, hasItem, current);
        var mapped = ReferenceEquals(parent, node.Parent) ? node : node with { Parent = parent, Identity = RebaseIdentity(node.Identity, node.Parent!.Identity, parent!.Identity) };
        return itemsByIdentity.GetValueOrDefault(mapped.Identity) ?? FindVariant(mapped.Identity, hasItem, current) ?? mapped;
    }

    /// <summary>What a decision says of an identity that is the same but for marks, none of which contradict each other.</summary>
    private ItemNode? FindVariant(string identity, Func<string, bool>? hasItem, string? current)
    {
        var decided = _variants[ItemIdentity.RemoveMarks(identity)]
            .Where(other => ItemIdentity.Fits(identity, other) && !ItemIdentity.AreToldApart(identity, itemsByIdentity[other].Identity)).ToList();
        if (decided.Count == 0 || (current is not null && Holds(identity, current)))
        {
            return null;
        }

        var targets = decided.Select(other => itemsByIdentity[other]).DistinctBy(item => item.Identity).ToList();
        if (current is not null && targets.Find(item => Holds(item.Identity, current)) is { } same)
        {
            return same;
        }

        if (hasItem?.Invoke(identity) == true)
        {
            return null;
        }

        return targets is [var only] ? only : ItemIdentity.Choose(identity, decided) is { } chosen ? itemsByIdentity[decided[chosen]] : null;
    }
}

/// <summary>Saves users' decisions on which items are one, with their audit log entries. Each is one write transaction that survives a power cut.</summary>
public interface IItemMergeStore
{
    /// <returns>Why it was refused; null on success.</returns>
    Task<Error?> MergeAsync(long from, long into, string userName, AuditEntry auditEntry, CancellationToken cancellation);

    /// <param name="to">The item to move the version to; null for a new one.</param>
    /// <param name="createAuditEntry">Creates the audit log entry from the id of the item that has the version now.</param>
    /// <returns>The item that has the version now.</returns>
    Task<Result<long>> SplitAsync(long version, long? to, string? title, int? year, string userName, Func<long, AuditEntry> createAuditEntry, CancellationToken cancellation);

    /// <summary>Undoes a decision and restores merged items. The caller has to place their files again, see <see cref="UndoneMerge"/>.</summary>
    Task<Result<UndoneMerge>> UndoAsync(long mergeId, Func<UndoneMerge, AuditEntry> createAuditEntry, CancellationToken cancellation);

    /// <summary>Counts items again once their files are placed, and removes those that got no file back.</summary>
    Task RecountAsync(IReadOnlyCollection<long> items, CancellationToken cancellation);

    /// <summary>Decisions that gave an item something or took something from it, the newest first.</summary>
    Task<IReadOnlyList<ItemMergeView>> ForItemAsync(long item, CancellationToken cancellation);
}

/// <summary>What remains to be done after an undo.</summary>
/// <param name="Item">The item that is restored, or that the version was split from.</param>
/// <param name="Folders">The folders of the files.</param>
/// <param name="Versions">Versions whose names are to be detected again.</param>
/// <param name="Items">Items to count again.</param>
public sealed record UndoneMerge(long Item, long PreviousItem, IReadOnlyCollection<long> Folders, IReadOnlySet<long> Versions, IReadOnlyCollection<long> Items);
