using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Brings sort titles to the present rule, which may be newer than the one they were stored by. Repeating it changes nothing.</summary>
public sealed class SortTitles : IDisposable
{
    private const int BatchSize = 2000;

    private readonly ReadSessionPool _sessions;
    private readonly WriterQueue _writer;

    internal SortTitles(SqliteFile file, WriterQueue writer) => (_sessions, _writer) = (new ReadSessionPool(file), writer);

    public void Dispose() => _sessions.Dispose();

    public async Task UpdateAsync(CancellationToken cancellation)
    {
        for (long? after = 0; after is { } from;)
        {
            cancellation.ThrowIfCancellationRequested();
            var outdated = new List<(long Id, string SortTitle, string Title)>();
            after = await Task.Run(() => _sessions.Read((session, _) => FindOutdated(session, from, outdated)), cancellation);
            if (outdated.Count > 0)
            {
                await _writer.RunAsync(
                    connection =>
                    {
                        using var update = new Statement(connection, "UPDATE media_items SET sort_title = ?2 WHERE id = ?1 AND title = ?3");
                        outdated.ForEach(item => update.Bind(1, item.Id).Bind(2, item.SortTitle).Bind(3, item.Title).Run());
                    },
                    durable: false,
                    cancellation);
            }
        }
    }

    /// <returns>The last item read; null at the end.</returns>
    private static long? FindOutdated(ReadSession session, long after, List<(long Id, string SortTitle, string Title)> outdated)
    {
        using var rows = session.Prepare($"SELECT id, title, sort_title FROM media_items WHERE id > ?1 AND title IS NOT NULL ORDER BY id LIMIT {BatchSize}");
        rows.Bind(1, after);
        long? last = null;
        while (rows.Read())
        {
            last = rows.Int64(0);
            if (TextNormalizer.ToSortTitle(rows.Text(1)) is var sortTitle && sortTitle != rows.TextOrNull(2))
            {
                outdated.Add((last.Value, sortTitle, rows.Text(1)));
            }
        }

        return last;
    }
}
