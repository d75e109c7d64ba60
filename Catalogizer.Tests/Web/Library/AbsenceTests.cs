using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

/// <summary>Items that are unavailable now show their source, since when and why, wherever they appear, until they are back.</summary>
public sealed class AbsenceTests : CatalogPageTest
{
    private const string Masked = "It cannot be read right now.";

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(20);

    private long _diskSource;

    private string Disk => Path.Combine(Catalog.Root, "disk");

    [Fact]
    public async Task Lists_SourceAway_NameItAndWhereElseACopyIs()
    {
        await RemoveDiskAsync();

        var alone = await Catalog.FindOneAsync("Only Here");
        var both = await Catalog.FindOneAsync("In Both");
        var ofTheDisk = (await Catalog.FindAsync(new MediaQuery { Source = _diskSource })).Items.Single(i => i.Title == "In Both");

        Assert.Equal((Presence.Unknown, "Portable disk", 0, false), (alone.Presence, alone.Absence!.Source, alone.Absence.More, alone.Absence.IsElsewhere));
        Assert.NotNull(alone.Absence.Since);
        Assert.NotNull(alone.Absence.LastSeenAt);
        Assert.True(alone.Absence.LastSeenAt <= alone.Absence.Since);
        Assert.Contains(Disk, alone.Absence.Reason, StringComparison.Ordinal);
        Assert.Equal((Presence.Present, null), (both.Presence, both.Absence));
        Assert.Equal((Presence.Unknown, "Portable disk", true), (ofTheDisk.Presence, ofTheDisk.Absence!.Source, ofTheDisk.Absence.IsElsewhere));
    }

    [Fact]
    public async Task Everywhere_WhoMayNotSeePlaces_ReadsNoneInTheReason()
    {
        await RemoveDiskAsync();
        var vera = new Actor(8, "vera", [Permission.MediaView, Permission.MediaEdit]);
        var id = (await Catalog.FindOneAsync("Only Here")).Id;

        var edited = (await Catalog.Media.EditAsync(vera, id, new MediaEdits { Rating = 8 }, default)).Value.Item;

        MediaSummary[] items =
        [
            edited,
            (await Catalog.Media.GetAsync(vera, id, default)).Value.Item,
            .. (await Catalog.Media.PageAsync(vera, new MediaQuery { Query = "only" }, default)).Value.Items,
            .. await Catalog.Media.WindowAsync(vera, new MediaQuery { Query = "only" }, 0, 10, default),
            .. await Catalog.Media.SuggestAsync(vera, "only", 10, default),
        ];
        Assert.Equal(5, items.Length);
        Assert.All(items, item => Assert.Equal(Masked, item.Absence!.Reason));
        Assert.Equal([Masked], (await Catalog.Media.VersionsAsync(vera, id, default)).Value.Select(v => v.Absence!.Reason));
    }

    [Fact]
    public async Task CardAndRow_SourceAway_NameItWithTimeAndReason()
    {
        await RemoveDiskAsync();
        var item = await Catalog.FindOneAsync("Only Here");

        var card = Render<MediaCard>(p => p.Add(c => c.Item, item));
        var row = Render<MediaRow>(p => p.Add(c => c.Item, item));

        Assert.Equal("OfflinePortable disk", card.Find(".card-presence").TextContent);
        Assert.Equal("OfflinePortable disk", row.Find(".row-presence").TextContent);
        Assert.All([card.Find(".presence"), row.Find(".presence")], mark => Assert.Matches($@"^Offline since .+: on Portable disk, last seen .+\. .*{Disk}", mark.GetAttribute("title")!));
        Assert.Equal(("card card-unknown", "row row-unknown"), (card.Find("article").ClassName, row.Find("tr").ClassName));
    }

    [Fact]
    public async Task Item_SourceAwayAndBack_SaysSoAndGoesBackByItself()
    {
        await RemoveDiskAsync();
        var id = (await Catalog.FindOneAsync("Only Here")).Id;
        var page = Render<ItemPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement(".item-words .absence", WaitTimeout);

        Assert.All(page.FindAll(".absence"), note => Assert.Matches($@"^On Portable disk, offline since .+, last seen .+\. {Masked}$", string.Join(' ', note.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(2, page.FindAll(".absence").Count);
        Assert.Equal("Offline", page.Find(".item-facts .presence span").TextContent);

        await RestoreDiskAsync();

        page.WaitForAssertion(() => Assert.Equal("Available", page.Find(".item-facts .presence span").TextContent), WaitTimeout);
        Assert.Empty(page.FindAll(".absence"));
    }

    [Fact]
    public async Task Copies_OneOfTwoAway_NameTheOther()
    {
        await RemoveDiskAsync();
        var id = (await Catalog.FindOneAsync("In Both")).Id;

        var item = Render<ItemPage>(p => p.Add(c => c.Id, id));
        var compare = Render<ComparePage>(p => p.Add(c => c.Id, id));
        item.WaitForElement(".versions", WaitTimeout);
        compare.WaitForElement(".compare", WaitTimeout);

        Assert.Empty(item.FindAll(".item-words .absence"));
        Assert.Contains("Available on NAS.", Assert.Single(item.FindAll(".version-unknown .absence")).TextContent, StringComparison.Ordinal);
        Assert.Contains("Available elsewhere.", Assert.Single(compare.FindAll(".absence")).TextContent, StringComparison.Ordinal);

        await RestoreDiskAsync();
        item.WaitForAssertion(() => Assert.Empty(item.FindAll(".absence")), WaitTimeout);
        compare.WaitForAssertion(() => Assert.Empty(compare.FindAll(".absence")), WaitTimeout);
    }

    [Fact]
    public async Task Folder_ThatCannotBeRead_IsTheReasonWhileItsSourceAnswers()
    {
        await AddTwoSourcesAsync();
        Catalog.Execute("UPDATE media_versions SET presence = 1 WHERE source_id = 1; UPDATE holdings SET pattern = replace(pattern, '1:0', '1:1')");
        await Catalog.ReopenAsync();

        var absence = (await Catalog.FindOneAsync("Only Here")).Absence!;

        Assert.Equal((null, null, "Its folder could not be read at the last scan."), (absence.Since, absence.LastSeenAt, absence.Reason));
    }

    private async Task AddTwoSourcesAsync()
    {
        Catalog.Write("disk/Only Here (2001).mkv");
        Catalog.Write("disk/In Both (2002) 720p.mkv");
        Catalog.Write("nas/In Both (2002) 1080p.mkv");
        _diskSource = (await Catalog.AddSourceAsync("Portable disk", Disk)).Id;
        var nas = (await Catalog.AddSourceAsync("NAS", Path.Combine(Catalog.Root, "nas"))).Id;
        await Catalog.ScanAsync(_diskSource);
        await Catalog.ScanAsync(nas);
    }

    private async Task RemoveDiskAsync()
    {
        await AddTwoSourcesAsync();
        Directory.Move(Disk, Disk + ".away");
        Assert.Equal(ScanState.Failed, (await Catalog.ScanAsync(_diskSource)).State);
    }

    private async Task RestoreDiskAsync()
    {
        Directory.Move(Disk + ".away", Disk);
        Assert.Equal(ScanState.Completed, (await Catalog.ScanAsync(_diskSource)).State);
    }
}
