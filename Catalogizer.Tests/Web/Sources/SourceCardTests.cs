using Bunit;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Sources;

namespace Catalogizer.Tests.Web.Sources;

/// <summary>How a source's card shows its state.</summary>
public sealed class SourceCardTests : PageTest
{
    private readonly ManualTime _time;

    public SourceCardTests()
        : this(new ManualTime())
    {
    }

    private SourceCardTests(ManualTime time)
        : base(time) => _time = time;

    [Theory]
    [InlineData("closed", SourceMode.AlwaysOn, "connected", "ok")]
    [InlineData("halfOpen", SourceMode.AlwaysOn, "testing", "warning")]
    [InlineData("open", SourceMode.AlwaysOn, "interrupted", "danger")]
    [InlineData("offline", SourceMode.AlwaysOn, "offline", "quiet")]
    [InlineData("closed", SourceMode.MostlyOffline, "connected", "ok")]
    [InlineData("open", SourceMode.MostlyOffline, "put away", "quiet")]
    [InlineData("offline", SourceMode.MostlyOffline, "put away", "quiet")]
    public void State_EachAndEachMode_HasItsWordAndTone(string state, SourceMode mode, string word, string tone)
    {
        var card = RenderCard(CreateStatus(state, mode));

        Assert.Equal(word, card.Find(".state").TextContent);
        Assert.Contains("state-" + tone, card.Find(".state").ClassList);
        Assert.Equal(state != "closed", card.FindAll(".source-trouble").Count == 1);
    }

    [Fact]
    public void State_NeverAsked_IsNotCalledConnected() =>
        Assert.Equal("not asked yet", RenderCard(CreateStatus("closed", SourceMode.AlwaysOn) with { LastConnectedAt = null }).Find(".state").TextContent);

