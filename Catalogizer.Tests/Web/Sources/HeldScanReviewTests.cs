using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Sources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Sources;

/// <summary>The page on which a user decides about a held scan.</summary>
public sealed class HeldScanReviewTests : CatalogPageTest
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    public HeldScanReviewTests() => Visitor.SetClaims(
        new Claim("user_id", "7"), new Claim("username", "mira"),
        new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.SourcesView), new Claim("permissions", Permission.SourcesManage));

    [Fact]
    public async Task Decide_ALaterScanMissesTheSame_DecidesThatOne()
    {
        Catalog.Write("A Film (2001).mkv");
        var source = (await Catalog.AddSourceAsync()).Id;
        await Catalog.ScanAsync(source);
        Catalog.Delete("A Film (2001).mkv");
        var held = await Catalog.ScanAsync(source);
        var page = Render<HeldScanReview>(parameters => parameters.Add(p => p.Id, held.Id));
        page.WaitForAssertion(() => Assert.Contains("This scan is held", page.Markup, StringComparison.Ordinal), WaitTimeout);

        Assert.Equal(ScanState.Held, (await Catalog.ScanAsync(source)).State);
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent == "Mark as missing").ClickAsync(new()));

        page.WaitForAssertion(() => Assert.EndsWith("/sources", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal), WaitTimeout);
        Assert.Equal(Presence.Missing, (await Catalog.FindOneAsync("A Film")).Presence);
    }
}
