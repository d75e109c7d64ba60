using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Analytics;

/// <summary>The catalogue's totals at the end of a UTC day. Row of <c>analytics_days</c>.</summary>
public sealed class SnapshotDay
{
    public DateOnly Day { get; set; }

    public DateTimeOffset TakenAt { get; set; }

    public long Works { get; set; }

    /// <summary>Null for a day before the first snapshot: when a version came is not kept.</summary>
    public long? Versions { get; set; }

    public long Files { get; set; }

    public long Bytes { get; set; }

    /// <summary>Whether it was worked out later, from when what is there now was first seen; what had gone by then is not in it.</summary>
    public bool FromFirstSeen { get; set; }
}

/// <summary>What a snapshot counts by.</summary>
public enum SnapshotFacet
{
    Type,
    Source,
    Resolution,
    Codec,
    Decade,

    /// <summary>Files by how large they are; see <see cref="SizeBands"/>.</summary>
    Size,
}

/// <summary>How much of one value there was on a day. Row of <c>analytics_counts</c>; a number that makes no sense for its facet is 0.</summary>
public sealed class SnapshotCount
{
    public DateOnly Day { get; set; }

    public SnapshotFacet Facet { get; set; }

    /// <summary>As the API has it: "movie", a source's id, "1080p", "H.265", "1990"; of sizes the least.</summary>
    public required string Value { get; set; }

    /// <summary>Works that the library lists for this value.</summary>
    public long Works { get; set; }

    public long Versions { get; set; }

    public long Files { get; set; }

    public long Bytes { get; set; }
}

public enum LargestList
{
    Work,
    File,
}

/// <summary>One of the largest works or files of the last snapshot. Row of <c>analytics_largest</c>.</summary>
public sealed class LargestEntry
{
    public LargestList List { get; set; }

    /// <summary>From 1 on.</summary>
    public int Place { get; set; }

    /// <summary>The work, or the one that the file belongs to; null for a file of none.</summary>
    public long? ItemId { get; set; }

    /// <summary>A work's title; a file's path.</summary>
    public required string Name { get; set; }

    public MediaType Type { get; set; }

    /// <summary>The source that a file lies on; null for works, which may lie on several.</summary>
    public long? SourceId { get; set; }

    public long Bytes { get; set; }
}

/// <summary>The bands that files are sorted into by size.</summary>
public static class SizeBands
{
    private const long Megabyte = 1_000_000;

    /// <summary>Where each band begins, in bytes.</summary>
    public static IReadOnlyList<long> Starts { get; } = [0, Megabyte, 10 * Megabyte, 100 * Megabyte, 1000 * Megabyte, 5000 * Megabyte, 20_000 * Megabyte, 50_000 * Megabyte];

    /// <summary>The band that a size falls into, by its number.</summary>
    public static int FindBand(long size)
    {
        var band = Starts.Count - 1;
        while (band > 0 && size < Starts[band])
        {
            band--;
        }

        return band;
    }
}

/// <summary>Takes snapshots of the catalogue.</summary>
public interface ISnapshotStore
{
    /// <summary>Takes the snapshot of a day; one that was taken earlier on it gives way. The writer is held for a moment at the end only.</summary>
    /// <returns>False while a bulk load is under way, when counters lag behind.</returns>
    Task<bool> TakeAsync(DateTimeOffset now, CancellationToken cancellation);
}