    [Fact]
    public void Open_CountsDownToTheNextAttempt()
    {
        var card = RenderCard(CreateStatus("open", SourceMode.AlwaysOn) with { Attempt = 2, NextAttemptAt = _time.GetUtcNow().AddSeconds(8), LastError = "Nothing answers on nas." });

        Assert.Contains("Nothing answers on nas.", card.Find(".source-trouble").TextContent, StringComparison.Ordinal);
        Assert.Equal("in 8 s", card.FindAll(".countdown")[^1].TextContent);
        _time.Advance(TimeSpan.FromSeconds(3));
        card.WaitForAssertion(() => Assert.Equal("in 5 s", card.FindAll(".countdown")[^1].TextContent));
        _time.Advance(TimeSpan.FromSeconds(10));
        card.WaitForAssertion(() => Assert.Equal("now", card.FindAll(".countdown")[^1].TextContent));
        Assert.Contains("for the 3rd time", card.Find(".source-trouble").TextContent, StringComparison.Ordinal);
        Assert.Contains("Retry now", card.Find(".source-actions").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RefusedLogin_SaysThatSomebodyIsNeeded()
    {
        var card = RenderCard(CreateStatus("open", SourceMode.AlwaysOn) with { NextAttemptAt = null, LastError = "nas does not accept this user name or password." });

        Assert.Contains("not asked again by itself", card.Find(".source-trouble").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("by itself", card.Find(".state").GetAttribute("title"), StringComparison.Ordinal);
        Assert.DoesNotContain("asked again in", card.Find(".source-trouble").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Away_EachSecondOfABreak_ReadsRight()
    {
        var since = _time.GetUtcNow();
        var card = RenderCard(CreateStatus("open", SourceMode.AlwaysOn) with { Since = since, LastConnectedAt = since.AddSeconds(-20), LastError = "Nothing answers on nas." });
        var (away, seen) = ("", "");
        for (var second = 1; second <= 200; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            (away, seen) = (ReadText(second), ReadText(second + 20));
            card.WaitForAssertion(() => Assert.Contains($"Away for {away}, last seen {seen} ago.", card.Find(".source-trouble").TextContent, StringComparison.Ordinal));
        }

        static string ReadText(int seconds) => seconds switch
        {
            1 => "1 second",
            < 60 => $"{seconds} seconds",
            < 120 => "1 minute",
            _ => $"{seconds / 60} minutes",
        };
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "for the 2nd time")]
    [InlineData(2, "for the 3rd time")]
    [InlineData(10, "for the 11th time")]
    public void Away_AfterSoManyTries_CountsTheNextOne(int tries, string? words)
    {
        var problem = RenderCard(CreateStatus("open", SourceMode.AlwaysOn) with { Attempt = tries, NextAttemptAt = _time.GetUtcNow().AddSeconds(8), LastError = "Nothing answers on nas." }).Find(".source-trouble").TextContent;

        Assert.Equal(words is not null, problem.Contains("time.", StringComparison.Ordinal));
        Assert.Contains(words ?? "", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("closed", SourceMode.MostlyOffline, true)]
    [InlineData("offline", SourceMode.MostlyOffline, true)]
    [InlineData("closed", SourceMode.AlwaysOn, false)]
    public void Mode_MostlyOffline_StandsOnTheCard(string state, SourceMode mode, bool stands) =>
        Assert.Equal(stands, RenderCard(CreateStatus(state, mode)).FindAll(".facts .badge").Any(b => b.TextContent == "Mostly offline"));

    [Fact]
    public void Scan_FoundNothing_NamesTheLastThatDid()
    {
        var scan = new ScanView(2, 1, ScanKind.Quick, ScanState.Completed, 0, 0, 0, 0, 0, 0, 0, 0, _time.GetUtcNow(), _time.GetUtcNow(), _time.GetUtcNow(), null, null, []);
        var first = scan with { Id = 1, Kind = ScanKind.Full, Listed = 10, Added = 10, FinishedAt = _time.GetUtcNow().AddMinutes(-2) };

        var words = RenderCard(CreateStatus("closed", SourceMode.AlwaysOn) with { LastScan = scan, LastScanWithChanges = first }).Find(".source-scan").TextContent;

        Assert.Contains("Nothing changed", words, StringComparison.Ordinal);
        Assert.Contains("Last found something 2 minutes ago: 10 files seen · 10 new", words, StringComparison.Ordinal);
    }

    [Fact]
    public void State_LastCallFailed_IsNotCalledWell()
    {
        var state = RenderCard(CreateStatus("closed", SourceMode.AlwaysOn) with { Failures = 2, LastError = "Nothing answers on nas." }).Find(".state");

        Assert.Contains("state-warning", state.ClassList);
        Assert.Contains("the last call failed", state.GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void PutAway_FailedScanAndUnknownFiles_IsNoTrouble()
    {
        var scan = new ScanView(1, 1, ScanKind.Quick, ScanState.Failed, 0, 0, 0, 0, 0, 0, 0, 0, _time.GetUtcNow(), null, null, "Nothing answers on nas.", null, []);

        var card = RenderCard(CreateStatus("offline", SourceMode.MostlyOffline) with { PresentFiles = 0, UnknownFiles = 12, LastError = "Nothing answers on nas.", LastScan = scan });

        Assert.DoesNotContain("Nothing answers", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll(".is-warning, .is-danger, .state-danger, .state-warning"));
        Assert.Contains("12", card.Find(".numbers").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Strip_ShowsTheLastDaysInTheirParts()
    {
        var now = _time.GetUtcNow();

        var strip = Render<UptimeStrip>(p => p.Add(s => s.Periods,
        [
            new SourcePeriod(CircuitState.Offline, now.AddDays(-1.75), null, null, null), new SourcePeriod(CircuitState.Open, now.AddDays(-3.5), now.AddDays(-1.75), null, null),
            new SourcePeriod(CircuitState.Closed, now.AddDays(-30), now.AddDays(-3.5), null, null),
        ]));

        Assert.Equal(["--from:75%;--width:25%", "--from:50%;--width:25%", "--from:0%;--width:50%"], strip.FindAll(".strip-part").Select(p => p.GetAttribute("style")));
        Assert.Contains("50 %", strip.Find(".strip").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void Strip_JustCut_IsNotCalledAnsweredThroughout()
    {
        var now = _time.GetUtcNow();

        var strip = Render<UptimeStrip>(p => p.Add(s => s.Periods, [new SourcePeriod(CircuitState.Open, now, null, null, null), new SourcePeriod(CircuitState.Closed, now.AddMinutes(-3), now, null, null)]));

        Assert.Contains("answered 99 %", strip.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<SourceCard> RenderCard(SourceStatus source) => Render<SourceCard>(p => p.Add(c => c.Source, source).Add(c => c.CanManage, true));

    private SourceStatus CreateStatus(string state, SourceMode mode) => new(
        1, "NAS", "smb", @"\\nas\media", SourcePurpose.Main, state, _time.GetUtcNow().AddHours(-2), _time.GetUtcNow().AddHours(-2), null, 0, null, "off", null, null, null, false,
        12, 0, 0, 0, 1000, null, null, null, null) { Mode = mode };
}
