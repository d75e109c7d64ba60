using System.Globalization;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Records;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Records;

/// <summary>What the audit log tells of is done together with its entry: when that cannot be written, nothing has changed.</summary>
public sealed partial class AuditedChangeTests : IAsyncDisposable
{
    private const string Good = "correct horse battery";

    /// <summary>Entries of what happened rather than of a change that was asked for, or of runs that are told to begin and end.</summary>
    private static readonly string[] NoChange =
        ["accounts.signIn", "accounts.signInFailed", "accounts.lock", "accounts.refresh", "accounts.refreshReused", "accounts.refused", "scans.cancel", "media.refresh"];

    /// <summary>Shown by their own tests, as they need a code or a link first; each is saved with its entry by one call.</summary>
    private static readonly string[] OfFactorsAndLinks =
        ["accounts.secondFactorOn", "accounts.secondFactorOff", "accounts.recoveryCodes", "accounts.useLink", "users.clearSecondFactor", "users.unlock", "users.enable", "media.match"];

    private readonly TestCatalogue _catalogue = new(more: services => services.AddAccounts(new ConfigurationBuilder().Build()).AddQuickPasswords());
    private Actor _anna = new(null, "nobody", []);

    public static TheoryData<string> Actions() => [.. Changes.Keys];

    private static Dictionary<string, Func<AuditedChangeTests, Task>> Changes { get; } = new()
    {
        ["sources.add"] = t => t._catalogue.Sources.AddAsync(t._anna, new SourceDraft { Name = "More", Protocol = "local", Path = t.Beside("more") }, default),
        ["sources.update"] = t => t._catalogue.Sources.UpdateAsync(t._anna, 1, new SourceDraft { Name = "Other" }, default),
        ["sources.retire"] = t => t._catalogue.Sources.RetireAsync(t._anna, 1, default),
        ["sources.revive"] = t => t._catalogue.Sources.ReviveAsync(t._anna, 2, default),
        ["sources.pause"] = t => t._catalogue.Sources.PauseAsync(t._anna, 1, default),
        ["sources.resume"] = t => t._catalogue.Sources.ResumeAsync(t._anna, 4, default),
        ["sources.remove"] = t => t.RemoveAsync(t._anna, 1),
        ["sources.undoRemove"] = t => t.Get<SourceRemoval>().UndoAsync(t._anna, 3, default),
        ["sources.purge"] = t => t.Get<SourceRemoval>().PurgeAsync(t._anna, 3, default),
        ["scans.start"] = t => t._catalogue.Scans.StartAsync(t._anna, 1, ScanKind.Full, default),
        ["scans.resolve"] = t => t._catalogue.Scans.ResolveAsync(t._anna, t._catalogue.Count("SELECT max(id) FROM scans WHERE state = 'Held'"), DeletionDecision.Accept, default),
        ["media.edit"] = async t => await t._catalogue.Media.EditAsync(t._anna, await t.IdAsync("Silver Harbor"), new MediaEdits { Rating = 8, Title = "Silver Haven" }, default),
        ["media.merge"] = async t => await t.Joins.MergeAsync(t._anna, await t.IdAsync("Silver Harbor"), await t.IdAsync("Long Road"), default),
        ["media.split"] = t => t.Joins.SplitAsync(t._anna, t._catalogue.Count("SELECT min(v.id) FROM media_versions v JOIN media_items i ON i.id = v.item_id WHERE i.title = 'Twice'"), null, "Alone", 1999, default),
        ["media.undo-join"] = t => t.Joins.UndoAsync(t._anna, t._catalogue.Count("SELECT max(id) FROM work_joins WHERE part_of IS NULL"), default),
        ["media.leaveAlone"] = async t => await t.Get<MetadataService>().DisableMatchAsync(t._anna, await t.IdAsync("Silver Harbor"), default),
        ["providers.change"] = t => t.Get<ProviderAdministration>().SaveAsync(t._anna, "tmdb", new ProviderDraft { Language = "de" }, default),
        ["providers.order"] = t => t.Get<ProviderAdministration>().SetOrderAsync(t._anna, MediaKind.Film, [.. t.Get<ProviderAdministration>().ListByKind(t._anna).Single(o => o.Kind == MediaKind.Film).Names.Reverse()], default),
        ["errors.triage"] = t => t.Get<ErrorService>().SetStatusAsync(t._anna, 1, ErrorStatus.Ignored, default),
        ["users.add"] = t => t.Users.AddAsync(t._anna, "carl", Good, Role.Viewer, default),
        ["users.setRole"] = t => t.Users.SetRoleAsync(t._anna, t.Bert, Role.Editor, default),
        ["users.setGrants"] = t => t.Users.SetGrantsAsync(t._anna, t.Bert, [Permission.SystemView], default),
        ["users.disable"] = t => t.Users.SetDisabledAsync(t._anna, t.Bert, true, default),
        ["users.setPassword"] = t => t.Users.SetPasswordAsync(t._anna, t.Bert, "another good phrase", default),
        ["users.removeKeys"] = t => t.Users.RemoveKeysAsync(t._anna, t.Bert, default),
        ["users.makeLink"] = t => t.Get<PasswordLinks>().CreateAsync(t._anna, t.Bert, default),
        ["users.remove"] = t => t.Users.RemoveAsync(t._anna, t.Bert, default),
        ["accounts.changePassword"] = t => t.Users.ChangePasswordAsync(t._anna, Good, "another good phrase", default),
        ["accounts.addKey"] = t => t.Get<ApiKeys>().AddAsync(t._anna, "script", [Permission.MediaView], null, default),
        ["accounts.removeKey"] = async t => await t.Get<ApiKeys>().RemoveAsync(t._anna, (await t.Get<ApiKeys>().ListAsync(t._anna, default))[0].Id, default),
        ["accounts.endSession"] = async t => await t.Get<AuthService>().EndSessionAsync(t._anna, (await t.Get<AuthService>().ListSessionsAsync(t._anna, default))[0].Id, default),
        ["accounts.signOut"] = async t => await t.Get<AuthService>().SignOutAsync(t._anna, (await t.Get<AuthService>().ListSessionsAsync(t._anna, default))[0].Id, default),
    };

