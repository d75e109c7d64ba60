using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Storage;

public sealed class BackupTests : IDisposable
{
    private static readonly string[] Tables = ["sources", "folders", "files", "media_items", "media_versions", "file_events", "scans", "holdings", "users", "settings"];

    private readonly TemporaryFolder _home = new();
    private readonly StorageOptions _options = new();

    private string BackupPath => _home.PathOf("backup.db");

    [Fact]
    public async Task WriteThenRestore_AnotherFolder_HasEveryRowAndIsInOrder()
    {
        var before = await CreateBackupAsync();
        using var other = new TemporaryFolder();

        using (var data = OpenLocked(other))
        {
            var restored = await CatalogBackup.RestoreAsync(data, TestCatalog.Key, BackupPath, default);
            Assert.True(restored.IsOk, restored.Error?.Message);
            Assert.Null(restored.Value.Aside);
            Assert.Equal(before["files"], restored.Value.Report.Files);
        }

        await using var catalog = new TestCatalog(home: other);
        Assert.Equal(before, CountRows(catalog));
        CatalogInvariants.Check(catalog);
        Assert.Equal(0, catalog.Count("SELECT count(*) FROM sqlite_master WHERE name = 'backup_notes'"));
        Assert.Equal("ok", Assert.Single(catalog.QueryRows("PRAGMA integrity_check")));
    }

    [Fact]
    public async Task Restore_OverACatalog_KeepsTheOneOfBeforeAside()
    {
        var before = await CreateBackupAsync();
        await using (var catalog = new TestCatalog(home: _home))
        {
            catalog.Execute("DELETE FROM media_items");
        }

        string? aside;
        using (var data = OpenLocked(_home))
        {
            aside = (await CatalogBackup.RestoreAsync(data, TestCatalog.Key, BackupPath, default)).Value.Aside;
        }

        Assert.True(File.Exists(Path.Combine(aside!, "catalogizer.db")));
        using (var old = DatabaseCopy.Open(Path.Combine(aside!, "catalogizer.db"), TestCatalog.Key))
        using (var count = new Statement(old, "SELECT count(*) FROM media_items"))
        {
            Assert.True(count.Read());
            Assert.Equal(0, count.Int64(0));
            count.Reset();
        }

        await using var after = new TestCatalog(home: _home);
        Assert.Equal(before, CountRows(after));
    }

