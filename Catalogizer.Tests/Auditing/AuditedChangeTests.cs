using System.Globalization;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Auditing;

/// <summary>Audited changes are saved together with their entry: when the entry cannot be written, nothing has changed.</summary>
public sealed partial class AuditedChangeTests : IAsyncDisposable
{
    private const string GoodPassword = "correct horse battery";

    /// <summary>Entries that record events rather than requested changes, or the start and end of runs.</summary>
    private static readonly string[] ActionsWithoutChange =
        ["accounts.signIn", "accounts.signInFailed", "accounts.lock", "accounts.refresh", "accounts.refreshReused", "accounts.refused", "scans.cancel", "media.refresh"];

    /// <summary>Covered by their own tests, because they need a code or a link first; each is saved with its entry in one call.</summary>
    private static readonly string[] ActionsTestedElsewhere =
        ["accounts.secondFactorOn", "accounts.secondFactorOff", "accounts.recoveryCodes", "accounts.useLink", "users.clearSecondFactor", "users.unlock", "users.enable", "media.match"];

    private readonly TestCatalog _catalog = new(configureServices: services => services.AddAccounts(new ConfigurationBuilder().Build()).AddFastPasswordHashing());
    private Actor _anna = new(null, "nobody", []);

    public static TheoryData<string> Actions() => [.. Changes.Keys];

    private static Dictionary<string, Func<AuditedChangeTests, Task>> Changes { get; } = new()
    {
        ["sources.add"] = t => t._catalog.Sources.AddAsync(t._anna, new SourceDraft { Name = "More", Protocol = "local", Path = t.CreateFolderBeside("more") }, default),
        ["sources.update"] = t => t._catalog.Sources.UpdateAsync(t._anna, 1, new SourceDraft { Name = "Other" }, default),
        ["sources.retire"] = t => t._catalog.Sources.RetireAsync(t._anna, 1, default),
        ["sources.revive"] = t => t._catalog.Sources.ReviveAsync(t._anna, 2, default),
        ["sources.pause"] = t => t._catalog.Sources.PauseAsync(t._anna, 1, default),
        ["sources.resume"] = t => t._catalog.Sources.ResumeAsync(t._anna, 4, default),
        ["sources.remove"] = t => t.RemoveAsync(t._anna, 1),
        ["sources.undoRemove"] = t => t.Get<SourceRemoval>().UndoAsync(t._anna, 3, default),
        ["sources.purge"] = t => t.Get<SourceRemoval>().PurgeAsync(t._anna, 3, default),
        ["scans.start"] = t => t._catalog.Scans.StartAsync(t._anna, 1, ScanKind.Full, default),
        ["scans.resolve"] = t => t._catalog.Scans.ResolveAsync(t._anna, t._catalog.Count("SELECT max(id) FROM scans WHERE state = 'Held'"), DeletionDecision.Accept, default),
        ["media.edit"] = async t => await t._catalog.Media.EditAsync(t._anna, await t.FindIdAsync("Silver Harbor"), new MediaEdits { Rating = 8, Title = "Silver Haven" }, default),
        ["media.merge"] = async t => await t.Merges.MergeAsync(t._anna, await t.FindIdAsync("Silver Harbor"), await t.FindIdAsync("Long Road"), default),
        ["media.split"] = t => t.Merges.SplitAsync(t._anna, t._catalog.Count("SELECT min(v.id) FROM media_versions v JOIN media_items i ON i.id = v.item_id WHERE i.title = 'Twice'"), null, "Alone", 1999, default),
        ["media.undo-join"] = t => t.Merges.UndoAsync(t._anna, t._catalog.Count("SELECT max(id) FROM work_joins WHERE part_of IS NULL"), default),
        ["media.leaveAlone"] = async t => await t.Get<MetadataService>().DisableMatchAsync(t._anna, await t.FindIdAsync("Silver Harbor"), default),
        ["providers.change"] = t => t.Get<ProviderAdministration>().SaveAsync(t._anna, "tmdb", new ProviderDraft { Language = "de" }, default),
        ["providers.order"] = t => t.Get<ProviderAdministration>().SetOrderAsync(t._anna, MediaKind.Film, [.. t.Get<ProviderAdministration>().ListByKind(t._anna).Single(o => o.Kind == MediaKind.Film).Names.Reverse()], default),
        ["errors.triage"] = t => t.Get<ErrorService>().SetStatusAsync(t._anna, 1, ErrorStatus.Ignored, default),
        ["users.add"] = t => t.Users.AddAsync(t._anna, "carl", GoodPassword, Role.Viewer, default),
        ["users.setRole"] = t => t.Users.SetRoleAsync(t._anna, t.BertId, Role.Editor, default),
        ["users.setGrants"] = t => t.Users.SetGrantsAsync(t._anna, t.BertId, [Permission.SystemView], default),
        ["users.disable"] = t => t.Users.SetDisabledAsync(t._anna, t.BertId, true, default),
        ["users.setPassword"] = t => t.Users.SetPasswordAsync(t._anna, t.BertId, "another good phrase", default),
        ["users.removeKeys"] = t => t.Users.RemoveKeysAsync(t._anna, t.BertId, default),
        ["users.makeLink"] = t => t.Get<PasswordLinks>().CreateAsync(t._anna, t.BertId, default),
        ["users.remove"] = t => t.Users.RemoveAsync(t._anna, t.BertId, default),
        ["accounts.changePassword"] = t => t.Users.ChangePasswordAsync(t._anna, GoodPassword, "another good phrase", default),
        ["accounts.addKey"] = t => t.Get<ApiKeys>().AddAsync(t._anna, "script", [Permission.MediaView], null, default),
        ["accounts.removeKey"] = async t => await t.Get<ApiKeys>().RemoveAsync(t._anna, (await t.Get<ApiKeys>().ListAsync(t._anna, default))[0].Id, default),
        ["accounts.endSession"] = async t => await t.Get<AuthService>().EndSessionAsync(t._anna, (await t.Get<AuthService>().ListSessionsAsync(t._anna, default))[0].Id, default),
        ["accounts.signOut"] = async t => await t.Get<AuthService>().SignOutAsync(t._anna, (await t.Get<AuthService>().ListSessionsAsync(t._anna, default))[0].Id, default),
    };