    private UserService Users => Get<UserService>();

    private ItemMergeService Joins => Get<ItemMergeService>();

    private long Bert => _catalogue.Count("SELECT id FROM users WHERE user_name = 'bert'");

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Change_ItsEntryCannotBeWritten_IsNotMade(string action)
    {
        await PrepareAsync();
        var before = Everything();
        _catalogue.Execute("CREATE TRIGGER no_entries BEFORE INSERT ON audit_logs BEGIN SELECT RAISE(ABORT, 'no entries'); END");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Changes[action](this));

        Assert.Contains("no entries", refused is DbUpdateException { InnerException: SqliteException inner } ? inner.Message : refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Everything());
        Assert.Null(_catalogue.Scans.FindRunning(1));

        _catalogue.Execute("DROP TRIGGER no_entries");
        var entries = _catalogue.Count("SELECT count(*) FROM audit_logs");
        await Changes[action](this);
        await Task.WhenAll(_catalogue.Rows("SELECT id FROM scans").Select(id => _catalogue.Scans.WaitAsync(long.Parse(id, CultureInfo.InvariantCulture), default)));

        Assert.Equal([action], _catalogue.Rows($"SELECT action FROM audit_logs ORDER BY id LIMIT -1 OFFSET {entries}"));
        Assert.NotEqual(before, Everything());
    }

    [Fact]
    public void Table_EveryActionOfTheDomain_IsInIt()
    {
        var sources = RepositoryRoot.ProductFiles(".cs").Where(name => name.StartsWith("Catalogizer.Domain/", StringComparison.Ordinal)).Select(RepositoryRoot.Read);
        var written = sources.SelectMany(text => Action().Matches(text).Select(match => match.Groups[1].Value)).Except(Permission.All.Except(Changes.Keys)).ToHashSet();

        Assert.Empty(written.Except(Changes.Keys).Except(NoChange).Except(OfFactorsAndLinks));
        Assert.Empty(Changes.Keys.Except(written));
    }

    private T Get<T>()
        where T : notnull => _catalogue.Services.GetRequiredService<T>();

    private async Task<long> IdAsync(string title) => (await _catalogue.OneAsync(title)).Id;

    /// <summary>A catalogue with something of each kind to change.</summary>
    private async Task PrepareAsync()
    {
        string[] files = ["Silver Harbor (1994).mkv", "Long Road (1960).mkv", "Twice (1990)/Twice (1990) 720p.mkv", "Twice (1990)/Twice (1990) 1080p.mkv", "Left (1950).mkv", "Right (1951).mkv"];
        Array.ForEach(files, file => _catalogue.Write($"Films/{file}"));
        for (var i = 0; i < 30; i++)
        {
            _catalogue.Write($"Gone/Film {i} ({1950 + i}).mkv");
        }

        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync("Archived", Beside("archived"))).Id);
        await _catalogue.Sources.RetireAsync(Actor.System, 2, default);
        await File.WriteAllTextAsync(Path.Combine(Beside("removed"), "Away (1970).mkv"), "away");
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync("Removed", Beside("removed"))).Id);
        await RemoveAsync(Actor.System, 3);
        await _catalogue.Sources.PauseAsync(Actor.System, (await _catalogue.AddSourceAsync("Paused", Beside("paused"))).Id, default);
        await Joins.MergeAsync(Actor.System, await IdAsync("Left"), await IdAsync("Right"), default);
        _catalogue.Delete("Gone");
        Assert.Equal(ScanState.Held, (await _catalogue.ScanAsync(1)).State);

        var anna = await Users.AddAsync(Actor.System, "anna", Good, Role.Admin, default);
        await Users.AddAsync(Actor.System, "bert", Good, Role.Viewer, default);
        _anna = new Actor(anna.Value.Id, "anna", Permission.For(Role.Admin)) { Session = "of a browser" };
        await Get<ApiKeys>().AddAsync(_anna, "first", [Permission.MediaView], null, default);
        await Get<ApiKeys>().AddAsync(new Actor(Bert, "bert", Permission.For(Role.Viewer)) { Session = "of a browser" }, "first", [Permission.MediaView], null, default);
        await Get<AuthService>().SignInAsync("anna", Good, new SignInOrigin("192.0.2.7", "a test"), default);
        _catalogue.Execute("INSERT INTO error_logs (fingerprint, component, kind, place, message, first_seen, last_seen, count, status) VALUES ('a', 'Scanning', 'fault', 'here', 'Something failed.', 0, 0, 1, 'New')");
    }

    private async Task RemoveAsync(Actor actor, long source)
    {
        var removal = Get<SourceRemoval>();
        await removal.RemoveAsync(actor, source, (await removal.PreviewAsync(actor, source, default)).Value.Token, default);
    }

    private string Beside(string folder) => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_catalogue.Root)!, folder)).FullName;

    /// <summary>All rows but those of the audit log.</summary>
    private List<string> Everything() =>
    [
        .. _catalogue.Rows("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%fts%' AND name <> 'audit_logs' ORDER BY name")
            .SelectMany(table => _catalogue.Rows($"SELECT * FROM \"{table}\"").Order(StringComparer.Ordinal).Select(row => $"{table}: {row}")),
    ];

    [GeneratedRegex("\"((?:accounts|users|sources|scans|media|providers|errors)\\.[a-zA-Z-]+)\"")]
    private static partial Regex Action();
}
