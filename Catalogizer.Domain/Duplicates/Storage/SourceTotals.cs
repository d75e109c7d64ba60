
namespace Catalogizer.Domain.Duplicates.Storage;

/// <summary>Sums a group's bytes and copies by source.</summary>
internal static class SourceTotals
{
    /// <summary>By source; 0 is the whole group.</summary>
    public static SortedDictionary<long, (long Bytes, int Copies)> From(IEnumerable<(long Source, long Bytes)> copies)
    {
        var totals = new SortedDictionary<long, (long Bytes, int Copies)>();
        foreach (var (source, bytes) in copies)
        {
            foreach (var key in (ReadOnlySpan<long>)[0, source])
            {
                var previous = totals.GetValueOrDefault(key);
                totals[key] = (previous.Bytes + bytes, previous.Copies + 1);
            }
        }

        return totals;
    }
}
