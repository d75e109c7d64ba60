using System.Globalization;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Analytics.Storage;

/// <summary>
/// Takes snapshots. The totals come from the maintained counters; everything else is gathered in steps on a read-only connection, each step
/// in a separate read, so that neither the writer nor the write-ahead log waits for the whole.
/// </summary>
internal sealed class SnapshotStore(SqliteFile file, WriterQueue writer) : ISnapshotStore
{
    public Task<bool> TakeAsync(DateTimeOffset now, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            var day = DateOnly.FromDateTime(now.UtcDateTime);
            using var session = new ReadSession(file);
            if (SnapshotDraft.FromCounters(session) is not { } draft)
            {
                return false;
            }

            new SnapshotBuilder(session, draft).Run(cancellation);
            await writer.RunAsync(connection => Write(connection, draft, day, now), durable: false, cancellation);
            return true;
        },
        cancellation);

    private static void Write(SqliteConnection connection, SnapshotDraft draft, DateOnly day, DateTimeOffset now)
    {
        WriteDays(connection, draft, day, now);
        using (var clear = new Statement(connection, "DELETE FROM analytics_counts WHERE day = ?1"))
        {
            clear.Bind(1, FormatDay(day)).Run();
        }

        using var count = new Statement(connection, "INSERT INTO analytics_counts (day, facet, value, works, versions, files, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        foreach (var ((facet, value), amount) in draft.Counts)
        {
            count.Bind(1, FormatDay(day)).Bind(2, facet.ToString()).Bind(3, value).Bind(4, amount.Items).Bind(5, amount.Versions).Bind(6, amount.Files).Bind(7, amount.Bytes).Run();
        }

        SqlCipher.Execute(connection, "DELETE FROM analytics_largest");
        using var largest = new Statement(connection, "INSERT INTO analytics_largest (list, place, item_id, name, type, source_id, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        foreach (var entry in draft.Largest)
        {
            largest.Bind(1, entry.List.ToString()).Bind(2, (long)entry.Place).Bind(3, entry.ItemId).Bind(4, entry.Name).Bind(5, (long)entry.Type).Bind(6, entry.SourceId).Bind(7, entry.Bytes).Run();
        }
    }

    /// <summary>Writes today's totals. The first time, also writes the days before, from when the existing files and items were first seen.</summary>
    private static void WriteDays(SqliteConnection connection, SnapshotDraft draft, DateOnly today, DateTimeOffset now)
    {
        using var any = new Statement(connection, "SELECT 1 FROM analytics_days LIMIT 1");
        var isFirst = !any.Read();
        any.Reset();
        using var insert = new Statement(connection, """
            INSERT OR REPLACE INTO analytics_days (day, taken_at, works, versions, files, bytes, from_first_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """);
        void Insert(DateOnly day, SnapshotTotals amount, long? versions, bool fromFirstSeen) => insert
            .Bind(1, FormatDay(day)).Bind(2, now.ToUnixTimeMilliseconds()).Bind(3, amount.Items).Bind(4, versions).Bind(5, amount.Files).Bind(6, amount.Bytes).Bind(7, fromFirstSeen ? 1L : 0).Run();

        if (isFirst)
        {
            var sum = default(SnapshotTotals);
            foreach (var (number, amount) in draft.FirstSeen.Where(f => f.Key < today.DayNumber).OrderBy(f => f.Key))
            {
                sum = sum.Add(amount);
                Insert(DateOnly.FromDayNumber(number), sum, null, fromFirstSeen: true);
            }
        }

        Insert(today, draft.Totals, draft.Totals.Versions, fromFirstSeen: false);
    }

    private static string FormatDay(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal readonly record struct SnapshotTotals(long Items, long Versions, long Files, long Bytes)
{
    public SnapshotTotals Add(SnapshotTotals other) => new(Items + other.Items, Versions + other.Versions, Files + other.Files, Bytes + other.Bytes);
}

/// <summary>A snapshot while it is built.</summary>
internal sealed class SnapshotDraft
{
    public SnapshotTotals Totals { get; private set; }

    public Dictionary<(SnapshotFacet Facet, string Value), SnapshotTotals> Counts { get; } = [];

    /// <summary>The sources at the time when the counters were read.</summary>
    public AvailabilitySnapshot Availability { get; private set; } = null!;

    /// <summary>What was first seen on each day, by day number.</summary>
    public Dictionary<int, SnapshotTotals> FirstSeen { get; } = [];

    public List<LargestEntry> Largest { get; } = [];

    /// <summary>The totals from the counters; null while they lag behind a bulk load.</summary>
    public static SnapshotDraft? FromCounters(ReadSession session)
    {
        session.Begin();
        var availability = new AvailabilitySnapshot(session);
        var draft = availability.IsLoading ? null : new SnapshotDraft();
        draft?.AddCounters(session, availability);
        session.End();
        return draft;
    }

    public void Add(SnapshotFacet facet, string value, SnapshotTotals amount) => Counts[(facet, value)] = Counts.GetValueOrDefault((facet, value)).Add(amount);

    private void AddCounters(ReadSession session, AvailabilitySnapshot availability)
    {
        Availability = availability;
        var items = FacetCounter.ForAllItems(session, availability, () => new FacetCube(session));
        var facets = items.ToFacets();
        AddItems(SnapshotFacet.Type, facets.Type);
        AddItems(SnapshotFacet.Source, facets.Source);
        AddItems(SnapshotFacet.Resolution, facets.Resolution);
        AddItems(SnapshotFacet.Codec, facets.Codec);
        foreach (var (year, count) in facets.Year)
        {
            var decade = int.Parse(year, CultureInfo.InvariantCulture) / 10 * 10;
            Add(SnapshotFacet.Decade, decade.ToString(CultureInfo.InvariantCulture), new SnapshotTotals(count, 0, 0, 0));
        }

        var copies = VersionCounts.Read(session, availability);
        AddVersions(SnapshotFacet.Resolution, copies.Resolutions);
        AddVersions(SnapshotFacet.Codec, copies.Codecs);
        var all = new SnapshotTotals(items.Total, copies.Total, 0, 0);
        using var files = session.Prepare("SELECT source_id, sum(files), sum(bytes) FROM file_counts WHERE files > 0 GROUP BY source_id");
        while (files.Read())
        {
            if (!availability.IsCounted(files.Int64(0)))
            {
                continue;
            }

            var amount = new SnapshotTotals(0, 0, files.Int64(1), files.Int64(2));
            Add(SnapshotFacet.Source, files.Int64(0).ToString(CultureInfo.InvariantCulture), amount);
            all = all.Add(amount);
        }

        Totals = all;
    }

    private void AddVersions(SnapshotFacet facet, IReadOnlyDictionary<string, long> copies)
    {
        foreach (var (value, count) in copies)
        {
            Add(facet, value, new SnapshotTotals(0, count, 0, 0));
        }
    }

    private void AddItems(SnapshotFacet facet, IReadOnlyDictionary<string, long> items)
    {
        foreach (var (value, count) in items)
        {
            Add(facet, value, new SnapshotTotals(count, 0, 0, 0));
        }
    }
}
