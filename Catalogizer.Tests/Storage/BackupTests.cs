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

    private string Backup => _home.PathOf("backup.db");

    [Fact]
    public async Task WriteThenRestore_AnotherFolder_HasEveryRowAndIsInOrder()
    {
        var before = await MakeAsync();
        using var other = new TemporaryFolder();

        using (var data = Locked(other))
        {
            var restored = await CatalogBackup.RestoreAsync(data, TestCatalogue.Key, Backup, default);
            Assert.True(restored.IsOk, restored.Error?.Message);
            Assert.Null(restored.Value.Aside);
            Assert.Equal(before["files"], restored.Value.Report.Files);
        }

        await using var catalogue = new TestCatalogue(home: other);
        Assert.Equal(before, Counts(catalogue));
        CatalogueTruth.Check(catalogue);
        Assert.Equal(0, catalogue.Count("SELECT count(*) FROM sqlite_master WHERE name = 'backup_notes'"));
        Assert.Equal("ok", Assert.Single(catalogue.Rows("PRAGMA integrity_check")));
    }

    [Fact]
    public async Task Restore_OverACatalogue_KeepsTheOneOfBeforeAside()
    {
        var before = await MakeAsync();
        await using (var catalogue = new TestCatalogue(home: _home))
        {
            catalogue.Execute("DELETE FROM media_items");
        }

        string? aside;
        using (var data = Locked(_home))
        {
            aside = (await CatalogBackup.RestoreAsync(data, TestCatalogue.Key, Backup, default)).Value.Aside;
        }

        Assert.True(File.Exists(Path.Combine(aside!, "catalogizer.db")));
        using (var old = DatabaseCopy.Open(Path.Combine(aside!, "catalogizer.db"), TestCatalogue.Key))
        using (var count = new Statement(old, "SELECT count(*) FROM media_items"))
        {
            Assert.True(count.Read());
            Assert.Equal(0, count.Int64(0));
            count.Reset();
        }

        await using var after = new TestCatalogue(home: _home);
        Assert.Equal(before, Counts(after));
    }

    [Fact]
    public async Task Write_WhileRowsAreWritten_IsOneMomentAndReadsBackWhole()
    {
        await using var catalogue = new TestCatalogue(home: _home);
        Fill(catalogue);
        var writer = catalogue.Services.GetRequiredService<WriterQueue>();
        using var ending = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            // Each batch adds one to both tables: a copy of one moment has as many of the one as of the other.
            for (var id = 1L; !ending.IsCancellationRequested; id++)
            {
                await writer.RunAsync(
                    connection => SqlCipher.Execute(connection, $"INSERT INTO settings (key, value) VALUES ('test{id}', ''); INSERT INTO audit_logs (at, user_name, action) VALUES ({id}, 'test', 'test')"),
                    durable: false,
                    default);
            }
        });

        var made = await catalogue.Services.GetRequiredService<CatalogBackup>().WriteAsync(Backup, default);
        await ending.CancelAsync();
        await writing;

        Assert.True(made.IsOk, made.Error?.Message);
        using var copy = DatabaseCopy.Open(Backup, TestCatalogue.Key);
        using var pairs = new Statement(copy, "SELECT (SELECT count(*) FROM settings WHERE key LIKE 'test%'), (SELECT count(*) FROM audit_logs WHERE user_name = 'test')");
        Assert.True(pairs.Read());
        Assert.Equal(pairs.Int64(0), pairs.Int64(1));
        pairs.Reset();
        CatalogueTruth.Check(catalogue);
    }

    [Fact]
    public async Task Write_Encrypted_HoldsNoReadableByteAndNoKey()
    {
        await MakeAsync();

        var bytes = await File.ReadAllBytesAsync(Backup);

        Assert.Equal(-1, bytes.AsSpan().IndexOf("SQLite format 3"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("media_items"u8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
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
    public async Task Restore_Unusable_OneSentenceAndEverythingAsItWas(string fault)
    {
        await MakeAsync();
        var key = fault == "wrong key" ? "another key" : TestCatalogue.Key;
        Spoil(fault);
        var before = Snapshot();

        using var data = Locked(_home);
        var restored = await CatalogBackup.RestoreAsync(data, key, Backup, default);

        Assert.False(restored.IsOk);
        Assert.DoesNotContain('\n', restored.Error!.Message);
        Assert.Contains(Backup, restored.Error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Write_OverSomethingElse_IsRefusedAndOverABackup_Replaces()
    {
        await MakeAsync();
        await using var catalogue = new TestCatalogue(home: _home);
        var backup = catalogue.Services.GetRequiredService<CatalogBackup>();
        _home.Write("film.mkv", "a film");
        var first = File.ReadAllBytes(Backup);

        Assert.Contains("left alone", (await backup.WriteAsync(_home.PathOf("film.mkv"), default)).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("left alone", (await backup.WriteAsync(_home.PathOf("media"), default)).Error!.Message, StringComparison.Ordinal);
        Assert.False((await backup.WriteAsync(_home.PathOf("data/catalogizer.db"), default)).IsOk);
        Assert.False((await backup.WriteAsync(_home.PathOf("data/jobs.db"), default)).IsOk);
        Assert.Contains("no such folder", (await backup.WriteAsync(_home.PathOf("nowhere/backup.db"), default)).Error!.Message, StringComparison.Ordinal);
        Assert.True((await backup.WriteAsync(Backup, default)).IsOk);

        Assert.Equal("a film", File.ReadAllText(_home.PathOf("film.mkv")));
        Assert.NotEqual(first, File.ReadAllBytes(Backup));
    }

    [Fact]
    public async Task Write_DiskFull_OneSentenceAndNothingLeft()
    {
        await using var catalogue = new TestCatalogue(home: _home);
        Fill(catalogue);

        var made = await catalogue.Services.GetRequiredService<CatalogBackup>().WriteAsync("/dev/full", default);

        Assert.False(made.IsOk);
        Assert.DoesNotContain('\n', made.Error!.Message);
    }

    [Fact]
    public async Task Write_Cancelled_LeavesNothing()
    {
        await MakeAsync();
        await using var catalogue = new TestCatalogue(home: _home);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            catalogue.Services.GetRequiredService<CatalogBackup>().WriteAsync(_home.PathOf("other.db"), new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFiles(_home.Path, "other*"));
    }

    [Fact]
    public async Task ChangeKey_KeyFile_OpensWithTheNewOneAlone()
    {
        var before = await MakeAsync();
        string old;
        using (var data = Locked(_home))
        {
            File.WriteAllText(data.KeyFile, TestCatalogue.Key);
            old = (await KeyRotation.RotateAsync(data, TestCatalogue.Key, next: null, keyFile: true, default)).Value!;
        }

        Assert.Equal(TestCatalogue.Key, File.ReadAllText(old));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(old)!));
        var next = File.ReadAllText(_home.PathOf("data/catalogizer.key")).Trim();
        foreach (var database in Directory.GetFiles(_home.PathOf("data"), "*.db"))
        {
            Assert.Throws<SqliteException>(() => DatabaseCopy.Open(database, TestCatalogue.Key));
            using var opened = DatabaseCopy.Open(database, next);
        }

        using var copy = DatabaseCopy.Open(_home.PathOf("data/catalogizer.db"), next);
        Assert.Null(DatabaseCopy.FindProblem(copy, before));
    }

    [Fact]
    public async Task ChangeKey_Twice_IsBackAtTheFirst()
    {
        var before = await MakeAsync();
        using (var data = Locked(_home))
        {
            Assert.Null((await KeyRotation.RotateAsync(data, TestCatalogue.Key, "another key", keyFile: false, default)).Value);
            Assert.False((await KeyRotation.RotateAsync(data, TestCatalogue.Key, "a third", keyFile: false, default)).IsOk);
            Assert.True((await KeyRotation.RotateAsync(data, "another key", TestCatalogue.Key, keyFile: false, default)).IsOk);
        }

        Assert.Empty(Directory.GetDirectories(_home.PathOf("data")));
        await using var catalogue = new TestCatalogue(home: _home);
        Assert.Equal(before, Counts(catalogue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Replacement_EndedHalfway_IsFinishedByTheNextLock(int done)
    {
        var before = await MakeAsync();
        using (var data = Locked(_home))
        {
            File.WriteAllText(data.Database + "-wal", "of the old one");
            Directory.CreateDirectory(_home.PathOf("data/replacing-1"));
            var (from, to) = (Backup, _home.PathOf("data/replacing-1/catalogizer.db"));
            File.Copy(from, to);
            BackupFile.Unpack(to, _home.PathOf("data/replacing-1/jobs.db"), TestCatalogue.Key);
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

        Locked(_home).Dispose();

        Assert.Equal(["before-1"], Directory.GetDirectories(_home.PathOf("data")).Select(Path.GetFileName));
        Assert.Equal("of the old one", File.ReadAllText(_home.PathOf("data/before-1/catalogizer.db-wal")));
        Assert.True(File.Exists(_home.PathOf("data/before-1/catalogizer.db")));
        await using var catalogue = new TestCatalogue(home: _home);
        Assert.Equal(before, Counts(catalogue));
    }

    public void Dispose() => _home.Dispose();

    private static void Fill(TestCatalogue catalogue)
    {
        using var connection = catalogue.Services.GetRequiredService<SqliteFile>().OpenConnection();
        MadeCatalogue.Fill(connection, 500);
    }

    private static Dictionary<string, long> Counts(TestCatalogue catalogue) => Tables.ToDictionary(table => table, table => catalogue.Count($"SELECT count(*) FROM {table}"));

    /// <summary>A catalogue, and its backup.</summary>
    private async Task<Dictionary<string, long>> MakeAsync()
    {
        await using var catalogue = new TestCatalogue(home: _home);
        Fill(catalogue);
        var made = await catalogue.Services.GetRequiredService<CatalogBackup>().WriteAsync(Backup, default);
        Assert.True(made.IsOk, made.Error?.Message);
        return Counts(catalogue);
    }

    private DataDirectory Locked(TemporaryFolder home)
    {
        var data = DataDirectory.Open(_options, home.Path);
        data.AcquireLock();
        return data;
    }

    private void Spoil(string fault)
    {
        switch (fault)
        {
            case "cut":
                Cut(new FileInfo(Backup).Length * 2 / 3);
                break;
            case "cut to a page":
                Cut(4096);
                break;
            case "empty":
                Cut(0);
                break;
            case "one byte changed":
                using (var file = File.Open(Backup, FileMode.Open))
                {
                    file.Seek(file.Length / 2, SeekOrigin.Begin);
                    var value = file.ReadByte();
                    file.Seek(-1, SeekOrigin.Current);
                    file.WriteByte((byte)~value);
                }

                break;
            case "text":
                File.WriteAllText(Backup, new string('x', 20_000));
                break;
            case "plain database":
                File.Delete(Backup);
                using (var plain = new SqliteConnection($"Data Source={Backup};Pooling=False"))
                {
                    plain.Open();
                    SqlCipher.Execute(plain, "CREATE TABLE backup_notes (name, value)");
                }

                break;
            case "not a backup":
                File.Copy(_home.PathOf("data/jobs.db"), Backup, overwrite: true);
                break;
            case "newer":
                using (var newer = DatabaseCopy.Open(Backup, TestCatalogue.Key, readOnly: false))
                {
                    SqlCipher.Execute(newer, "INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Later', '99')");
                }

                break;
            case "not there":
                File.Delete(Backup);
                break;
        }
    }

    private void Cut(long length)
    {
        using var file = File.Open(Backup, FileMode.Open);
        file.SetLength(length);
    }

    private Dictionary<string, string> Snapshot() => Directory.GetFiles(_home.PathOf("data"), "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
        .ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}
