using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Analytics;

/// <summary>The catalogue's totals at the end of a UTC day. Row of <c>analytics_days</c>.</summary>
public sealed class SnapshotDay
{
    public DateOnly Day { get; set; }

    public DateTimeOffset TakenAt { get; set; }

    public long Works { get; set; }

    /// <summary>Null for a day before the first snapshot: when a version was added is not stored.</summary>
    public long? Versions { get; set; }

    public long Files { get; set; }

    public long Bytes { get; set; }

    /// <summary>Whether it was calculated later, from when the items and files of that time were first seen; what was gone by then is not included.</summary>
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

    /// <summary>Files by size; see <see cref="SizeBands"/>.</summary>
    Size,
}

/// <summary>Counts of one value on a day. Row of <c>analytics_counts</c>; a number that makes no sense for its facet is 0.</summary>
public sealed class SnapshotCount
{
    public DateOnly Day { get; set; }

    public SnapshotFacet Facet { get; set; }

    /// <summary>The API name: "movie", a source's id, "1080p", "H.265", "1990"; for sizes the start of the band in bytes.</summary>
    public required string Value { get; set; }

    /// <summary>Items that the library lists for this value.</summary>
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

/// <summary>One of the largest items or files of the last snapshot. Row of <c>analytics_largest</c>.</summary>
public sealed class LargestEntry
{
    public LargestList List { get; set; }

    /// <summary>Counted from 1.</summary>
    public int Place { get; set; }

    /// <summary>The item, or the one that the file belongs to; null for a file without one.</summary>
    public long? ItemId { get; set; }

    /// <summary>The title of an item; the path of a file.</summary>
    public required string Name { get; set; }

    public MediaType Type { get; set; }

    /// <summary>The source of a file; null for items, which may be on several.</summary>
    public long? SourceId { get; set; }

    public long Bytes { get; set; }
}

/// <summary>The size bands in which files are counted.</summary>
public static class SizeBands
{
    private const long Megabyte = 1_000_000;

    /// <summary>The start of each band, in bytes.</summary>
    public static IReadOnlyList<long> Starts { get; } = [0, Megabyte, 10 * Megabyte, 100 * Megabyte, 1000 * Megabyte, 5000 * Megabyte, 20_000 * Megabyte, 50_000 * Megabyte];

    /// <summary>The index of the band that contains a size in bytes.</summary>
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
    /// <summary>Takes the snapshot of a day and replaces an earlier one of that day. The writer is used only for a moment at the end.</summary>
    /// <returns>False while a bulk load runs, when counters lag behind.</returns>
    Task<bool> TakeAsync(DateTimeOffset now, CancellationToken cancellation);
}
