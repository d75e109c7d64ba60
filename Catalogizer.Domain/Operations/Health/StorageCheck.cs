using System.Globalization;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>Checks the encrypted file page by page, the search tables against the items, and the counters against a recount.</summary>
internal sealed class StorageCheck(SqliteFile file, WriterQueue writer) : IStorageCheck
{
    private const string RepairHint = " With --repair it is built anew.";

    public bool WasUncleanShutdown => file.WasUncleanShutdown;

    public int CheckCount => 5;

    public async IAsyncEnumerable<DoctorFinding> CheckAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // The cipher check reads the file past the WAL, and a full-text table's own check counts as a write: both run in the writer queue.
        foreach (var (what, remedy, check) in new (string, string, Func<Task<Verdict>>)[]
        {
            ("key and cipher", "", () => writer.RunAsync(connection => RunCancellable(connection, CheckCipher, cancellation), durable: false, cancellation)),
            ("database pages", "", () => ReadAsync(connection => ToVerdict(ReadRows(connection, "PRAGMA integrity_check"), "ok"), cancellation)),
            ("search index (text)", RepairHint, () => writer.RunAsync(connection => RunCancellable(connection, c => CheckFullTextIndex(c, "media_search"), cancellation), durable: false, cancellation)),
            ("search index (titles)", RepairHint, () => writer.RunAsync(connection => RunCancellable(connection, c => CheckFullTextIndex(c, "media_titles"), cancellation), durable: false, cancellation)),
            ("counters", RepairHint, () => ReadAsync(CheckCounters, cancellation)),
        })
        {
            // A user may restore a backup because of a finding, so a failed check is repeated.
            var verdict = await TryCheckAsync(check);
            verdict = verdict.Problem is null ? verdict : await TryCheckAsync(check);
            yield return new DoctorFinding(what, verdict.Problem is null, verdict.Problem is { } problem ? $"{problem.TrimEnd('.')}.{remedy}" : verdict.Note ?? "In order.");
        }
    }

    public Task<(long Works, long Files)> RebuildAsync(CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            DeferredIndexes.Rebuild(connection);
            using var counted = new Statement(connection, "SELECT (SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = 0), (SELECT coalesce(sum(files), 0) FROM file_counts)");
            counted.Read();
            return (counted.Int64(0), counted.Int64(1));
        },
        durable: true,
        cancellation);

    private static async Task<Verdict> TryCheckAsync(Func<Task<Verdict>> check)
    {
        try
        {
            return await check();
        }
        catch (SqliteException exception)
        {
            return new Verdict(exception.Message);
        }
    }

    private Task<Verdict> ReadAsync(Func<SqliteConnection, Verdict> check, CancellationToken cancellation) => Task.Run(
        () =>
        {
            // One snapshot from the first read on: full-text tables recreated between preparing and running a check would fail it.
            using var connection = file.OpenConnection(readOnly: true);
            SqlCipher.Execute(connection, "BEGIN; SELECT count(*) FROM sqlite_schema");
            try
            {
                return RunCancellable(connection, check, cancellation);
            }
            finally
            {
                SqlCipher.Execute(connection, "ROLLBACK");
            }
        },
        cancellation);

    /// <summary>SQLite checks no cancellation token while it runs a statement, so it is interrupted.</summary>
    private static Verdict RunCancellable(SqliteConnection connection, Func<SqliteConnection, Verdict> check, CancellationToken cancellation)
    {
        using var registration = SqlCipher.InterruptOnCancel(connection, cancellation);
        try
        {
            return check(connection);
        }
        catch (SqliteException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    /// <summary>
    /// The cipher check reads the file itself. Two things fail it without being damage: a page that is being written at that moment, which is
    /// correct when read again, and a page that was freed before it was ever written, which is a hole of zeros. Zeros in a page in use fail the
    /// check of the database's pages.
    /// </summary>
    private Verdict CheckCipher(SqliteConnection connection)
    {
        lock (file.CheckpointLock)
        {
            var problems = ReadRows(connection, "PRAGMA cipher_integrity_check").ToHashSet();
            for (var attempt = 0; attempt < 2 && problems.Count > 0; attempt++)
            {
                problems.IntersectWith(ReadRows(connection, "PRAGMA cipher_integrity_check"));
            }

            problems.RemoveWhere(IsUnwrittenPage);
            return ToVerdict(problems, "");
        }
    }

    private bool IsUnwrittenPage(string problem)
    {
        if (!int.TryParse(problem[(problem.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out var page) || page < 1)
        {
            return false;
        }

        using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[SqlCipher.PageSize];
        return RandomAccess.Read(handle, bytes, (page - 1L) * SqlCipher.PageSize) == bytes.Length && !bytes.AsSpan().ContainsAnyExcept((byte)0);
    }

    /// <summary>Compares the index with itself, and with the items unless a bulk load is running, whose items are indexed afterwards.</summary>
    private static Verdict CheckFullTextIndex(SqliteConnection connection, string table)
    {
        var isUpToDate = !DeferredIndexes.IsSuspended(connection);
        SqlCipher.Execute(connection, $"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', {(isUpToDate ? 1 : 0)})");
        return isUpToDate ? default : new Verdict(null, "In order as far as it goes: a first scan runs, whose items come into it afterwards.");
    }

    private static Verdict CheckCounters(SqliteConnection connection)
    {
        // One statement sees one snapshot, even while a scan writes; rows of a bulk load that are not followed yet do not count.
        using var items = new Statement(connection, "SELECT (SELECT count(*) FROM media_items WHERE is_work = 1 AND id <= (SELECT items FROM catalogue_marks)), (SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = 0)");
        items.Read();
        using var files = new Statement(connection, "SELECT (SELECT count(*) FROM files WHERE id <= (SELECT files FROM catalogue_marks)), (SELECT coalesce(sum(files), 0) FROM file_counts)");
        files.Read();
        return items.Int64(0) == items.Int64(1) && files.Int64(0) == files.Int64(1)
            ? default
            : new Verdict(string.Create(CultureInfo.InvariantCulture, $"Counted {items.Int64(1)} works and {files.Int64(1)} files; there are {items.Int64(0)} and {files.Int64(0)}."));
    }

    private static Verdict ToVerdict(IEnumerable<string> rows, string ok) =>
        rows.Where(row => row != ok).Take(5).ToList() is { Count: > 0 } problems ? new Verdict(string.Join("; ", problems)) : default;

    private static IEnumerable<string> ReadRows(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        while (statement.Read())
        {
            yield return statement.Text(0);
        }
    }

    /// <param name="Problem">The problem found; null for none.</param>
    /// <param name="Note">Text to show instead of "In order." when there is no problem.</param>
    private readonly record struct Verdict(string? Problem, string? Note = null);
}
