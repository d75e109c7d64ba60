using System.Globalization;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Health;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Checks the encrypted file page by page, the search tables against the items, and the counters against a recount.</summary>
internal sealed class SqliteStorageCheck(SqliteFile file, WriterQueue writer) : IStorageCheck
{
    private const string Rebuilding = " With --repair it is built anew.";

    public async IAsyncEnumerable<DoctorFinding> CheckAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (what, remedy, check) in new (string, string, Func<SqliteConnection, string?>)[]
        {
            ("key and cipher", "", Cipher),
            ("database pages", "", connection => Rows(connection, "PRAGMA integrity_check", ok: "ok")),
            ("search index (text)", Rebuilding, connection => Fts(connection, "media_search")),
            ("search index (titles)", Rebuilding, connection => Fts(connection, "media_titles")),
            ("counters", Rebuilding, Counters),
        })
        {
            var problem = await Task.Run(() => Try(check), cancellation);
            yield return new DoctorFinding(what, problem is null, problem is null ? "In order." : $"{problem.TrimEnd('.')}.{remedy}");
        }
    }

    public Task<(long Works, long Files)> RebuildAsync(CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            CatalogueFollower.Rebuild(connection);
            using var counted = new Statement(connection, "SELECT (SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = 0), (SELECT coalesce(sum(files), 0) FROM file_counts)");
            counted.Read();
            return (counted.Int64(0), counted.Int64(1));
        },
        durable: true,
        cancellation);

    private string? Try(Func<SqliteConnection, string?> check)
    {
        try
        {
            using var connection = file.OpenConnection();
            return check(connection);
        }
        catch (SqliteException exception)
        {
            return exception.Message;
        }
    }

    private static string? Cipher(SqliteConnection connection) => Rows(connection, "PRAGMA cipher_integrity_check", ok: null);

    private static string? Fts(SqliteConnection connection, string table)
    {
        SqlCipher.Execute(connection, $"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)");
        return null;
    }

    private static string? Counters(SqliteConnection connection)
    {
        using var works = new Statement(connection, "SELECT (SELECT count(*) FROM media_items WHERE is_work = 1), (SELECT coalesce(sum(n), 0) FROM facet_counts WHERE facet = 0)");
        works.Read();
        using var files = new Statement(connection, "SELECT (SELECT count(*) FROM files), (SELECT coalesce(sum(files), 0) FROM file_counts)");
        files.Read();
        return works.Int64(0) == works.Int64(1) && files.Int64(0) == files.Int64(1)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Counted {works.Int64(1)} works and {files.Int64(1)} files; there are {works.Int64(0)} and {files.Int64(0)}.");
    }

    private static string? Rows(SqliteConnection connection, string sql, string? ok)
    {
        using var statement = new Statement(connection, sql);
        var problems = new List<string>();
        while (statement.Read() && problems.Count < 5)
        {
            if (statement.Text(0) != ok)
            {
                problems.Add(statement.Text(0));
            }
        }

        return problems.Count == 0 ? null : string.Join("; ", problems);
    }
}
