using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>What can be found out about a share before it becomes a source.</summary>
[Trait("Category", "Server")]
public sealed class SmbSourceProbeTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();
    private readonly SmbServer _server = shared.Server;

    private SourceProbe Probe => _catalog.Services.GetRequiredService<SourceProbe>();

    private SourceDraft ServerDraft => SmbSources.CreateDraft(_server) with { Name = null, Share = null, Folder = null };

    public Task InitializeAsync() => _server.ResetAsync();

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Shares_RightPassword_AreListedWithTheirComments()
    {
        var shares = (await Probe.ListSharesAsync(Actor.System, ServerDraft, null, default)).Value;

        Assert.Equal(["auth", "closed", "guest", "secret"], shares.Select(s => s.Name));
        Assert.All(shares, share => Assert.Equal("", share.Comment));
    }

    [Fact]
    public async Task Shares_WrongPassword_SaysSoWithoutIt()
    {
        var result = await Probe.ListSharesAsync(Actor.System, ServerDraft with { Password = "wrong-Zaunkoenig" }, null, default);

        Assert.Equal("wrongLogin", Assert.IsType<SourceUnreadable>(result.Error).Code);
        Assert.Contains("does not accept this user name or password", result.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Zaunkoenig", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shares_ServerAway_SaysThatNothingAnswers()
    {
        await _server.StopAsync();

        Assert.Equal("noAnswer", Assert.IsType<SourceUnreadable>((await Probe.ListSharesAsync(Actor.System, ServerDraft, null, default)).Error).Code);
        Assert.Equal("host", (await Probe.ListSharesAsync(Actor.System, ServerDraft with { Host = "not a host" }, null, default)).Error?.Field);
    }

    [Fact]
    public async Task Browse_GoesDownAndTellsWhatIsWrong()
    {
        _server.Write("auth/Films/Old/a.mkv");
        _server.Write("auth/Films/b.mkv");
        var draft = ServerDraft with { Share = "auth" };

        var root = await Probe.BrowseAsync(Actor.System, draft, null, "", default);
        var films = await Probe.BrowseAsync(Actor.System, draft, null, "Films", default);

        Assert.Equal((null, "Films"), (root.Parent, Assert.Single(root.Folders).Path));
        Assert.Equal(("", 1, "Films/Old"), (films.Parent, films.Files, Assert.Single(films.Folders).Path));
        Assert.Contains("has no share “nosuch”", (await Probe.BrowseAsync(Actor.System, draft with { Share = "nosuch" }, null, "", default)).Problem, StringComparison.Ordinal);
        Assert.Contains("not for the share “closed”", (await Probe.BrowseAsync(Actor.System, draft with { Share = "closed" }, null, "", default)).Problem, StringComparison.Ordinal);
        Assert.NotNull((await Probe.BrowseAsync(Actor.System, draft, null, "Films/../..", default)).Problem);
    }

    [Fact]
    public async Task Look_CountsByKindAndSavesNothing()
    {
        _server.Write("auth/Films/A Film (2001) 1080p.mkv");
        _server.Write("auth/Films/A Film (2001) 1080p.srt");
        _server.Write("auth/Music/01 - A Track.flac");

        var forecast = (await Probe.PreviewScanAsync(Actor.System, ServerDraft with { Share = "auth" }, null, null, default)).Value;

        Assert.Equal((3, 3), (forecast.Listed, forecast.Added));
        Assert.True(forecast.ByType["movie"] >= 1 && forecast.ByType["music"] == 1);
        Assert.Equal(0, _catalog.Count("SELECT (SELECT count(*) FROM sources) + (SELECT count(*) FROM files)"));
    }

    [Fact]
    public async Task Look_TakenBack_Ends()
    {
        for (var i = 0; i < 50; i++)
        {
            _server.Write($"auth/{i}/a.mkv");
        }

        using var stop = new CancellationTokenSource();
        var looking = Probe.PreviewScanAsync(Actor.System, ServerDraft with { Share = "auth" }, null, null, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
    }

    [Fact]
    public async Task PreviewMove_ToACopy_FindsWhatLiesThereInTheSameSize()
    {
        string[] names = ["Films/a.mkv", "Films/b.mkv", "c.mkv"];
        Array.ForEach(names, name => _server.Write($"auth/{name}", name));
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server));
        await _catalog.ScanAsync(source.Id);
        Array.ForEach(names, name => _server.Write($"auth/Copy/{name}", name));
        _server.Write("auth/Copy/Films/b.mkv", "another size");

        var moved = (await Probe.PreviewMoveAsync(Actor.System, new SourceDraft { Folder = "Copy" }, source.Id, default)).Value;

        Assert.Equal((3, 2, "Films/b.mkv"), (moved.Checked, moved.Found, Assert.Single(moved.NotFoundPaths)));
        Assert.Equal("noSuchFolder", Assert.IsType<SourceUnreadable>((await Probe.PreviewMoveAsync(Actor.System, new SourceDraft { Folder = "Gone" }, source.Id, default)).Error).Code);
        Assert.Equal("password", (await Probe.PreviewMoveAsync(Actor.System, new SourceDraft { Host = "elsewhere" }, source.Id, default)).Error?.Field);
    }

    [Fact]
    public async Task Move_ToACopy_KeepsTheItems()
    {
        _server.Write("auth/Old/A Film (2001).mkv");
        _server.Write("auth/New/A Film (2001).mkv", "auth/Old/A Film (2001).mkv");
        var source = await _catalog.AddAsync(SmbSources.CreateDraft(_server, folder: "Old"));
        await _catalog.ScanAsync(source.Id);
        var before = await _catalog.FindOneAsync("A Film");

        Assert.True((await _catalog.Sources.UpdateAsync(Actor.System, source.Id, new SourceDraft { Folder = "New" }, default)).IsOk);
        var scan = await _catalog.ScanAsync(source.Id);

        Assert.Equal((ScanState.Completed, 0L, 0L), (scan.State, scan.Added, scan.Missing));
        Assert.Equal((before.Id, before.FirstSeenAt), ((await _catalog.FindOneAsync("A Film")).Id, (await _catalog.FindOneAsync("A Film")).FirstSeenAt));
    }

    [Fact]
    public async Task Trials_Viewer_AreRefused()
    {
        var viewer = new Actor(1, "vera", [Permission.SourcesView]);

        await Assert.ThrowsAsync<PermissionDeniedException>(() => Probe.ListSharesAsync(viewer, ServerDraft, null, default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Probe.BrowseAsync(viewer, ServerDraft, null, "", default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Probe.PreviewScanAsync(viewer, ServerDraft, null, null, default));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Probe.PreviewMoveAsync(viewer, ServerDraft, 1, default));
    }
}
