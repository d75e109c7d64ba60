using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Sources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Sources;

/// <summary>The page on which a held scan is decided.</summary>
public sealed class HeldScanReviewTests : CataloguePageTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public HeldScanReviewTests() => Visitor.SetClaims(
        new Claim("user_id", "7"), new Claim("username", "mira"),
        new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.SourcesView), new Claim("permissions", Permission.SourcesManage));

    [Fact]
    public async Task Decide_ALaterScanMissesTheSame_DecidesThatOne()
    {
        Catalogue.Write("A Film (2001).mkv");
        var source = (await Catalogue.AddSourceAsync()).Id;
        await Catalogue.ScanAsync(source);
        Catalogue.Delete("A Film (2001).mkv");
        var held = await Catalogue.ScanAsync(source);
        var page = Render<HeldScanReview>(parameters => parameters.Add(p => p.Id, held.Id));
        page.WaitForAssertion(() => Assert.Contains("This scan is held", page.Markup, StringComparison.Ordinal), Patience);

        Assert.Equal(ScanState.Held, (await Catalogue.ScanAsync(source)).State);
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent == "Mark as missing").ClickAsync(new()));

        page.WaitForAssertion(() => Assert.EndsWith("/sources", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal), Patience);
        Assert.Equal(Catalogizer.Domain.Media.Presence.Missing, (await Catalogue.OneAsync("A Film")).Presence);
    }
}
