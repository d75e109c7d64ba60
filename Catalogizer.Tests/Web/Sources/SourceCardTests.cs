using Bunit;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Sources;

namespace Catalogizer.Tests.Web.Sources;

/// <summary>What a source's card says of its state.</summary>
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
        var card = Draw(Source(state, mode));

        Assert.Equal(word, card.Find(".state").TextContent);
        Assert.Contains("state-" + tone, card.Find(".state").ClassList);
        Assert.Equal(state != "closed", card.FindAll(".source-trouble").Count == 1);
    }

    [Fact]
    public void State_NeverAsked_IsNotCalledConnected() =>
        Assert.Equal("not asked yet", Draw(Source("closed", SourceMode.AlwaysOn) with { LastConnectedAt = null }).Find(".state").TextContent);

    [Fact]
    public void Open_CountsDownToTheNextAttempt()
    {
        var card = Draw(Source("open", SourceMode.AlwaysOn) with { Attempt = 2, NextAttemptAt = _time.GetUtcNow().AddSeconds(8), LastError = "Nothing answers on nas." });

        Assert.Contains("Nothing answers on nas.", card.Find(".source-trouble").TextContent, StringComparison.Ordinal);
        Assert.Equal("in 8 s", card.Find(".countdown").TextContent);
        _time.Advance(TimeSpan.FromSeconds(3));
        card.WaitForAssertion(() => Assert.Equal("in 5 s", card.Find(".countdown").TextContent));
        _time.Advance(TimeSpan.FromSeconds(10));
        card.WaitForAssertion(() => Assert.Equal("now", card.Find(".countdown").TextContent));
        Assert.Contains("for the 3rd time", card.Find(".source-trouble").TextContent, StringComparison.Ordinal);
        Assert.Contains("Retry now", card.Find(".source-actions").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RefusedLogin_SaysThatSomebodyIsNeeded()
    {
        var card = Draw(Source("open", SourceMode.AlwaysOn) with { NextAttemptAt = null, LastError = "nas does not accept this user name or password." });

        Assert.Contains("not asked again by itself", card.Find(".source-trouble").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("by itself", card.Find(".state").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Empty(card.FindAll(".countdown"));
    }

    [Fact]
    public void PutAway_FailedScanAndUnknownFiles_IsNoTrouble()
    {
        var scan = new ScanView(1, 1, ScanKind.Quick, ScanState.Failed, 0, 0, 0, 0, 0, 0, 0, 0, _time.GetUtcNow(), null, null, "Nothing answers on nas.", null, []);

        var card = Draw(Source("offline", SourceMode.MostlyOffline) with { PresentFiles = 0, UnknownFiles = 12, LastError = "Nothing answers on nas.", LastScan = scan });

        Assert.DoesNotContain("Nothing answers", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll(".is-warning, .is-danger, .state-danger, .state-warning"));
        Assert.Contains("12", card.Find(".numbers").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Strip_ShowsTheLastDaysInTheirParts()
    {
        var now = _time.GetUtcNow();

        var strip = Render<StateStrip>(p => p.Add(s => s.Periods,
        [
            new SourcePeriod(CircuitState.Offline, now.AddDays(-1.75), null, null, null), new SourcePeriod(CircuitState.Open, now.AddDays(-3.5), now.AddDays(-1.75), null, null),
            new SourcePeriod(CircuitState.Closed, now.AddDays(-30), now.AddDays(-3.5), null, null),
        ]));

        Assert.Equal(["--from:75%;--width:25%", "--from:50%;--width:25%", "--from:0%;--width:50%"], strip.FindAll(".strip-part").Select(p => p.GetAttribute("style")));
        Assert.Contains("50 %", strip.Find(".strip").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    private IRenderedComponent<SourceCard> Draw(SourceStatus source) => Render<SourceCard>(p => p.Add(c => c.Source, source).Add(c => c.MayManage, true));

    private SourceStatus Source(string state, SourceMode mode) => new(
        1, "NAS", "smb", @"\\nas\media", SourcePurpose.Main, state, _time.GetUtcNow().AddHours(-2), _time.GetUtcNow().AddHours(-2), null, 0, null, "off", null, null, null, false,
        12, 0, 0, 0, 1000, null, null, null, null) { Mode = mode };
}
