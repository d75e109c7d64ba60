using Bunit;
using Catalogizer.Domain.Operations.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

/// <summary>The library shows how much of it is still to be processed.</summary>
public sealed class BacklogNoteTests(LibraryFixture library) : MediaBrowserTest(library), IClassFixture<LibraryFixture>
{
    [Fact]
    public async Task Library_CopiesNotAnalysedYet_SaysHowMany()
    {
        var watch = Catalog.Services.GetRequiredService<BacklogMonitor>();
        await watch.CountAsync(default);
        Assert.True(watch.Current.Analysis.Left > 0);

        var page = Open();

        Assert.Contains("copies still to be analysed.", page.Find(".page-summary .backlog").TextContent, StringComparison.Ordinal);
    }
}
