using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Catalogizer.Domain.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>
/// Everything specific to SQLCipher: loading the library, deriving the key, opening a file. The cipher settings are those of the architecture
/// brief; with 64,000 rounds of PBKDF2-SHA512, other tools with the same settings also open the file by passphrase.
/// </summary>
internal static class SqlCipher
{
    /// <summary>In bytes.</summary>
    public const int PageSize = 4096;

    /// <summary>Error codes after a wrong key: on reading the first page, and on the statements after it.</summary>
    private const int NotADatabase = 26;
    private const int OutOfMemory = 7;

    /// <summary>SQLITE_READONLY_ROLLBACK: a journal must be rolled back first, which a read-only connection cannot do.</summary>
    private const int ReadOnlyRollback = 776;

    private static readonly Version MinSqliteVersion = new(3, 51, 3);
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly Lock LoadLock = new();
    private static readonly ConditionalWeakTable<sqlite3, object> KeyedConnections = [];
    private static bool _isLoaded;

    /// <summary>Loads the library next to the program.</summary>
    /// <exception cref="StartupException">The library is missing, or its SQLite is too old.</exception>
    public static void Load()
    {
        lock (LoadLock)
        {
            if (_isLoaded)
            {
                return;
            }

            var library = Path.Combine(AppContext.BaseDirectory, "libe_sqlcipher.so");
            if (!File.Exists(library))
            {
                throw new StartupException($"The SQLCipher library is missing at {library}. Build the program again.");
            }

            // For the provider's own calls and for those of Statement.
            foreach (var caller in (ReadOnlySpan<Assembly>)[typeof(SQLite3Provider_e_sqlite3).Assembly, typeof(Statement).Assembly])
            {
                NativeLibrary.SetDllImportResolver(caller, (name, _, _) => name == "e_sqlite3" ? NativeLibrary.Load(library) : 0);
            }

            raw.SetProvider(new SQLite3Provider_e_sqlite3());

            var version = Version.Parse(raw.sqlite3_libversion().utf8_to_string());
            if (version < MinSqliteVersion)
            {
                throw new StartupException($"SQLite {version} is too old: {MinSqliteVersion} or later is needed. Build the SQLCipher library again.");
            }

            _isLoaded = true;
        }
    }

    /// <summary>
    /// The raw key for one file, as SQLCipher's blob literal: 32 bytes of key, 16 of salt. Derived once per process, because a new connection by
    /// passphrase costs 25 ms of a core and one by raw key 0.2 ms. A passphrase that is itself a raw key, 64 hexadecimal digits as
    /// <c>x'…'</c>, is used directly, as in SQLCipher's own tools.
    /// </summary>
    public static string DeriveRawKey(string passphrase, string file)
    {
        var salt = new byte[16];
        if (!TryReadSalt(file, salt))
        {
            RandomNumberGenerator.Fill(salt);
        }

        var key = IsRawKey(passphrase)
            ? Convert.FromHexString(passphrase.AsSpan(2, 64))
            : Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), salt, 64000, HashAlgorithmName.SHA512, 32);
        return "x'" + Convert.ToHexStringLower(key) + Convert.ToHexStringLower(salt) + "'";
    }

    private static bool IsRawKey(string passphrase) =>
        passphrase.Length == 67 && passphrase.StartsWith("x'", StringComparison.Ordinal) && passphrase[^1] == '\'' && passphrase.AsSpan(2, 64).IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>Sets the key and the options of a connection just opened; one that comes from the pool still has them.</summary>
    public static void Configure(SqliteConnection connection, string rawKey, string synchronous)
    {
        if (KeyedConnections.TryGetValue(connection.Handle!, out _))
        {
            return;
        }

        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA busy_timeout = 10000;
            PRAGMA cipher_log_level = NONE;
            PRAGMA key = "{rawKey}";
            PRAGMA cipher_page_size = {PageSize};
            PRAGMA kdf_iter = 64000;
            PRAGMA cipher_hmac_algorithm = HMAC_SHA512;
            PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;
            PRAGMA foreign_keys = ON;
            PRAGMA cache_size = -16000;
            PRAGMA temp_store = MEMORY;
            PRAGMA synchronous = {synchronous};
            """));
        KeyedConnections.TryAdd(connection.Handle!, KeyedConnections);
    }

    /// <summary>Opens the file once to check the key, and puts it in WAL mode.</summary>
    /// <exception cref="StartupException">The key is wrong or the file is not a database; it is left untouched.</exception>
    public static void Verify(string file, string rawKey)
    {
        try
        {
            // Read-only first: closing a writable connection would copy a left-over WAL into the file, even with a wrong key. SQLite has to judge
            // the key rather than our own check of the first page: after a power cut that page may be torn and intact only in the WAL.
            if (File.Exists(file) && new FileInfo(file).Length > 0)
            {
                VerifyKey(file, rawKey);
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is NotADatabase or OutOfMemory)
        {
            throw new StartupException(
                $"The database {file} does not open with this key. Give the right one with {DatabaseKey.EnvironmentVariable} or put the right key file back; the file was left untouched.", exception);
        }
        catch (SqliteException exception)
        {
            throw new StartupException($"The database {file} cannot be opened: {exception.Message}", exception);
        }

        try
        {
            Run(file, rawKey, SqliteOpenMode.ReadWriteCreate, "PRAGMA journal_mode = WAL");
        }
        catch (SqliteException exception)
        {
            throw new StartupException($"The database {file} cannot be opened for writing. {StorageErrors.Describe(exception)}", exception);
        }
    }

    private static void VerifyKey(string file, string rawKey)
    {
        const string Sql = "SELECT count(*) FROM sqlite_master";
        try
        {
            Run(file, rawKey, SqliteOpenMode.ReadOnly, Sql);
        }
        catch (SqliteException exception) when (exception.SqliteExtendedErrorCode == ReadOnlyRollback)
        {
            // The process was killed before WAL mode was set: SQLite restores the pages saved in the journal, whatever the key.
            Run(file, rawKey, SqliteOpenMode.ReadWrite, Sql);
        }
    }

    private static void Run(string file, string rawKey, SqliteOpenMode mode, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        Configure(connection, rawKey, "NORMAL");
        Execute(connection, sql);
    }

    /// <summary>The number of rows that the last INSERT, UPDATE or DELETE changed.</summary>
    public static int CountChanges(SqliteConnection connection) => raw.sqlite3_changes(connection.Handle!);

    /// <summary>Ends the running statement with an error when the token is cancelled, until the registration is disposed.</summary>
    public static CancellationTokenRegistration InterruptOnCancel(SqliteConnection connection, CancellationToken cancellation) =>
        cancellation.UnsafeRegister(static handle => raw.sqlite3_interrupt((sqlite3)handle!), connection.Handle);

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static bool TryReadSalt(string file, byte[] salt)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return stream.ReadAtLeast(salt, salt.Length, throwOnEndOfStream: false) == salt.Length;
    }
}