    private UserService Users => Get<UserService>();

    private ItemMergeService Merges => Get<ItemMergeService>();

    private long BertId => _catalog.Count("SELECT id FROM users WHERE user_name = 'bert'");

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Change_ItsEntryCannotBeWritten_IsNotMade(string action)
    {
        await PrepareAsync();
        var before = ReadAllRows();
        _catalog.Execute("CREATE TRIGGER no_entries BEFORE INSERT ON audit_logs BEGIN SELECT RAISE(ABORT, 'no entries'); END");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Changes[action](this));

        Assert.Contains("no entries", refused is DbUpdateException { InnerException: SqliteException inner } ? inner.Message : refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, ReadAllRows());
        Assert.Null(_catalog.Scans.FindRunning(1));

        _catalog.Execute("DROP TRIGGER no_entries");
        var entries = _catalog.Count("SELECT count(*) FROM audit_logs");
        await Changes[action](this);
        await Task.WhenAll(_catalog.QueryRows("SELECT id FROM scans").Select(id => _catalog.Scans.WaitAsync(long.Parse(id, CultureInfo.InvariantCulture), default)));

        Assert.Equal([action], _catalog.QueryRows($"SELECT action FROM audit_logs ORDER BY id LIMIT -1 OFFSET {entries}"));
        Assert.NotEqual(before, ReadAllRows());
    }

    [Fact]
    public void Table_EveryActionOfTheDomain_IsInIt()
    {
        var sources = RepositoryRoot.EnumerateProductFiles(".cs").Where(name => name.StartsWith("Catalogizer.Domain/", StringComparison.Ordinal)).Select(RepositoryRoot.Read);
        var written = sources.SelectMany(text => ActionRegex().Matches(text).Select(match => match.Groups[1].Value)).Except(Permission.All.Except(Changes.Keys)).ToHashSet();

        Assert.Empty(written.Except(Changes.Keys).Except(ActionsWithoutChange).Except(ActionsTestedElsewhere));
        Assert.Empty(Changes.Keys.Except(written));
    }

    private T Get<T>()
        where T : notnull => _catalog.Services.GetRequiredService<T>();

    private async Task<long> FindIdAsync(string title) => (await _catalog.FindOneAsync(title)).Id;

    /// <summary>Prepares a catalogue with something of each kind to change.</summary>
    private async Task PrepareAsync()
    {
        string[] files = ["Silver Harbor (1994).mkv", "Long Road (1960).mkv", "Twice (1990)/Twice (1990) 720p.mkv", "Twice (1990)/Twice (1990) 1080p.mkv", "Left (1950).mkv", "Right (1951).mkv"];
        Array.ForEach(files, file => _catalog.Write($"Films/{file}"));
        for (var i = 0; i < 30; i++)
        {
            _catalog.Write($"Gone/Film {i} ({1950 + i}).mkv");
        }

        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        await _catalog.ScanAsync((await _catalog.AddSourceAsync("Archived", CreateFolderBeside("archived"))).Id);
        await _catalog.Sources.RetireAsync(Actor.System, 2, default);
        await File.WriteAllTextAsync(Path.Combine(CreateFolderBeside("removed"), "Away (1970).mkv"), "away");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync("Removed", CreateFolderBeside("removed"))).Id);
        await RemoveAsync(Actor.System, 3);
        await _catalog.Sources.PauseAsync(Actor.System, (await _catalog.AddSourceAsync("Paused", CreateFolderBeside("paused"))).Id, default);
        await Merges.MergeAsync(Actor.System, await FindIdAsync("Left"), await FindIdAsync("Right"), default);
        _catalog.Delete("Gone");
        Assert.Equal(ScanState.Held, (await _catalog.ScanAsync(1)).State);

        var anna = await Users.AddAsync(Actor.System, "anna", GoodPassword, Role.Admin, default);
        await Users.AddAsync(Actor.System, "bert", GoodPassword, Role.Viewer, default);
        _anna = new Actor(anna.Value.Id, "anna", Permission.For(Role.Admin)) { Session = "of a browser" };
        await Get<ApiKeys>().AddAsync(_anna, "first", [Permission.MediaView], null, default);
        await Get<ApiKeys>().AddAsync(new Actor(BertId, "bert", Permission.For(Role.Viewer)) { Session = "of a browser" }, "first", [Permission.MediaView], null, default);
        await Get<AuthService>().SignInAsync("anna", GoodPassword, new SignInOrigin("192.0.2.7", "a test"), default);
        _catalog.Execute("INSERT INTO error_logs (fingerprint, component, kind, place, message, first_seen, last_seen, count, status) VALUES ('a', 'Scanning', 'fault', 'here', 'Something failed.', 0, 0, 1, 'New')");
    }

    private async Task RemoveAsync(Actor actor, long source)
    {
        var removal = Get<SourceRemoval>();
        await removal.RemoveAsync(actor, source, (await removal.PreviewAsync(actor, source, default)).Value.Token, default);
    }

    private string CreateFolderBeside(string folder) => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_catalog.Root)!, folder)).FullName;

    /// <summary>All rows except those of the audit log.</summary>
    private List<string> ReadAllRows() =>
    [
        .. _catalog.QueryRows("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%fts%' AND name <> 'audit_logs' ORDER BY name")
            .SelectMany(table => _catalog.QueryRows($"SELECT * FROM \"{table}\"").Order(StringComparer.Ordinal).Select(row => $"{table}: {row}")),
    ];

    [GeneratedRegex("\"((?:accounts|users|sources|scans|media|providers|errors)\\.[a-zA-Z-]+)\"")]
    private static partial Regex ActionRegex();
}
