using Catalogizer.Domain.Auditing;

namespace Catalogizer.Domain.Media;

/// <summary>
/// What a person said of which works are one: it stands over what names say, for every scan and every reading to come, until it is
/// taken back. Row of <c>work_joins</c>.
/// </summary>
public sealed class WorkJoin
{
    public long Id { get; set; }

    public JoinKind Kind { get; set; }

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
public enum JoinKind
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
public sealed record WorkJoinView(long Id, string Kind, long From, long To, string ToTitle, long? VersionId, string Title, string DecidedBy, DateTimeOffset DecidedAt);

/// <summary>Laid over what names say: where works are one, and copies of others, by decision.</summary>
public sealed class WorkJoins(IReadOnlyDictionary<string, WorkNode> works, IReadOnlyDictionary<long, WorkNode> copies)
{
    public static WorkJoins None { get; } = new(new Dictionary<string, WorkNode>(), new Dictionary<long, WorkNode>());

    /// <param name="copy">The copy that the file is of, where it is known already.</param>
    public WorkPlan Map(WorkPlan plan, long? copy)
    {
        if (copy is { } id && copies.TryGetValue(id, out var told))
        {
            return plan with { Leaf = told };
        }

        if (works.Count == 0)
        {
            return plan;
        }

        var leaf = Map(plan.Leaf);
        return ReferenceEquals(leaf, plan.Leaf) ? plan : plan with { Leaf = leaf };
    }

    /// <summary>What an identity is once the work above it is another one; parts are named after what they lie below.</summary>
    public static string Below(string identity, string above, string now) =>
        identity.StartsWith(above + "|", StringComparison.Ordinal) ? now + identity[above.Length..] : identity;

    private WorkNode Map(WorkNode node)
    {
        var parent = node.Parent is null ? null : Map(node.Parent);
        var mapped = ReferenceEquals(parent, node.Parent) ? node : node with { Parent = parent, Identity = Below(node.Identity, node.Parent!.Identity, parent!.Identity) };
        return works.GetValueOrDefault(mapped.Identity, mapped);
    }
}

/// <summary>Writes what people say of which works are one, with what the audit log says of it. Each is one turn of the writer, kept through a power cut.</summary>
public interface IWorkJoins
{
    /// <returns>Why not; null when it is done.</returns>
    Task<Common.Error?> MergeAsync(long from, long into, string by, AuditEntry told, CancellationToken cancellation);

    /// <param name="to">The work the copy is of; null for one of its own.</param>
    /// <param name="told">From the work that has the copy now.</param>
    /// <returns>The work that has the copy now.</returns>
    Task<Common.Result<long>> SplitAsync(long version, long? to, string? title, int? year, string by, Func<long, AuditEntry> told, CancellationToken cancellation);

    /// <summary>Takes a decision back: works that went are there again. Their files are placed by whoever asks, see <see cref="UndoneJoin"/>.</summary>
    Task<Common.Result<UndoneJoin>> UndoAsync(long join, Func<UndoneJoin, AuditEntry> told, CancellationToken cancellation);

    /// <summary>Counts works anew once their files are placed; those that nothing came back to go.</summary>
    Task TidyAsync(IReadOnlyCollection<long> items, CancellationToken cancellation);

    /// <summary>Decisions by which an item has what it has, and what went from it, the newest first.</summary>
    Task<IReadOnlyList<WorkJoinView>> OfAsync(long item, CancellationToken cancellation);
}

/// <summary>What is still to do after a decision was taken back.</summary>
/// <param name="Item">The work that is there again, or that the copy was taken from.</param>
/// <param name="Folders">Where the files lie.</param>
/// <param name="Versions">Copies whose names are to be read again.</param>
/// <param name="Items">Works to count anew.</param>
public sealed record UndoneJoin(long Item, long Was, IReadOnlyCollection<long> Folders, IReadOnlySet<long> Versions, IReadOnlyCollection<long> Items);
