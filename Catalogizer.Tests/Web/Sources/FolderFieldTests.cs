using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Sources;
using Microsoft.AspNetCore.Components.Web;

namespace Catalogizer.Tests.Web.Sources;

/// <summary>Choosing and testing the folder of a source.</summary>
public sealed class FolderFieldTests : CatalogPageTest
{
    public FolderFieldTests() =>
        Visitor.SetClaims(new Claim("user_id", "7"), new Claim("username", "mira"), new Claim("permissions", Permission.SourcesManage));

    [Theory]
    [InlineData("/etc", "settings of this server")]
    [InlineData("/home", "home folder")]
    public async Task Test_FolderOfSecrets_ShowsTheWarning(string path, string says)
    {
        var field = Render<FolderField>(p => p.Add(f => f.Form, new SourceForm { Path = path }));

        await field.Find(".test button").ClickAsync(new MouseEventArgs());

        field.WaitForAssertion(() => Assert.Contains(says, field.Find(".notice-warning").TextContent, StringComparison.Ordinal));
        Assert.NotEmpty(field.FindAll(".test-ok"));
    }

    [Fact]
    public async Task Test_ForbiddenFolder_SaysWhyWithoutAWarning()
    {
        var field = Render<FolderField>(p => p.Add(f => f.Form, new SourceForm { Path = Path.GetDirectoryName(Catalog.DatabasePath) }));

        await field.Find(".test button").ClickAsync(new MouseEventArgs());

        field.WaitForAssertion(() => Assert.Contains("Catalogizer's own data", Assert.Single(field.FindAll(".field-error")).TextContent, StringComparison.Ordinal));
        Assert.Empty(field.FindAll(".notice-warning"));
    }
}
