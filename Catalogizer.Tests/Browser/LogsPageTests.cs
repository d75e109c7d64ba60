using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Logging;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>Errors, the audit log and metrics in a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class LogsPageTests : IAsyncLifetime
{
    private readonly TestServer _server = new()
    {
        Settings = ["--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"],
    };

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        await _server.AddUserAsync("vera", Role.Viewer);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Errors_NewOne_AppearsByItselfAndIsTriaged()
    {
        await using var visitor = await VisitAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/");
        await visitor.Link("Records").ClickAsync();
        await Expect(page.GetByText("No errors")).ToBeVisibleAsync();

        Log("The share nas went away in the middle");
        await Expect(page.Locator(".error-message")).ToContainTextAsync("The share nas went away in the middle");
        await visitor.Button("Resolved").ClickAsync();
        await Expect(page.Locator(".error-row")).ToHaveAttributeAsync("data-status", "Resolved");
        await page.SelectOptionAsync("#status", "new");
        await Expect(page.GetByText("No error fits")).ToBeVisibleAsync();
        Log("The share nas went away in the middle");
        await Expect(page.Locator(".error-row")).ToHaveAttributeAsync("data-status", "New");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Audit_Filtered_ShowsWhoDidWhatAndIsExported()
    {
        await _server.Get<SourceService>().AddAsync(new Actor(1, "bert", Permission.All, "192.0.2.9"), new SourceDraft { Name = "Films", Protocol = "local", Path = _server.PathOf("") }, default);
        await using var visitor = await VisitAsync("anna");
        var page = visitor.Page;
        await visitor.NavigateAsync("/admin/audit");
        await Expect(page.Locator(".audit li").First).ToContainTextAsync("anna");

        await page.FillAsync("#user", "bert");
        await visitor.Button("Show").ClickAsync();
        await Expect(page.Locator(".audit li")).ToHaveCountAsync(1);
        await Expect(page.Locator(".audit li")).ToContainTextAsync("bert added a source · Films");
        await Expect(page.Locator(".audit-target")).ToHaveAttributeAsync("href", "sources/1/files");
        await Expect(page.Locator(".audit li")).ToContainTextAsync("192.0.2.9");
        await Expect(page).ToHaveURLAsync("/admin/audit?user=bert");
        var file = await page.RunAndWaitForDownloadAsync(() => visitor.Link("Export").ClickAsync());
        Assert.Contains("sources.add", await File.ReadAllTextAsync((await file.PathAsync())!), StringComparison.Ordinal);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Records_Viewer_HaveNoEntryAndAreRefused()
    {
        await using var visitor = await VisitAsync("vera");
        visitor.ExpectFailedRequest("/admin/");
        visitor.ExpectFailedRequest("/denied");
        await visitor.NavigateAsync("/");
        await Expect(visitor.Link("Records")).ToHaveCountAsync(0);
        foreach (var path in (string[])["/admin/errors", "/admin/audit", "/admin/metrics"])
        {
            await visitor.Page.GotoAsync(path);
            await Expect(visitor.Page.Locator("h1")).ToBeVisibleAsync();
            await Expect(visitor.Page.Locator(".records-tabs")).ToHaveCountAsync(0);
        }

        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Pages_EveryWidth_Fit()
    {
        Log("The scan 3 failed: a very long reason that goes on and on, /with/a/path/that/has/no/space/to/break/at/all/in/it/and/goes/on/for/a/while");
        await using var visitor = await VisitAsync("anna");
        await _server.Get<MetricRecorder>().WriteAsync(default);
        foreach (var (page, path, ready) in new[] { ("errors-some", "/admin/errors", ".error-row"), ("audit-some", "/admin/audit", ".audit li"), ("metrics-some", "/admin/metrics", ".measure-line") })
        {
            await visitor.NavigateAsync(path);
            await Expect(visitor.Page.Locator(ready).First).ToBeAttachedAsync();
            if (page != "metrics-some")
            {
                await visitor.Page.Locator(".fold summary").First.ClickAsync();
            }

            await visitor.AssertFitsAsync(page);
        }

        visitor.AssertNoErrors();
    }

    private void Log(string message) => _server.Get<ILoggerFactory>().CreateLogger("Catalogizer.Domain.Scanning.ScanService").LogError(new InvalidOperationException("The line was cut."), "{Message}", message);

    private Task<Visitor> VisitAsync(string name) => Chromium.VisitAsync(_server.Address, name, AccountsFixture.GoodPassword);
}
