using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Library;

/// <summary>The sources that have versions of an item, and their presence as found. Row of <c>holdings</c>; a few hundred at most.</summary>
public sealed class PresenceSetRow
{
    public int Id { get; set; }

    /// <summary>
    /// Comma-separated versions as "source:presence" or, with known quality, "source:presence:resolution:codec", ordered by source and
    /// quality; empty for an item without versions.
    /// </summary>
    public required string Pattern { get; set; }

    /// <summary>The best lifecycle of its sources.</summary>
    public SourceLifecycle Standing { get; set; }
}
