using Bunit;
using Catalogizer.Domain.Health;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Health;

namespace Catalogizer.Tests.Web.Health;

public sealed class HealthCardTests : PageTest
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HealthCheck Disk = new("disk", "Disk", "Free some space.", (_, _) => Task.FromResult(new HealthAnswer(true, "")));

    public HealthCardTests()
        : base(new ManualTime(Now))
    {
    }

    [Fact]
    public void Card_Fails_SaysSinceWhenAndWhatToDo()
    {
        var failing = new HealthRow { Id = 2, Name = "disk", Ok = false, Since = Now.AddHours(-2), Until = Now, Message = "Full." };
        var well = new HealthRow { Id = 1, Name = "disk", Ok = true, Since = Now.AddHours(-8), Until = failing.Since, Message = "Fine." };

        var card = Draw(new CheckStatus(Disk, new HealthFinding("disk", "Disk", false, false, "Full.", 3), Now, failing.Since, failing, [well, failing]));

        Assert.Equal("fails", card.Find(".state").TextContent);
        Assert.Contains("Free some space.", card.Find(".health-advice").TextContent, StringComparison.Ordinal);
        Assert.Equal("Fails since 2 hours ago", card.Find("footer small").TextContent);
        Assert.Equal("Of the last 7 days it was in order 75 % of the time that is known", card.Find(".strip").GetAttribute("aria-label"));
        Assert.Equal(["strip-part strip-ok", "strip-part strip-danger"], card.FindAll(".strip-part").Select(p => p.ClassName));
    }

    [Fact]
    public void Card_NeverLooked_SaysSoAndGivesNoAdvice()
    {
        var card = Draw(new CheckStatus(Disk, null, null, null, null, []));

        Assert.Equal("not looked yet", card.Find(".state").TextContent);
        Assert.Empty(card.FindAll(".health-advice"));
    }

    private IRenderedComponent<HealthCard> Draw(CheckStatus status) => Render<HealthCard>(p => p.Add(c => c.Status, status));
}
