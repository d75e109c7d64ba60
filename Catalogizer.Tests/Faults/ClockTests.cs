using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Jobs;
using Catalogizer.Jobs.Scanning;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Catalogizer.Tests.Faults;

/// <summary>A clock that is set forwards or back changes only the times shown.</summary>
public sealed class ClockTests : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly FaultySource _faultySource = new();
    private readonly TestCatalog _catalog;

    public ClockTests() => _catalog = new TestCatalog(_time, configureServices: _faultySource.Register);

    /// <summary>In days; 1/24 stands for a switch to or from summer time that is set by hand.</summary>
    public static TheoryData<double> Jumps => [365, -365, 1 / 24d, -1 / 24d, 1, -1, 1461];

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Scan_ClockJumpsInTheMiddle_LastsNoNegativeTimeAndFollowsMoves(double days)
    {
        var source = await AddScannedSourceAsync();
        var before = _catalog.QueryRows("SELECT id, title, first_seen_at FROM media_items ORDER BY id");
        Directory.Move(Path.Combine(_catalog.Root, "A"), Path.Combine(_catalog.Root, "Z"));
        var jumped = false;
        _faultySource.BeforeAccess = folder =>
        {
            if (folder == "Z" && !jumped)
            {
                jumped = true;
                _time.SetClock(_time.GetUtcNow().AddDays(days));
            }
        };

        var scan = await _catalog.ScanAsync(source);

        Assert.True(jumped);
        Assert.Equal((ScanState.Completed, 20, 0, 0), (scan.State, scan.Moved, scan.Added, scan.Missing));
        Assert.True(scan.FinishedAt >= scan.StartedAt, $"{scan.StartedAt} to {scan.FinishedAt}");
        Assert.Equal(before, _catalog.QueryRows("SELECT id, title, first_seen_at FROM media_items ORDER BY id"));
        await CheckLaterScansAsync(source);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Scan_ClockJumpsBetween_FindsWhatChanged(double days)
    {
        var source = await AddScannedSourceAsync();
        _time.SetClock(_time.GetUtcNow().AddDays(days));
        Directory.Move(Path.Combine(_catalog.Root, "A"), Path.Combine(_catalog.Root, "Z"));

        var scan = await _catalog.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((ScanState.Completed, 20, 0, 0), (scan.State, scan.Moved, scan.Added, scan.Missing));
        await CheckLaterScansAsync(source);
    }

    [Fact]
    public async Task Scan_TwentyNinthOfFebruary_IsADayLikeOthers()
    {
        _time.SetClock(new DateTimeOffset(2028, 2, 29, 23, 59, 59, TimeSpan.Zero));
        var source = await AddScannedSourceAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        _time.SetClock(_time.GetUtcNow().AddYears(1));

        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(source, ScanKind.Quick)).State);
        await CheckLaterScansAsync(source);
    }

    [Fact]
    public async Task QuickScan_FoldersListedInTheFuture_AreListedAgainAndTrustedFromThenOn()
    {
        var now = _time.GetUtcNow();
        _time.SetClock(now.AddYears(1));
        var source = await AddScannedSourceAsync();
        _time.SetClock(now.AddMinutes(1));
        _catalog.Write("A/Unseen (2002).mkv");
        BackdateFiles();

        var first = await _catalog.ScanAsync(source, ScanKind.Quick);
        _time.Advance(TimeSpan.FromMinutes(1));
        var second = await _catalog.ScanAsync(source, ScanKind.Quick);

        Assert.Equal((1, 61), (first.Added, first.Listed));
        Assert.Equal((ScanState.Completed, 0), (second.State, second.Listed));
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public async Task Lock_SetByAWrongClock_HoldsNoLongerThanItsTime(int days)
    {
        using var accounts = new AccountsFixture();
        await accounts.AddAsync("anna");
        var right = accounts.Time.GetUtcNow();
        accounts.Time.SetClock(right.AddDays(days));
        foreach (var name in (string[])["anna", "nobody"])
        {
            for (var i = 0; i < 5; i++)
            {
                await accounts.SignInAsync(name, "not it at all");
            }

            Assert.IsType<SignInLocked>((await accounts.SignInAsync(name)).Error);
        }

        accounts.Time.SetClock(right);
        accounts.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.True((await accounts.SignInAsync("anna")).IsOk);
        Assert.IsType<InvalidCredentials>((await accounts.SignInAsync("nobody")).Error);
    }

    [Fact]
    public async Task Session_OfAClockAYearAhead_IsNotGoodForAYear()
    {
        using var accounts = new AccountsFixture();
        await accounts.AddAsync("anna");
        var right = accounts.Time.GetUtcNow();
        accounts.Time.SetClock(right.AddYears(1));
        var session = (await accounts.SignInAsync("anna")).Value;
        var tokens = (await accounts.LogInAsync("anna")).Value;
        Assert.NotNull(await RevalidateAsync(accounts, session));

        accounts.Time.SetClock(right);

        Assert.Null(await RevalidateAsync(accounts, session));
        Assert.Null(await accounts.ReadAsync(tokens.AccessToken));
        Assert.False((await accounts.Auth.RefreshAsync(tokens.RefreshToken, null, default)).IsOk);
        Assert.True((await accounts.SignInAsync("anna")).IsOk);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(24 * 15, false)]
    [InlineData(24 * 366, false)]
    [InlineData(-24 * 365, false)]
    public async Task Session_ClockIsSet_StandsUnlessItWasFarOff(int hours, bool stands)
    {
        using var accounts = new AccountsFixture();
        await accounts.AddAsync("anna");
        var session = (await accounts.SignInAsync("anna")).Value;

        accounts.Time.SetClock(accounts.Time.GetUtcNow().AddHours(hours));

        Assert.Equal(stands, await RevalidateAsync(accounts, session) is not null);
    }

    [Fact]
    public async Task Schedule_ClockAYearAhead_CatchesUpOnce()
    {
        var source = await AddScheduledSourceAsync();
        _time.SetClock(_time.GetUtcNow().AddYears(1));
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe();
        var scheduler = await _catalog.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();

        await scheduler.Start();

        using var timeout = new CancellationTokenSource(WaitTimeout);
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            if (batch.OfType<ScanProgressed>().Any(p => p.Scan.FinishedAt is not null))
            {
                break;
            }
        }

        var trigger = await scheduler.GetTrigger(new TriggerKey(source, RecurringScan.Name));
        await scheduler.Shutdown(waitForJobsToComplete: true);
        Assert.True(trigger!.NextFireTimeUtc > _time.GetUtcNow(), $"Next: {trigger.NextFireTimeUtc}");
        Assert.Single(await _catalog.Scans.LatestAsync(Actor.System, long.Parse(source, CultureInfo.InvariantCulture), 10, default));
    }

    [Fact]
    public async Task Schedule_PlannedByAClockAYearAhead_IsPlannedAnew()
    {
        var right = _time.GetUtcNow();
        _time.SetClock(right.AddYears(1));
        var source = await AddScheduledSourceAsync();
        _time.SetClock(right);

        await AlignAsync();

        var scheduler = await _catalog.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        Assert.True((await scheduler.GetTrigger(new TriggerKey(source, RecurringScan.Name)))!.NextFireTimeUtc <= right.AddDays(1));
        Assert.Single(await _catalog.Services.GetRequiredService<IJobScheduler>().ScheduledAsync<RecurringScan>(default));
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private static ValueTask<Account?> RevalidateAsync(AccountsFixture accounts, BrowserSession session) =>
        accounts.Auth.RevalidateAsync(session.Account.Id, session.Account.Stamp, session.Id, default);

    private async Task<long> AddScannedSourceAsync()
    {
        foreach (var letter in "ABC")
        {
            for (var i = 0; i < 20; i++)
            {
                _catalog.Write($"{letter}/Film {letter} {(char)('a' + i)} (2001).mkv");
            }
        }

        BackdateFiles();
        var source = await _catalog.AddSourceAsync();
        await _catalog.ScanAsync(source.Id);
        return source.Id;
    }

    private void BackdateFiles()
    {
        foreach (var folder in Directory.GetDirectories(_catalog.Root, "*", SearchOption.AllDirectories).Append(_catalog.Root))
        {
            Directory.SetLastWriteTimeUtc(folder, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
    }

    /// <summary>Later scans find every change and lose nothing, and no time in the catalogue runs backwards.</summary>
    private async Task CheckLaterScansAsync(long source)
    {
        _faultySource.BeforeAccess = _ => { };
        _time.SetClock(DateTimeOffset.UtcNow);
        _catalog.Write("B/Later (2003).mkv");
        var scan = await _catalog.ScanAsync(source, ScanKind.Quick);
        Assert.Equal((ScanState.Completed, 1, 0), (scan.State, scan.Added, scan.Missing));
        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM scans WHERE finished_at < started_at"));
        CatalogInvariants.Check(_catalog);
    }

    private async Task<string> AddScheduledSourceAsync()
    {
        var source = await _catalog.AddSourceAsync();
        await _catalog.Sources.UpdateAsync(Actor.System, source.Id, new SourceDraft { Schedule = "0 0 3 * * ?" }, default);
        await AlignAsync();
        return source.Id.ToString(CultureInfo.InvariantCulture);
    }

    private Task AlignAsync() =>
        ActivatorUtilities.CreateInstance<SourceSchedules>(_catalog.Services).AlignAsync(default);
}
