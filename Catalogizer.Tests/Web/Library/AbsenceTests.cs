using Bunit;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;

namespace Catalogizer.Tests.Web.Library;

/// <summary>What cannot be had now says where it is, since when and why, wherever it is shown, until it is back.</summary>
public sealed class AbsenceTests : CataloguePageTest
{
    private const string Masked = "It cannot be read right now.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private long _disk;

    private string Disk => Path.Combine(Catalogue.Root, "disk");

    [Fact]
    public async Task Lists_SourceAway_NameItAndWhereElseACopyIs()
    {
        await CutAsync();

        var alone = await Catalogue.OneAsync("Only Here");
        var both = await Catalogue.OneAsync("In Both");
        var ofTheDisk = (await Catalogue.FindAsync(new MediaQuery { Source = _disk })).Items.Single(i => i.Title == "In Both");

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
        await CutAsync();
        var vera = new Actor(8, "vera", [Permission.MediaView, Permission.MediaEdit]);
        var id = (await Catalogue.OneAsync("Only Here")).Id;

        var edited = (await Catalogue.Media.EditAsync(vera, id, new MediaEdits { Rating = 8 }, default)).Value.Item;

        MediaSummary[] items =
        [
            edited,
            (await Catalogue.Media.GetAsync(vera, id, default)).Value.Item,
            .. (await Catalogue.Media.PageAsync(vera, new MediaQuery { Query = "only" }, default)).Value.Items,
            .. await Catalogue.Media.WindowAsync(vera, new MediaQuery { Query = "only" }, 0, 10, default),
            .. await Catalogue.Media.SuggestAsync(vera, "only", 10, default),
        ];
        Assert.Equal(5, items.Length);
        Assert.All(items, item => Assert.Equal(Masked, item.Absence!.Reason));
        Assert.Equal([Masked], (await Catalogue.Media.VersionsAsync(vera, id, default)).Value.Select(v => v.Absence!.Reason));
    }

    [Fact]
    public async Task CardAndRow_SourceAway_NameItWithTimeAndReason()
    {
        await CutAsync();
        var item = await Catalogue.OneAsync("Only Here");

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
        await CutAsync();
        var id = (await Catalogue.OneAsync("Only Here")).Id;
        var page = Render<ItemPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement(".item-words .absence", Patience);

        Assert.All(page.FindAll(".absence"), note => Assert.Matches($@"^On Portable disk, offline since .+, last seen .+\. {Masked}$", string.Join(' ', note.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(2, page.FindAll(".absence").Count);
        Assert.Equal("Offline", page.Find(".item-facts .presence span").TextContent);

        await BackAsync();

        page.WaitForAssertion(() => Assert.Equal("Available", page.Find(".item-facts .presence span").TextContent), Patience);
        Assert.Empty(page.FindAll(".absence"));
    }

    [Fact]
    public async Task Copies_OneOfTwoAway_NameTheOther()
    {
        await CutAsync();
        var id = (await Catalogue.OneAsync("In Both")).Id;

        var item = Render<ItemPage>(p => p.Add(c => c.Id, id));
        var compare = Render<ComparePage>(p => p.Add(c => c.Id, id));
        item.WaitForElement(".versions", Patience);
        compare.WaitForElement(".compare", Patience);

        Assert.Empty(item.FindAll(".item-words .absence"));
        Assert.Contains("Available on NAS.", Assert.Single(item.FindAll(".version-unknown .absence")).TextContent, StringComparison.Ordinal);
        Assert.Contains("Available elsewhere.", Assert.Single(compare.FindAll(".absence")).TextContent, StringComparison.Ordinal);

        await BackAsync();
        item.WaitForAssertion(() => Assert.Empty(item.FindAll(".absence")), Patience);
        compare.WaitForAssertion(() => Assert.Empty(compare.FindAll(".absence")), Patience);
    }

    [Fact]
    public async Task Folder_ThatCannotBeRead_IsTheReasonWhileItsSourceAnswers()
    {
        await TwoSourcesAsync();
        Catalogue.Execute("UPDATE media_versions SET presence = 1 WHERE source_id = 1; UPDATE holdings SET pattern = replace(pattern, '1:0', '1:1')");
        await Catalogue.ReopenAsync();

        var absence = (await Catalogue.OneAsync("Only Here")).Absence!;

        Assert.Equal((null, null, "Its folder could not be read at the last scan."), (absence.Since, absence.LastSeenAt, absence.Reason));
    }

    private async Task TwoSourcesAsync()
    {
        Catalogue.Write("disk/Only Here (2001).mkv");
        Catalogue.Write("disk/In Both (2002) 720p.mkv");
        Catalogue.Write("nas/In Both (2002) 1080p.mkv");
        _disk = (await Catalogue.AddSourceAsync("Portable disk", Disk)).Id;
        var nas = (await Catalogue.AddSourceAsync("NAS", Path.Combine(Catalogue.Root, "nas"))).Id;
        await Catalogue.ScanAsync(_disk);
        await Catalogue.ScanAsync(nas);
    }

    private async Task CutAsync()
    {
        await TwoSourcesAsync();
        Directory.Move(Disk, Disk + ".away");
        Assert.Equal(ScanState.Failed, (await Catalogue.ScanAsync(_disk)).State);
    }

    private async Task BackAsync()
    {
        Directory.Move(Disk + ".away", Disk);
        Assert.Equal(ScanState.Completed, (await Catalogue.ScanAsync(_disk)).State);
    }
}
