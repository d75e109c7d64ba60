using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

/// <summary>The page of an item says which mark keeps it apart from others of its title.</summary>
public sealed class KeptApartTests : CatalogPageTest
{
    [Fact]
    public async Task ItemPage_AMarkKeepsItApart_SaysWhichAndLinksTheOther()
    {
        foreach (var path in new[] { "Low Tide (2011) {tmdb-1}.mkv", "Low Tide (2011) {tmdb-2}.mkv", "Quiet Water (2001).mkv", "Night Post (1999)/Night Post S01E01.mkv", "Night Post (2021)/Night Post S01E01.mkv" })
        {
            Catalog.Write(path);
        }

        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        var ids = Catalog.QueryRows("SELECT id FROM media_items WHERE is_work = 1 ORDER BY identity").Select(long.Parse).ToList();     // Low Tide 1 and 2, Quiet Water, Night Post 1999 and 2021

        Assert.Equal(["tmdb 1 and 2", "tmdb 2 and 1", "", "1999 and 2021", "2021 and 1999"], await Task.WhenAll(ids.Select(async id => string.Join(';', (await Catalog.Media.GetAsync(Actor.System, id, default)).Value.KeptApart.Select(k => k.Difference)))));
        var page = Render<ItemPage>(p => p.Add(c => c.Id, ids[0]));
        page.WaitForElement("h1");
        var sentence = page.FindAll(".item-words > p.muted").Single(p => p.TextContent.StartsWith("Kept apart", StringComparison.Ordinal));

        Assert.Equal("Kept apart from Low Tide (2011) by its id: tmdb 1 and 2.", sentence.TextContent);
        Assert.EndsWith($"/{ids[1]}", sentence.QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
    }
}
