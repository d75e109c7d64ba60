using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// A prepared statement for the hot paths, where a command object per call costs more than SQLite's own work. Values go to the
/// library directly, past the marshalling of safe handles; <see cref="SqlCipher.Load"/> has loaded it before any statement is made.
/// </summary>
internal sealed unsafe partial class Statement : IDisposable
{
    private const string Library = "e_sqlite3";
    private static readonly nint CopyIt = -1;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _owner;
    private nint _statement;
    private readonly Stack<Statement>? _home;
    private byte[] _utf8 = new byte[256];

    /// <param name="home">Where it goes when it is disposed of, to be used again; null to end it.</param>
    public Statement(SqliteConnection connection, string sql, Stack<Statement>? home = null)
    {
        _db = connection.Handle!;
        _home = home;
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _owner));
        _statement = _owner.DangerousGetHandle();
    }

    public Statement Bind(int index, long value)
    {
        Check(sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : Null(index);

    public Statement Bind(int index, double value)
    {
        Check(sqlite3_bind_double(_statement, index, value));
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
        fixed (byte* text = _utf8)
        {
            Check(sqlite3_bind_text(_statement, index, text, length, CopyIt));
        }

        return this;
    }

    public Statement Bind(int index, byte[]? value)
    {
        if (value is null)
        {
            return Null(index);
        }

        Check(raw.sqlite3_bind_blob(_owner, index, value));
        return this;
    }

    /// <summary>Runs a statement that answers nothing, and makes it ready again.</summary>
    public void Run()
    {
        var code = sqlite3_step(_statement);
        _ = sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }
    }

    /// <summary>Moves to the next row; false, and ready again, after the last.</summary>
    public bool Read()
    {
        var code = sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        _ = sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return false;
    }

    /// <summary>Gives up the rows that are left.</summary>
    public void Reset() => _ = sqlite3_reset(_statement);

    public bool IsNull(int column) => sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => sqlite3_column_int64(_statement, column);

    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    public int Int32(int column) => (int)Int64(column);

    public int? Int32OrNull(int column) => IsNull(column) ? null : Int32(column);

    public double Double(int column) => sqlite3_column_double(_statement, column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : Double(column);

    public string Text(int column) => TextOrNull(column) ?? "";

    public string? TextOrNull(int column)
    {
        var text = sqlite3_column_text(_statement, column);
        return text == null ? null : Encoding.UTF8.GetString(text, sqlite3_column_bytes(_statement, column));
    }

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_blob(_owner, column).ToArray();

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
    public void Finish()
    {
        // The library refuses a call without a statement; one with a statement that has ended would crash the process.
        _statement = 0;
        _owner.Dispose();
    }

    private Statement Null(int index)
    {
        Check(sqlite3_bind_null(_statement, index));
        return this;
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _db);
        }
    }

    [LibraryImport(Library)]
    private static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    private static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_bind_double(nint statement, int index, double value);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Library)]
    private static partial int sqlite3_bind_text(nint statement, int index, byte* text, int length, nint release);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_column_type(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial double sqlite3_column_double(nint statement, int column);

    [LibraryImport(Library)]
    private static partial byte* sqlite3_column_text(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_column_bytes(nint statement, int column);
}
