using Catalogizer.Domain.Auditing;

namespace Catalogizer.Domain.Media;

/// <summary>
/// What a person said of which works are one: it stands over what names say, for every scan and every reading to come, until it is
/// taken back. Row of <c>work_joins</c>.
/// </summary>
public sealed class ItemMerge
{
    public long Id { get; set; }

    public MergeKind Kind { get; set; }

    /// <summary>The work that went into the other one, or that the copy was taken from.</summary>
    public long FromItem { get; set; }

    /// <summary>What names call the work that went; null for a copy.</summary>
    public string? Identity { get; set; }

    /// <summary>The copy; null for a whole work.</summary>
    public long? VersionId { get; set; }

    public long ToItem { get; set; }

    /// <summary>The decision that this one follows from, such as that on the series of an episode.</summary>
    public long? PartOf { get; set; }

    /// <summary>What the work that went was called, or the copy's path.</summary>
    public string Title { get; set; } = "";

    /// <summary>What taking it back needs, as JSON.</summary>
    public string? Kept { get; set; }

    public string DecidedBy { get; set; } = "";

    public DateTimeOffset DecidedAt { get; set; }
}

/// <summary>What was said.</summary>
public enum MergeKind
{
    /// <summary>Two works are one.</summary>
    Merge = 0,

    /// <summary>A copy is of another work than its name says.</summary>
    Split = 1,
}

/// <summary>A decision, as pages and scripts see it.</summary>
/// <param name="Kind">merge or split.</param>
/// <param name="From">The address of the work that went, or the work that the copy was taken from.</param>
/// <param name="To">The work that has it now.</param>
public sealed record ItemMergeView(long Id, string Kind, long From, long To, string ToTitle, long? VersionId, string Title, string DecidedBy, DateTimeOffset DecidedAt);

/// <summary>Laid over what names say: where works are one, and copies of others, by decision.</summary>
public sealed class ItemMerges(IReadOnlyDictionary<string, ItemNode> itemsByIdentity, IReadOnlyDictionary<long, ItemNode> itemsByVersion)
{
    public static ItemMerges None { get; } = new(new Dictionary<string, ItemNode>(), new Dictionary<long, ItemNode>());

    /// <param name="versionId">The copy that the file is of, where it is known already.</param>
    public ItemPlan Map(ItemPlan plan, long? versionId)
    {
        if (versionId is { } id && itemsByVersion.TryGetValue(id, out var mapped))
        {
            return plan with { Leaf = mapped };
        }

        if (itemsByIdentity.Count == 0)
        {
            return plan;
        }

        var leaf = Map(plan.Leaf);
        return ReferenceEquals(leaf, plan.Leaf) ? plan : plan with { Leaf = leaf };
    }

    /// <summary>What an identity is once the work above it is another one; parts are named after what they lie below.</summary>
    public static string RebaseIdentity(string identity, string oldParent, string newParent) =>
        identity.StartsWith(oldParent + "|", StringComparison.Ordinal) ? newParent + identity[oldParent.Length..] : identity;

    private ItemNode Map(ItemNode node)
    {
        var parent = node.Parent is null ? null : Map(node.Parent);
        var mapped = ReferenceEquals(parent, node.Parent) ? node : node with { Parent = parent, Identity = RebaseIdentity(node.Identity, node.Parent!.Identity, parent!.Identity) };
        return itemsByIdentity.GetValueOrDefault(mapped.Identity, mapped);
    }
}

/// <summary>Writes what people say of which works are one, with what the audit log says of it. Each is one turn of the writer, kept through a power cut.</summary>
public interface IItemMergeStore
{
    /// <returns>Why not; null when it is done.</returns>
    Task<Common.Error?> MergeAsync(long from, long into, string userName, AuditEntry auditEntry, CancellationToken cancellation);

    /// <param name="to">The work the copy is of; null for one of its own.</param>
    /// <param name="createAuditEntry">From the work that has the copy now.</param>
    /// <returns>The work that has the copy now.</returns>
    Task<Common.Result<long>> SplitAsync(long version, long? to, string? title, int? year, string userName, Func<long, AuditEntry> createAuditEntry, CancellationToken cancellation);

    /// <summary>Takes a decision back: works that went are there again. Their files are placed by whoever asks, see <see cref="UndoneMerge"/>.</summary>
    Task<Common.Result<UndoneMerge>> UndoAsync(long mergeId, Func<UndoneMerge, AuditEntry> createAuditEntry, CancellationToken cancellation);

    /// <summary>Counts works anew once their files are placed; those that nothing came back to go.</summary>
    Task RecountAsync(IReadOnlyCollection<long> items, CancellationToken cancellation);

    /// <summary>Decisions by which an item has what it has, and what went from it, the newest first.</summary>
    Task<IReadOnlyList<ItemMergeView>> ForItemAsync(long item, CancellationToken cancellation);
}

/// <summary>What is still to do after a decision was taken back.</summary>
/// <param name="Item">The work that is there again, or that the copy was taken from.</param>
/// <param name="Folders">Where the files lie.</param>
/// <param name="Versions">Copies whose names are to be read again.</param>
/// <param name="Items">Works to count anew.</param>
public sealed record UndoneMerge(long Item, long PreviousItem, IReadOnlyCollection<long> Folders, IReadOnlySet<long> Versions, IReadOnlyCollection<long> Items);
