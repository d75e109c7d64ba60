using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// A prepared statement for the hot paths, where a command object per call costs more than SQLite's own work. Values are passed directly to
/// the library, without the marshalling of safe handles; <see cref="SqlCipher.Load"/> has loaded it before any statement is created.
/// </summary>
internal sealed unsafe partial class Statement : IDisposable
{
    private const string Library = "e_sqlite3";
    private static readonly nint Transient = -1;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _handle;
    private nint _statement;
    private readonly Stack<Statement>? _pool;
    private byte[] _utf8 = new byte[256];

    /// <param name="pool">Where it goes on disposal, to be used again; null to finalise it.</param>
    public Statement(SqliteConnection connection, string sql, Stack<Statement>? pool = null)
    {
        _db = connection.Handle!;
        _pool = pool;
        ThrowIfFailed(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _handle));
        _statement = _handle.DangerousGetHandle();
    }

    public Statement Bind(int index, long value)
    {
        ThrowIfFailed(sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public Statement Bind(int index, double value)
    {
        ThrowIfFailed(sqlite3_bind_double(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, double? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        var maxBytes = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (maxBytes > _utf8.Length)
        {
            _utf8 = new byte[maxBytes];
        }

        var length = Encoding.UTF8.GetBytes(value, _utf8);
        fixed (byte* text = _utf8)
        {
            ThrowIfFailed(sqlite3_bind_text(_statement, index, text, length, Transient));
        }

        return this;
    }

    public Statement Bind(int index, byte[]? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        ThrowIfFailed(raw.sqlite3_bind_blob(_handle, index, value));
        return this;
    }

    /// <summary>Runs a statement that returns no rows, and resets it.</summary>
    public void Run()
    {
        var code = sqlite3_step(_statement);
        _ = sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            ThrowIfFailed(code);
        }
    }

    /// <summary>Moves to the next row; after the last one returns false and resets the statement.</summary>
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
            ThrowIfFailed(code);
        }

        return false;
    }

    /// <summary>Discards the remaining rows.</summary>
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

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_blob(_handle, column).ToArray();

    public void Dispose()
    {
        if (_pool is null)
        {
            Release();
            return;
        }

        Reset();
        _pool.Push(this);
    }

    /// <summary>Finalises the statement, pooled or not.</summary>
    public void Release()
    {
        // The library rejects a call with a null statement; one with a finalised statement would crash the process.
        _statement = 0;
        _handle.Dispose();
    }

    private Statement BindNull(int index)
    {
        ThrowIfFailed(sqlite3_bind_null(_statement, index));
        return this;
    }

    private void ThrowIfFailed(int code)
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
