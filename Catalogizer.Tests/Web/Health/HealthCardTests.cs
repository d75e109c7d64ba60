using Bunit;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Health;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Health;

public sealed class HealthCardTests : PageTest
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HealthCheck Disk = new("disk", "Disk", "Free some space.", (_, _) => Task.FromResult(new CheckResult(true, "")));

    public HealthCardTests()
        : base(new ManualTime(Now))
    {
    }

    [Fact]
    public void Card_Fails_SaysSinceWhenAndWhatToDo()
    {
        var failing = new HealthPeriod { Id = 2, Name = "disk", Ok = false, Since = Now.AddHours(-2), Until = Now, Message = "Full." };
        var well = new HealthPeriod { Id = 1, Name = "disk", Ok = true, Since = Now.AddHours(-8), Until = failing.Since, Message = "Fine." };

        var card = RenderCard(new CheckStatus(Disk, new HealthFinding("disk", "Disk", false, false, "Full.", 3), Now, failing.Since, failing, [well, failing]));

        Assert.Equal("fails", card.Find(".state").TextContent);
        Assert.Contains("Free some space.", card.Find(".health-advice").TextContent, StringComparison.Ordinal);
        Assert.Equal("Fails since 2 hours ago", card.Find("footer small").TextContent);
        Assert.Equal("Of the last 7 days it was in order 75 % of the time that is known", card.Find(".strip").GetAttribute("aria-label"));
        Assert.Equal(["strip-part strip-ok", "strip-part strip-danger"], card.FindAll(".strip-part").Select(p => p.ClassName));
    }

    [Fact]
    public void Strip_FailsSinceThisMoment_IsNotCalledInOrderThroughout()
    {
        var well = new HealthPeriod { Id = 1, Name = "disk", Ok = true, Since = Now.AddMinutes(-3), Until = Now, Message = "Fine." };
        var failing = new HealthPeriod { Id = 2, Name = "disk", Ok = false, Since = Now, Until = Now, Message = "Full." };

        var card = RenderCard(new CheckStatus(Disk, new HealthFinding("disk", "Disk", false, false, "Full.", 3), Now, Now, failing, [well, failing]));

        Assert.Contains("in order 99 %", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Strip_NothingEverFailed_IsInOrderThroughout()
    {
        for (var minutes = 1; minutes < 3000; minutes += 7)
        {
            var rows = Enumerable.Range(1, 9).Select(i => new HealthPeriod { Id = i, Name = "disk", Ok = true, Since = Now.AddMinutes(-i * minutes), Until = Now.AddMinutes(-(i * minutes) + (minutes / 3.0)), Message = "Fine." });

            var card = RenderCard(new CheckStatus(Disk, new HealthFinding("disk", "Disk", false, true, "Fine.", 3), Now, Now, null, [.. rows.Reverse()]));

            Assert.Equal("Of the last 7 days it was in order 100 % of the time that is known", card.Find(".strip").GetAttribute("aria-label"));
        }
    }

    [Fact]
    public void Parts_ThatFail_SayHowLongAgoAndWhenNextWhileTheyAreRead()
    {
        var time = (ManualTime)Services.GetRequiredService<TimeProvider>();
        var finding = new HealthFinding("providers", "Providers", false, false, "The last call failed: TMDB.", 3)
        {
            Parts = [new HealthPart("TMDB", false, "TMDB cannot be reached.", null, Now.AddMinutes(-2), Now.AddSeconds(40)), new HealthPart("OMDb", true, "It answered when last asked.")],
        };

        var card = RenderCard(new CheckStatus(Disk, finding, Now, Now, null, []));

        Assert.Equal("TMDB: last call failed 2 minutes ago. TMDB cannot be reached. Asked again in 40 s.", ReadText());
        time.Advance(TimeSpan.FromSeconds(25));
        card.WaitForAssertion(() => Assert.Contains("Asked again in 15 s.", ReadText(), StringComparison.Ordinal));
        time.Advance(TimeSpan.FromSeconds(40));
        card.WaitForAssertion(() => Assert.Equal("TMDB: last call failed 3 minutes ago. TMDB cannot be reached. Asked again now.", ReadText()));

        string ReadText() => string.Join(' ', Assert.Single(card.FindAll(".health-parts li")).TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Card_NeverLooked_SaysSoAndGivesNoAdvice()
    {
        var card = RenderCard(new CheckStatus(Disk, null, null, null, null, []));

        Assert.Equal("not looked yet", card.Find(".state").TextContent);
        Assert.Empty(card.FindAll(".health-advice"));
    }

    private IRenderedComponent<HealthCard> RenderCard(CheckStatus status) => Render<HealthCard>(p => p.Add(c => c.Status, status));
}
