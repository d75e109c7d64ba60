using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Counts rows a range of ids at a time, so that no read keeps the write-ahead log from being cleared.</summary>
internal static class RangeCounter
{
    private const long RangeSize = 20_000;

    /// <param name="count">
    /// Counts the ids above the first argument up to the second, and returns the highest existing id; null while a first scan runs.
    /// </param>
    public static async Task<BacklogCount?> CountAsync(Func<long, long, Task<(BacklogCount Found, long Last)?>> count)
    {
        var sum = default(BacklogCount);
        for (var after = 0L; ; after += RangeSize)
        {
            if (await count(after, after + RangeSize) is not { } range)
            {
                return null;
            }

            sum = new BacklogCount(sum.Left + range.Found.Left, sum.Total + range.Found.Total);
            if (after + RangeSize >= range.Last)
            {
                return sum;
            }
        }
    }
}
