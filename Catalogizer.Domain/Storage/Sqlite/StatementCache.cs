using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Prepares each statement of a batch once, by its SQL.</summary>
internal sealed class StatementCache(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public Statement Get(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = new Statement(connection, sql));
        }

        return statement;
    }

    /// <summary>The numbers in the first column of the rows.</summary>
    public List<long> ReadNumbers(string sql, params ReadOnlySpan<long> values)
    {
        var rows = Get(sql);
        for (var i = 0; i < values.Length; i++)
        {
            rows.Bind(i + 1, values[i]);
        }

        var numbers = new List<long>();
        while (rows.Read())
        {
            numbers.Add(rows.Int64(0));
        }

        return numbers;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
    }
}