    [Fact]
    public async Task Write_WhileRowsAreWritten_IsOneMomentAndReadsBackWhole()
    {
        await using var catalog = new TestCatalog(home: _home);
        Fill(catalog);
        var writer = catalog.Services.GetRequiredService<WriterQueue>();
        using var ending = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            // Each batch adds one row to both tables, so a copy of a single moment has as many in one as in the other.
            for (var id = 1L; !ending.IsCancellationRequested; id++)
            {
                await writer.RunAsync(
                    connection => SqlCipher.Execute(connection, $"INSERT INTO settings (key, value) VALUES ('test{id}', ''); INSERT INTO audit_logs (at, user_name, action) VALUES ({id}, 'test', 'test')"),
                    durable: false,
                    default);
            }
        });

        var made = await catalog.Services.GetRequiredService<CatalogBackup>().WriteAsync(BackupPath, default);
        await ending.CancelAsync();
        await writing;

        Assert.True(made.IsOk, made.Error?.Message);
        using var copy = DatabaseCopy.Open(BackupPath, TestCatalog.Key);
        using var pairs = new Statement(copy, "SELECT (SELECT count(*) FROM settings WHERE key LIKE 'test%'), (SELECT count(*) FROM audit_logs WHERE user_name = 'test')");
        Assert.True(pairs.Read());
        Assert.Equal(pairs.Int64(0), pairs.Int64(1));
        pairs.Reset();
        CatalogInvariants.Check(catalog);
    }

    [Fact]
    public async Task Write_Encrypted_HoldsNoReadableByteAndNoKey()
    {
        await CreateBackupAsync();

        var bytes = await File.ReadAllBytesAsync(BackupPath);

        Assert.Equal(-1, bytes.AsSpan().IndexOf("SQLite format 3"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("media_items"u8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(BackupPath));
        Assert.Equal(["backup.db", "data", "media"], Directory.EnumerateFileSystemEntries(_home.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("wrong key")]
    [InlineData("cut")]
    [InlineData("cut to a page")]
    [InlineData("one byte changed")]
    [InlineData("empty")]
    [InlineData("text")]
    [InlineData("plain database")]
    [InlineData("not a backup")]
    [InlineData("newer")]
    [InlineData("not there")]
    public async Task Restore_Unusable_OneSentenceAndEverythingAsItWas(string damage)
    {
        await CreateBackupAsync();
        var key = damage == "wrong key" ? "another key" : TestCatalog.Key;
        Corrupt(damage);
        var before = HashFiles();

        using var data = OpenLocked(_home);
        var restored = await CatalogBackup.RestoreAsync(data, key, BackupPath, default);

        Assert.False(restored.IsOk);
        Assert.DoesNotContain('\n', restored.Error!.Message);
        Assert.Contains(BackupPath, restored.Error.Message, StringComparison.Ordinal);
        Assert.Equal(before, HashFiles());
    }

    [Fact]
    public async Task Write_OverSomethingElse_IsRefusedAndOverABackup_Replaces()
    {
        await CreateBackupAsync();
        await using var catalog = new TestCatalog(home: _home);
        var backup = catalog.Services.GetRequiredService<CatalogBackup>();
        _home.Write("film.mkv", "a film");
        var first = File.ReadAllBytes(BackupPath);

        Assert.Contains("left alone", (await backup.WriteAsync(_home.PathOf("film.mkv"), default)).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("left alone", (await backup.WriteAsync(_home.PathOf("media"), default)).Error!.Message, StringComparison.Ordinal);
        Assert.False((await backup.WriteAsync(_home.PathOf("data/catalogizer.db"), default)).IsOk);
        Assert.False((await backup.WriteAsync(_home.PathOf("data/jobs.db"), default)).IsOk);
        Assert.Contains("no such folder", (await backup.WriteAsync(_home.PathOf("nowhere/backup.db"), default)).Error!.Message, StringComparison.Ordinal);
        Assert.True((await backup.WriteAsync(BackupPath, default)).IsOk);

        Assert.Equal("a film", File.ReadAllText(_home.PathOf("film.mkv")));
        Assert.NotEqual(first, File.ReadAllBytes(BackupPath));
    }

    [Fact]
    public async Task Write_DiskFull_OneSentenceAndNothingLeft()
    {
        await using var catalog = new TestCatalog(home: _home);
        Fill(catalog);

        var made = await catalog.Services.GetRequiredService<CatalogBackup>().WriteAsync("/dev/full", default);

        Assert.False(made.IsOk);
        Assert.DoesNotContain('\n', made.Error!.Message);
    }

    [Fact]
    public async Task Write_Cancelled_LeavesNothing()
    {
        await CreateBackupAsync();
        await using var catalog = new TestCatalog(home: _home);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            catalog.Services.GetRequiredService<CatalogBackup>().WriteAsync(_home.PathOf("other.db"), new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFiles(_home.Path, "other*"));
    }

    [Fact]
    public async Task ChangeKey_KeyFile_OpensWithTheNewOneAlone()
    {
        var before = await CreateBackupAsync();
        string old;
        using (var data = OpenLocked(_home))
        {
            File.WriteAllText(data.KeyFile, TestCatalog.Key);
            old = (await KeyRotation.RotateAsync(data, TestCatalog.Key, next: null, keyFile: true, default)).Value!;
        }

        Assert.Equal(TestCatalog.Key, File.ReadAllText(old));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(old)!));
        var next = File.ReadAllText(_home.PathOf("data/catalogizer.key")).Trim();
        foreach (var database in Directory.GetFiles(_home.PathOf("data"), "*.db"))
        {
            Assert.Throws<SqliteException>(() => DatabaseCopy.Open(database, TestCatalog.Key));
            using var opened = DatabaseCopy.Open(database, next);
        }

        using var copy = DatabaseCopy.Open(_home.PathOf("data/catalogizer.db"), next);
        Assert.Null(DatabaseCopy.FindProblem(copy, before));
    }

    [Fact]
    public async Task ChangeKey_Twice_IsBackAtTheFirst()
    {
        var before = await CreateBackupAsync();
        using (var data = OpenLocked(_home))
        {
            Assert.Null((await KeyRotation.RotateAsync(data, TestCatalog.Key, "another key", keyFile: false, default)).Value);
            Assert.False((await KeyRotation.RotateAsync(data, TestCatalog.Key, "a third", keyFile: false, default)).IsOk);
            Assert.True((await KeyRotation.RotateAsync(data, "another key", TestCatalog.Key, keyFile: false, default)).IsOk);
        }

        Assert.Empty(Directory.GetDirectories(_home.PathOf("data")));
        await using var catalog = new TestCatalog(home: _home);
        Assert.Equal(before, CountRows(catalog));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Replacement_EndedHalfway_IsFinishedByTheNextLock(int done)
    {
        var before = await CreateBackupAsync();
        using (var data = OpenLocked(_home))
        {
            File.WriteAllText(data.Database + "-wal", "of the old one");
            Directory.CreateDirectory(_home.PathOf("data/replacing-1"));
            var (from, to) = (BackupPath, _home.PathOf("data/replacing-1/catalogizer.db"));
            File.Copy(from, to);
            BackupFile.Unpack(to, _home.PathOf("data/replacing-1/jobs.db"), TestCatalog.Key);
            Directory.CreateDirectory(_home.PathOf("data/before-1"));
            Directory.CreateDirectory(_home.PathOf("data/replacing-2.part"));
            var steps = new (string From, string To)[]
            {
                ("data/catalogizer.db-wal", "data/before-1/catalogizer.db-wal"), ("data/catalogizer.db", "data/before-1/catalogizer.db"), ("data/replacing-1/catalogizer.db", "data/catalogizer.db"),
            };
            foreach (var (source, target) in steps.Take(done))
            {
                File.Move(_home.PathOf(source), _home.PathOf(target));
            }
        }

        OpenLocked(_home).Dispose();

        Assert.Equal(["before-1"], Directory.GetDirectories(_home.PathOf("data")).Select(Path.GetFileName));
        Assert.Equal("of the old one", File.ReadAllText(_home.PathOf("data/before-1/catalogizer.db-wal")));
        Assert.True(File.Exists(_home.PathOf("data/before-1/catalogizer.db")));
        await using var catalog = new TestCatalog(home: _home);
        Assert.Equal(before, CountRows(catalog));
    }

    public void Dispose() => _home.Dispose();

    private static void Fill(TestCatalog catalog)
    {
        using var connection = catalog.Services.GetRequiredService<SqliteFile>().OpenConnection();
        SyntheticCatalog.Fill(connection, 500);
    }

    private static Dictionary<string, long> CountRows(TestCatalog catalog) => Tables.ToDictionary(table => table, table => catalog.Count($"SELECT count(*) FROM {table}"));

    /// <summary>Creates a catalogue and its backup, and returns the row counts.</summary>
    private async Task<Dictionary<string, long>> CreateBackupAsync()
    {
        await using var catalog = new TestCatalog(home: _home);
        Fill(catalog);
        var made = await catalog.Services.GetRequiredService<CatalogBackup>().WriteAsync(BackupPath, default);
        Assert.True(made.IsOk, made.Error?.Message);
        return CountRows(catalog);
    }

    private DataDirectory OpenLocked(TemporaryFolder home)
    {
        var data = DataDirectory.Open(_options, home.Path);
        data.AcquireLock();
        return data;
    }

    private void Corrupt(string damage)
    {
        switch (damage)
        {
            case "cut":
                Truncate(new FileInfo(BackupPath).Length * 2 / 3);
                break;
            case "cut to a page":
                Truncate(4096);
                break;
            case "empty":
                Truncate(0);
                break;
            case "one byte changed":
                using (var file = File.Open(BackupPath, FileMode.Open))
                {
                    file.Seek(file.Length / 2, SeekOrigin.Begin);
                    var value = file.ReadByte();
                    file.Seek(-1, SeekOrigin.Current);
                    file.WriteByte((byte)~value);
                }

                break;
            case "text":
                File.WriteAllText(BackupPath, new string('x', 20_000));
                break;
            case "plain database":
                File.Delete(BackupPath);
                using (var plain = new SqliteConnection($"Data Source={BackupPath};Pooling=False"))
                {
                    plain.Open();
                    SqlCipher.Execute(plain, "CREATE TABLE backup_notes (name, value)");
                }

                break;
            case "not a backup":
                File.Copy(_home.PathOf("data/jobs.db"), BackupPath, overwrite: true);
                break;
            case "newer":
                using (var newer = DatabaseCopy.Open(BackupPath, TestCatalog.Key, readOnly: false))
                {
                    SqlCipher.Execute(newer, "INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Later', '99')");
                }

                break;
            case "not there":
                File.Delete(BackupPath);
                break;
        }
    }

    private void Truncate(long length)
    {
        using var file = File.Open(BackupPath, FileMode.Open);
        file.SetLength(length);
    }

    private Dictionary<string, string> HashFiles() => Directory.GetFiles(_home.PathOf("data"), "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
        .ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}
