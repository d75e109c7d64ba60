using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>How pages show the content of a source that goes offline and comes back.</summary>
[Trait("Category", "Browser")]
public sealed class AbsencePageTests : IAsyncLifetime
{
    private readonly TestServer _server = new()
    {
        Settings = ["--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Logging:LogLevel:Default=Warning"],
    };

    private Visitor _visitor = null!;

    private IPage Page => _visitor.Page;

    public async Task InitializeAsync()
    {
        _server.Write("disk/Only Here (2001) 1080p.mkv", "one");
        _server.Write("disk/In Both (2002) 720p.mkv", "two");
        _server.Write("nas/In Both (2002) 1080p.mkv", "three");
        await _server.StartAsync();
        await SeededServer.ScanAsync(_server, "Portable disk with a long name", _server.PathOf("disk"));
        await SeededServer.ScanAsync(_server, "NAS", _server.PathOf("nas"));
        _visitor = await Chromium.VisitAsync(_server.Address, "anna", AccountsFixture.GoodPassword);
    }

    public async Task DisposeAsync()
    {
        await _visitor.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Pages_SourceAway_SayWhereAndWhyUntilItIsBack()
    {
        await ScanDiskAsync(isThere: false);
        await _visitor.NavigateAsync("/library?sort=title");
        var card = Page.Locator(".card-unknown");
        await Expect(card.Locator(".card-presence")).ToContainTextAsync("Portable disk");
        await Expect(card.Locator(".presence")).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex("^Offline since .+: on Portable disk with a long name, last seen .+"));
        await AssertAccessibleAsync("library-away");

        await _visitor.NavigateAsync("/library?sort=title&view=list");
        await Expect(Page.Locator(".row-unknown .row-presence")).ToContainTextAsync("Portable disk");
        await AssertAccessibleAsync("library-list-away");

        await _visitor.NavigateAsync($"/item/{await FindIdAsync("In Both")}/compare");
        await Expect(Page.Locator(".compare .absence")).ToContainTextAsync("Available elsewhere.");
        await AssertAccessibleAsync("compare-away");

        await _visitor.NavigateAsync($"/item/{await FindIdAsync("In Both")}");
        await Expect(Page.Locator(".version-unknown .absence")).ToContainTextAsync("Available on NAS.");
        await AssertAccessibleAsync("item-away-elsewhere");

        await _visitor.NavigateAsync($"/item/{await FindIdAsync("Only Here")}");
        await Expect(Page.Locator(".item-words .absence")).ToContainTextAsync("On Portable disk with a long name, offline since");
        await AssertAccessibleAsync("item-away");

        await ScanDiskAsync(isThere: true);
        await Expect(Page.Locator(".absence")).ToHaveCountAsync(0);
        await Expect(Page.Locator(".item-facts .presence")).ToHaveTextAsync("Available");
        _visitor.AssertNoErrors();
    }

    private async Task AssertAccessibleAsync(string name)
    {
        await _visitor.AssertFitsAsync(name);
        Assert.Empty(await Axe.ViolationsInBothThemesAsync(_visitor));
    }

    private async Task<long> FindIdAsync(string title) =>
        (await _server.Get<MediaService>().PageAsync(Actor.System, new MediaQuery { Query = title }, default)).Value.Items.Single(i => i.Title == title).Id;

    private async Task ScanDiskAsync(bool isThere)
    {
        var (here, away) = (_server.PathOf("disk"), _server.PathOf("disk-away"));
        Directory.Move(isThere ? away : here, isThere ? here : away);
        var source = (await _server.Get<SourceService>().ListAsync(Actor.System, default)).Single(s => s.Name != "NAS").Id;
        var scans = _server.Get<ScanService>();
        await scans.WaitAsync((await scans.StartAsync(Actor.System, source, ScanKind.Full, default)).Value.Id, default);
    }
}
