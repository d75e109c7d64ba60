using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Jobs;
using Catalogizer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>The jobs page in a real browser, while jobs run.</summary>
[Trait("Category", "Browser")]
public sealed class JobsPageTests : IAsyncLifetime
{
    private readonly TestServer _server = new()
    {
        Settings = ["--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"],
        ConfigureServices = BlockingJob.Register,
    };

    private BlockingJob.Controls Controls => _server.Get<BlockingJob.Controls>();

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        await _server.AddUserAsync("vera", Role.Viewer);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Run_Job_IsFollowedToItsEndWithoutAReload()
    {
        await using var visitor = await VisitAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/");
        await visitor.Link("Jobs").ClickAsync();
        await Expect(visitor.Heading("Jobs")).ToBeVisibleAsync();
        await visitor.WaitUntilInteractiveAsync();
        await page.EvaluateAsync("() => { window.sameDocument = true; }");

        // Other jobs may run meanwhile, on their schedules.
        var run = page.Locator(".run").Filter(new() { HasText = "Patient work" });
        await visitor.Button("Run now: Patient work").ClickAsync();
        Controls.Send(new ProgressUpdate(40, "four of ten"));
        await Expect(run.Locator("[role=progressbar]")).ToHaveAttributeAsync("aria-valuenow", "40");
        await Expect(run.Locator(".run-message")).ToHaveTextAsync("four of ten");
        await Expect(run.Locator("footer")).ToContainTextAsync("by anna");
        Controls.Send("Ten of ten.");

        await Expect(run).ToHaveCountAsync(0);
        await Expect(page.Locator(".past-run").First).ToContainTextAsync("Ten of ten.");
        await Expect(page.Locator("[data-job=patient] .job-last")).ToHaveTextAsync("done");
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task CancelAndFail_Job_AreShownWithTheReasonAndRetried()
    {
        await using var visitor = await VisitAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/hangfire");
        await Expect(visitor.Heading("Jobs")).ToBeVisibleAsync();

        var run = page.Locator(".run").Filter(new() { HasText = "Patient work" });
        await visitor.Button("Run now: Patient work").ClickAsync();
        await Expect(run.Filter(new() { HasText = "running" })).ToHaveCountAsync(1);
        await visitor.Button("Cancel Patient work").ClickAsync();
        await Expect(page.Locator("[data-job=patient] .job-last")).ToHaveTextAsync("cancelled");
        await Expect(run).ToHaveCountAsync(0);

        await visitor.Button("Retry Patient work").ClickAsync();
        Controls.Send(new Catalogizer.Jobs.JobFailedException("The disk was full."));
        await Expect(page.Locator(".past-run[data-state=failed]")).ToContainTextAsync("The disk was full.");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Schedule_Changed_IsSaidInWordsAndRefusedWhenWrong()
    {
        await using var visitor = await VisitAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/admin/jobs");

        await page.Locator("[data-job=patient] .job-when .link-button").ClickAsync();
        await page.SelectOptionAsync("#choice", "own");
        await page.FillAsync("#schedule", "0 99 3 * * ?");
        await Expect(page.Locator("#schedule-error")).ToContainTextAsync("second, minute, hour");
        await Expect(visitor.Button("Save")).ToBeDisabledAsync();
        await page.FillAsync("#schedule", "0 0/20 * * * ?");
        await Expect(page.Locator(".schedule-words strong")).ToHaveTextAsync("Every 20 minutes");
        await visitor.AssertFitsAsync("job-schedule");
        await visitor.Button("Save").ClickAsync();

        await Expect(page.Locator("[data-job=patient] .job-when .link-button")).ToHaveTextAsync("Every 20 minutes");
        await visitor.Button("Pause Patient work").ClickAsync();
        await Expect(page.Locator("[data-job=patient] .job-when")).ToContainTextAsync("Paused");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Jobs_Viewer_HasNoEntryAndIsRefused()
    {
        await using var visitor = await VisitAsync("vera");
        visitor.ExpectFailedRequest("/admin/jobs");
        visitor.ExpectFailedRequest("/denied");

        await visitor.NavigateAsync("/");
        await Expect(visitor.Link("Jobs")).ToHaveCountAsync(0);
        await visitor.Page.GotoAsync("/admin/jobs");

        await Expect(visitor.Page.Locator("h1")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".jobs")).ToHaveCountAsync(0);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Page_EveryWidth_Fits()
    {
        _server.Write("films/A Film (2001).mkv");
        await _server.Get<Domain.Sources.SourceService>().AddAsync(Actor.System, new Domain.Sources.SourceDraft { Name = "Films", Protocol = "local", Path = _server.PathOf("films"), Schedule = "0 0/30 * * * ?" }, default);
        await using var visitor = await VisitAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/admin/jobs");
        await visitor.Button("Run now: Scan of Films").ClickAsync();
        await visitor.Button("Run now: Database check").ClickAsync();
        await Expect(page.Locator(".past-run:has-text('Scan of Films'), .past-run:has-text('Database check')")).ToHaveCountAsync(2);
        await visitor.Button("Run now: Patient work").ClickAsync();
        Controls.Send(new Catalogizer.Jobs.JobFailedException("The disk was full: nothing more could be written to /data, and what was begun was taken back."));
        await Expect(page.Locator(".past-run:has-text('Patient work')")).ToHaveCountAsync(1);
        await visitor.Button("Retry Patient work").ClickAsync();
        Controls.Send(new ProgressUpdate(40, "four of ten"));
        await Expect(page.Locator(".run").Filter(new() { HasText = "Patient work" }).Locator("[role=progressbar]")).ToHaveAttributeAsync("aria-valuenow", "40");
        await visitor.AssertFitsAsync("jobs-running");
        Controls.Send("Done.");
        visitor.AssertNoErrors();
    }

    private Task<Visitor> VisitAsync(string name) => Chromium.VisitAsync(_server.Address, name, AccountsFixture.GoodPassword);
}
