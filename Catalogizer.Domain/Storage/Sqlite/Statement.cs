using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>A prepared statement for the hot paths, where a command object per call costs more than SQLite's own work.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private readonly Stack<Statement>? _home;
    private byte[] _utf8 = new byte[1024];

    /// <param name="home">Where it goes when it is disposed of, to be used again; null to end it.</param>
    public Statement(SqliteConnection connection, string sql, Stack<Statement>? home = null)
    {
        _db = connection.Handle!;
        _home = home;
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : Null(index);

    public Statement Bind(int index, double value)
    {
        Check(raw.sqlite3_bind_double(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, double? value) => value is { } number ? Bind(index, number) : Null(index);

    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return Null(index);
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most > _utf8.Length)
        {
            _utf8 = new byte[most];
        }

        var length = Encoding.UTF8.GetBytes(value, _utf8);
        Check(raw.sqlite3_bind_text(_statement, index, _utf8.AsSpan(0, length)));
        return this;
    }

    /// <summary>Runs a statement that answers nothing, and makes it ready again.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }
    }

    /// <summary>Moves to the next row; false, and ready again, after the last.</summary>
    public bool Read()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return false;
    }

    /// <summary>Gives up the rows that are left.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    public int Int32(int column) => raw.sqlite3_column_int(_statement, column);

    public int? Int32OrNull(int column) => IsNull(column) ? null : Int32(column);

    public double Double(int column) => raw.sqlite3_column_double(_statement, column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : Double(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string() ?? "";

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose()
    {
        if (_home is null)
        {
            Finish();
            return;
        }

        Reset();
        _home.Push(this);
    }

    /// <summary>Ends the statement, kept or not.</summary>
    public void Finish() => _statement.Dispose();

    private Statement Null(int index)
    {
        Check(raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _db);
}
