using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Auditing;

/// <summary>The audit log in an encrypted catalogue.</summary>
public sealed class AuditLogTests : IAsyncDisposable
{
    private static readonly Actor Anna = new(7, "anna", Permission.All, "127.0.0.9");
    private static readonly Actor Bert = new(8, "bert", Permission.All, "127.0.0.8");
    private readonly ManualTime _time = new();
    private readonly TestCatalog _catalog;

    public AuditLogTests() => _catalog = new TestCatalog(_time);

    private AuditLog Log => _catalog.Services.GetRequiredService<AuditLog>();

    private AuditReader Reader => _catalog.Services.GetRequiredService<AuditReader>();

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Theory]
    [InlineData("UPDATE audit_logs SET user_name = 'bert'")]
    [InlineData("DELETE FROM audit_logs")]
    [InlineData("DELETE FROM audit_logs WHERE id = 1")]
    [InlineData("INSERT OR REPLACE INTO audit_logs (id, at, user_name, action) VALUES (1, 0, 'bert', 'jobs.run')")]
    [InlineData("UPDATE OR REPLACE audit_logs SET id = 2 WHERE id = 1")]
    public async Task Rows_OnceWritten_CanNeitherBeChangedNorRemoved(string sql)
    {
        await Log.AppendAsync(Anna, "jobs.run", "job:retention", null, new { paused = false }, default);
        await Log.AppendAsync(Anna, "jobs.run", "job:retention", null, null, default);

        var refused = Assert.Throws<SqliteException>(() => _catalog.Execute(sql));

        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, _catalog.Count("SELECT count(*) FROM audit_logs WHERE user_name = 'anna'"));
    }

    [Fact]
    public async Task Read_Filters_AnswerWhatFits()
    {
        await Log.AppendAsync(Anna, "jobs.run", "job:retention", null, null, default);
        _time.Advance(TimeSpan.FromDays(1));
        var noon = _time.GetUtcNow();
        await Log.AppendAsync(Bert, "users.add", "user:9", null, new { UserName = "carl" }, default);
        await Log.AppendAsync(Anna, "sources.update", "source:3", new { Name = "a" }, new { Name = "b" }, default);

        Assert.Equal(["sources.update", "users.add", "jobs.run"], await ActionsAsync(new AuditQuery()));
        Assert.Equal(["users.add"], await ActionsAsync(new AuditQuery(User: "bert")));
        Assert.Equal(["jobs.run"], await ActionsAsync(new AuditQuery(Action: "jobs.")));
        Assert.Equal(["sources.update"], await ActionsAsync(new AuditQuery(Target: "source:3")));
        Assert.Equal(["users.add"], await ActionsAsync(new AuditQuery(Target: "user")));
        Assert.Equal(["jobs.run"], await ActionsAsync(new AuditQuery(To: noon)));
        Assert.Equal(["sources.update", "users.add"], await ActionsAsync(new AuditQuery(From: noon)));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Reader.ReadAsync(new Actor(8, "vera", Permission.For(Role.Editor)), new AuditQuery(), default));
    }

    [Fact]
    public async Task Read_PageAfterPage_LeavesNothingOut()
    {
        for (var i = 0; i < 7; i++)
        {
            await Log.AppendAsync(Anna, $"jobs.run{i}", null, null, null, default);
        }

        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await Reader.ReadAsync(Anna, new AuditQuery(Before: before, Limit: 3), default);
            seen.AddRange(page.Entries.Select(e => e.Action));
            before = page.NextCursor;
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(i => $"jobs.run{i}"), seen);
    }

    [Fact]
    public async Task Scans_AskedForByAPerson_AreWrittenDown()
    {
        _catalog.Write("A Film (2001).mkv");
        var source = await _catalog.AddSourceAsync();

        await _catalog.ScanAsync(source.Id);
        var scan = (await _catalog.Scans.StartAsync(Anna, source.Id, null, default)).Value;
        await _catalog.Scans.WaitAsync(scan.Id, default);

        Assert.Equal([$"scans.start|anna|scan:{scan.Id}"], _catalog.QueryRows("SELECT action, user_name, target FROM audit_logs WHERE action LIKE 'scans.%'"));
    }

    [Fact]
    public async Task Targets_RenamedAndRemovedSince_ReadByTheNameOfThen()
    {
        _catalog.Write("A Film (2001).mkv");
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        var film = (await _catalog.FindOneAsync("A Film")).Id;
        await _catalog.Sources.UpdateAsync(Anna, source.Id, new SourceDraft { Name = "Cellar" }, default);
        await _catalog.Media.EditAsync(Anna, film, new MediaEdits { Rating = 8 }, default);
        await _catalog.Sources.UpdateAsync(Anna, source.Id, new SourceDraft { Name = "Attic" }, default);
        await _catalog.Media.EditAsync(Anna, film, new MediaEdits { Title = "Another Film" }, default);
        var removal = _catalog.Services.GetRequiredService<SourceRemoval>();
        await removal.RemoveAsync(Anna, source.Id, (await removal.PreviewAsync(Anna, source.Id, default)).Value.Token, default);
        await removal.PurgeAsync(Anna, source.Id, default);
        await removal.PurgeDueAsync(new Progress<ProgressUpdate>(), default);

        var page = await Reader.ReadAsync(Anna, new AuditQuery(User: "anna"), default);

        Assert.Equal(
            ["sources.purge Attic", "sources.remove Attic", "media.edit Another Film", "sources.update Attic", "media.edit A Film", "sources.update Cellar"],
            page.Entries.Select(e => $"{e.Action} {e.TargetName}"));
        Assert.Contains($"source:{source.Id}", page.RemovedTargets);
    }

    [Fact]
    public async Task Targets_PartWithoutATitle_IsNamedByItsNumber()
    {
        _catalog.Write("Some Show/Season 02/Some Show S02E05.mkv");
        await _catalog.ScanAsync((await _catalog.AddSourceAsync()).Id);
        var season = Assert.Single((await _catalog.Media.ChildrenAsync(Actor.System, (await _catalog.FindOneAsync("Some Show")).Id, default)).Value);
        var episode = Assert.Single((await _catalog.Media.ChildrenAsync(Actor.System, season.Id, default)).Value);
        foreach (var id in (long[])[season.Id, episode.Id])
        {
            await _catalog.Media.EditAsync(Anna, id, new MediaEdits { Rating = 8 }, default);
        }

        var page = await Reader.ReadAsync(Anna, new AuditQuery(User: "anna"), default);

        Assert.Equal(["Some Show · Season 2, Episode 5", "Some Show · Season 2"], page.Entries.Select(e => e.TargetName));
        Assert.Empty(page.RemovedTargets);
    }

    [Fact]
    public async Task Targets_OfEntriesWithoutNames_ReadByTheNameOfToday()
    {
        var source = await _catalog.AddSourceAsync();
        _catalog.Execute($"INSERT INTO audit_logs (at, user_id, user_name, action, target) VALUES (0, 7, 'anna', 'sources.update', 'source:{source.Id}'), (0, 7, 'anna', 'sources.purge', 'source:99'), (0, 7, 'anna', 'jobs.run', 'job:retention')");

        var page = await Reader.ReadAsync(Anna, new AuditQuery(User: "anna"), default);

        Assert.Equal([null, null, source.Name], page.Entries.Select(e => e.TargetName));
        Assert.Equal(["source:99"], page.RemovedTargets);
    }

    private async Task<List<string>> ActionsAsync(AuditQuery query) => [.. (await Reader.ReadAsync(Anna, query, default)).Entries.Select(e => e.Action)];
}
