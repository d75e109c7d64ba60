using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Library;

/// <summary>Paging continues after the end of a page, whatever the last title is.</summary>
public sealed class PageCursorTests
{
    [Theory]
    [InlineData("日")]
    [InlineData("🙂")]
    [InlineData("<")]
    public async Task Page_EndsAtTheLongestTitle_GoesOnBehindIt(string letter)
    {
        await using var catalog = new TestCatalog();
        for (var i = 0; i < 3; i++)
        {
            catalog.Write($"Film {i} (200{i}).mkv");
        }

        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
        foreach (var item in (await catalog.FindAsync()).Items)
        {
            var title = string.Concat(Enumerable.Repeat(letter, 500 / letter.Length));
            Assert.True((await catalog.Media.EditAsync(Actor.System, item.Id, new MediaEdits { Title = title }, default)).IsOk);
        }

        var (met, cursor) = (new List<long>(), (string?)null);
        for (var i = 0; i < 3; i++)
        {
            var page = await catalog.FindAsync(new MediaQuery { Sort = MediaSort.Title, Limit = 1, Cursor = cursor });
            met.Add(Assert.Single(page.Items).Id);
            cursor = page.NextCursor;
        }

        Assert.Equal(3, met.Distinct().Count());
        Assert.Null(cursor);
    }
}
