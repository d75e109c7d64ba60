using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Tests.Sources.Resilience;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>A real file server that dies, hangs, refuses and comes back.</summary>
[Trait("Category", "Server")]
public sealed class ReturningShareTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private const int FilmCount = 60;

    private readonly TestCatalog _catalog = new(configureServices: services => services
        .Configure<SmbOptions>(smb => smb.AnswerLimit = TimeSpan.FromSeconds(4))
        .Configure<ScanningOptions>(scanning => scanning.FirstAnswer = TimeSpan.FromSeconds(4)));
    private readonly SmbServer _server = shared.Server;

    public async Task InitializeAsync()
    {
        await _server.ResetAsync();
        for (var i = 0; i < FilmCount; i++)
        {
            _server.Write($"auth/Films/{i}/Wonder {i} ({1950 + (i % 70)}).mkv");
        }
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_KilledAndStarted_IsBackWithWhatChanged(bool watches)
    {
        var source = await AddScannedSourceAsync();
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog, watches);

        await _server.KillAsync();
        Assert.Equal((ScanState.Failed, 0), await _catalog.ScanAsync(source, ScanKind.Quick) is var s ? (s.State, s.Missing) : default);
        var away = await reconnecting.WaitUntilAsync(s => s.State != "closed");
        Assert.Equal((0, FilmCount, 0), (away.PresentFiles, away.UnknownFiles, away.MissingFiles));
        Assert.StartsWith("Nothing answers on 127.0.0.1", away.LastError, StringComparison.Ordinal);
        _server.Write("auth/Films/New (2005).mkv");
        await _server.LaunchAsync();

        await AssertFoundAsync(reconnecting, FilmCount + 1);
    }

    [Fact]
    public async Task Server_HangsWhileItIsAsked_IsMarkedAndComesBack()
    {
        var source = await AddScannedSourceAsync();
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);
        _server.Freeze();
        var scan = (await _catalog.Scans.StartAsync(Actor.System, source, ScanKind.Quick, default)).Value;

        var hung = await reconnecting.WaitUntilAsync(s => s.State != "closed");
        Assert.Equal((0, FilmCount, 0), (hung.PresentFiles, hung.UnknownFiles, hung.MissingFiles));
        await _catalog.Scans.WaitAsync(scan.Id, default);
        _server.Write("auth/Films/New (2005).mkv");
        _server.Thaw();

        await AssertFoundAsync(reconnecting, FilmCount + 1);
    }

    [Fact]
    public async Task Server_KilledInTheMiddleOfTheFirstScan_TheScanGoesOnByItself()
    {
        var source = (await _catalog.AddAsync(SmbSources.CreateDraft(_server))).Id;
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is ScanProgressed { Scan.Listed: > 0 }, isInternal: true);
        var scan = (await _catalog.Scans.StartAsync(Actor.System, source, null, default)).Value;
        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, default))
        {
            break;
        }

        await _server.KillAsync();
        await _catalog.Scans.WaitAsync(scan.Id, default);
        await _server.LaunchAsync();

        await AssertFoundAsync(reconnecting, FilmCount);
    }

    [Fact]
    public async Task Password_Changed_IsAskedOnceAndWorksAgainWhenPutRight()
    {
        var source = await AddScannedSourceAsync();
        await using var reconnecting = await ReconnectingSource.StartAsync(_catalog);
        await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Password = "another" }, default);

        Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(source)).State);
        var refused = await reconnecting.WaitUntilAsync(s => s.State == "open");
        Assert.Equal((1, 0, (DateTimeOffset?)null, 0), (refused.Failures, refused.Attempt, refused.NextAttemptAt, refused.MissingFiles));
        Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(source)).State);
        Assert.Equal((1, 0), await reconnecting.ReadStatusAsync() is var s ? (s.Failures, s.Attempt) : default);

        _server.Write("auth/Films/New (2005).mkv");
        await _catalog.Sources.UpdateAsync(Actor.System, source, new SourceDraft { Password = SmbServer.Password }, default);

        await AssertFoundAsync(reconnecting, FilmCount + 1);
    }

    private async Task<long> AddScannedSourceAsync()
    {
        var source = (await _catalog.AddAsync(SmbSources.CreateDraft(_server))).Id;
        await _catalog.ScanAsync(source);
        return source;
    }

    private async Task AssertFoundAsync(ReconnectingSource reconnecting, int files)
    {
        var back = await reconnecting.WaitUntilAsync(s => s is { State: "closed", LastScan.State: ScanState.Completed } && s.PresentFiles == files);
        Assert.Equal((0, 0), (back.UnknownFiles, back.MissingFiles));
        Assert.Equal(0, _catalog.Count("SELECT sum(missing) FROM scans"));
        CatalogInvariants.Check(_catalog);
    }
}
