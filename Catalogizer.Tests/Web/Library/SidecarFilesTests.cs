using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

public sealed class SidecarFilesTests : PageTest
{
    [Fact]
    public void Files_OfOneSource_ShowNameKindAndSize()
    {
        var list = Render<SidecarFiles>(p => p.Add(b => b.Files, [CreateFile(1, "subtitle"), CreateFile(1, "video") with { Id = 2, Path = "Movies/Film/Extras/Bonus.mkv" }]));

        Assert.Equal(
            ["Movies/Film/Film.srt Subtitles3 kB", "Movies/Film/Extras/Bonus.mkv Extra3 kB"],
            list.FindAll("li").Select(row => string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void Files_OfTwoSources_ShowWhereTheyAre()
    {
        var list = Render<SidecarFiles>(p => p.Add(b => b.Files, [CreateFile(1, "subtitle"), CreateFile(2, "artwork") with { Id = 2, SourceName = "Archive" }]));

        Assert.Contains("Archive", list.FindAll("li")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Films", list.FindAll("li")[0].TextContent, StringComparison.Ordinal);
    }

    private static SidecarFile CreateFile(long source, string kind) => new(1, source, "Films", "Movies/Film/Film.srt", kind, 3000, DateTimeOffset.UnixEpoch, Presence.Present);
}
