using Bunit;
using Catalogizer.Jobs;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Jobs;

namespace Catalogizer.Tests.Web.Jobs;

/// <summary>The texts of the components of the jobs page.</summary>
public sealed class JobPartsTests : PageTest
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData(JobState.Succeeded, "Run now")]
    [InlineData(JobState.Failed, "Retry")]
    [InlineData(JobState.Cancelled, "Retry")]
    public void Row_AfterARun_OffersWhatComesNext(JobState last, string button)
    {
        var row = RenderRow(Job with { Last = CreateRun(last) });

        Assert.Equal(button, row.Find(".job-actions .button").TextContent);
    }

    [Fact]
    public void Row_WhileItRuns_OffersToCancelAlone()
    {
        var row = RenderRow(Job with { Current = CreateRun(JobState.Running), Last = CreateRun(JobState.Failed) });

        Assert.Equal("Cancel", Assert.Single(row.FindAll(".job-actions .button")).TextContent);
    }

    [Fact]
    public void Row_Paused_SaysSoAndOffersToResume()
    {
        var row = RenderRow(Job with { Paused = true, NextRunAt = null });

        Assert.Contains("Paused", row.Find(".job-when").TextContent, StringComparison.Ordinal);
        Assert.Equal("Resume", row.Find(".job-actions .button-quiet").TextContent);
    }

    [Fact]
    public void Row_WithoutASchedule_HasNothingToPause() =>
        Assert.Empty(RenderRow(Job with { Schedule = null, ScheduleInWords = "only when asked", NextRunAt = null }).FindAll(".job-actions .button-quiet"));

    [Fact]
    public void Card_WithAShare_IsAProgressBar()
    {
        var card = Render<JobRunCard>(p => p.Add(c => c.Run, CreateRun(JobState.Running) with { Percent = 40, Message = "counters" }));

        Assert.Equal("40", card.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Equal("counters", card.Find(".run-message").TextContent);
    }

    [Fact]
    public void Line_Failed_ShowsTheReason()
    {
        var line = Render<JobRunRow>(p => p.Add(c => c.Run, CreateRun(JobState.Failed) with { Message = "The disk was full.", By = "anna", DurationSeconds = 65 }));

        Assert.Equal("The disk was full.", line.Find(".past-message").TextContent);
        Assert.Contains("took 1 min 5 s, by anna", line.Find(".past-title").TextContent, StringComparison.Ordinal);
    }

    private static JobView Job => new("integrity-check", "Database check", "Looks.", "0 30 3 * * ?", "every day at 03:30", "0 30 3 * * ?", false, Now.AddHours(3), null, null);

    private static JobRun CreateRun(JobState state) => new("1", "integrity-check", "Database check", state, Now, 2, null, null, null);

    private IRenderedComponent<JobRow> RenderRow(JobView job) => Render<JobRow>(p => p.Add(r => r.Job, job));
}
