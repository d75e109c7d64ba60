using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scanning;

/// <summary>What sidecars and extras belong to, by their names and the media files of their folder.</summary>
public sealed class FolderOwnersTests
{
    private static readonly MediaDetector Detector = new();

    private const string Copies = "Catch Me (2002)/{Catch Me (2002) - 1080p.mkv,Catch Me (2002) - 720p.mkv}";
    private const string Flat = "Flat/{Der Mann (2001).mkv,Der Mann und das Meer (2003).mkv,Die Frau (2002) - 720p.mkv,Die Frau (2002) - 1080p.mkv}";
    private const string SameTitle = "Flat/{Pinocchio (1940) 720p.mkv,Pinocchio (2022) 720p.mkv}";
    private const string Season = "Some Show (2019)/Season 01/{Some Show - S01E01.mkv,Some Show - S01E02.mkv}";
    private const string OneEpisode = "Some Show (2019)/Season 01/Some Show - S01E01.mkv";
    private const string FlatShow = "Some Show (2019)/{Some Show - S01E01.mkv,Some Show - S01E02.mkv}";
    private const string Pack = "Some.Show.S01.1080p.WEB-GRP/{some.show.s01e01.1080p.web-grp.mkv,some.show.s01e02.1080p.web-grp.mkv}";
    private const string EpisodePack = "Some.Show.S01E01.1080p.WEB-GRP/some.show.s01e01.1080p.web-grp.mkv";
    private const string Seasons = "Some Show (2019)/{Some Show - S01E01.mkv,Some Show - S02E01.mkv}";
    private const string Album = "Music/The Lamps/Night Shift (2004)/{01 - Morning.flac,02 - Evening.flac}";
    private const string OneFilm = "Quiet Water (2001)/Quiet Water (2001).mkv";

    [Theory]
    [InlineData(Copies, "Catch Me (2002).en.srt", "film catch me")]
    [InlineData(Copies, "Catch Me (2002) - 720p.de.srt", "Catch Me (2002) - 720p.mkv")]
    [InlineData(Copies, "catch me (2002) - 720P.nfo", "Catch Me (2002) - 720p.mkv")]
    [InlineData(Copies, "movie.nfo", "film catch me")]
    [InlineData(Copies, "poster.jpg", "film catch me")]
    [InlineData(Copies, "Catch Me (2002)-trailer.mp4", "film catch me")]
    [InlineData(Copies, "Catch Me (2002) - 720p-sample.mkv", "film catch me")]
    [InlineData(Copies, "[Grp] Catch Me [Fonts].zip", "film catch me")]
    [InlineData(Copies, "Catch Me (2002) - 1080p.flac.mka", "film catch me")]
    [InlineData(Flat, "Der Mann (2001)-trailer.mkv", "film der mann")]
    [InlineData(Flat, "Der Mann (2001).forced-signs.srt", "Der Mann (2001).mkv")]
    [InlineData(Flat, "Der Mann und das Meer (2003)-behindthescenes.mkv", "film der mann und das meer")]
    [InlineData(Flat, "Die Frau (2002)-trailer.mkv", "film die frau")]
    [InlineData(Flat, "Die Frau.srt", "film die frau")]
    [InlineData(Flat, "Die Frau - Making of.mkv", "film die frau")]
    [InlineData(Flat, "Die Frauen (1999)-trailer.mkv", null)]
    [InlineData(Flat, "Die Frau (1955)-trailer.mkv", null)]
    [InlineData(Flat, "poster.jpg", null)]
    [InlineData(SameTitle, "Pinocchio (2022)-trailer.mkv", "film pinocchio 2022")]
    [InlineData(SameTitle, "Pinocchio-trailer.mkv", null)]
    [InlineData(SameTitle, "Pinocchio (1940).en.srt", "Pinocchio (1940) 720p.mkv")]
    [InlineData(Season, "poster.jpg", "season 1")]
    [InlineData(Season, "Some Show - S01E02.en.srt", "Some Show - S01E02.mkv")]
    [InlineData(Season, "Some Show - S01E02-thumb.jpg", "Some Show - S01E02.mkv")]
    [InlineData(Season, "Some Show.nfo", "season 1")]
    [InlineData(OneEpisode, "folder.jpg", "season 1")]
    [InlineData(FlatShow, "tvshow.nfo", "series some show")]
    [InlineData(Pack, "grp.nfo", "season 1")]
    [InlineData(EpisodePack, "grp.nfo", "some.show.s01e01.1080p.web-grp.mkv")]
    [InlineData(Seasons, "banner.jpg", "series some show")]
    [InlineData(Album, "cover.jpg", "album")]
    [InlineData(Album, "01 - Morning.lrc", "01 - Morning.flac")]
    [InlineData(OneFilm, "movie.nfo", "Quiet Water (2001).mkv")]
    [InlineData(OneFilm, "theme.mp3", "Quiet Water (2001).mkv")]
    public void Find_InTheFolderItself_GivesVersionOrItem(string media, string sidecar, string? expected) => Assert.Equal(expected, Find(media, sidecar, byFolder: true));

    [Theory]
    [InlineData(Copies, "poster.jpg", null)]
    [InlineData(Copies, "Catch Me (2002).en.srt", "film catch me")]
    [InlineData(Flat, "Der Mann (2001) - Making of.mkv", "film der mann")]
    public void Find_ByNameAlone_IgnoresThePlace(string media, string sidecar, string? expected) => Assert.Equal(expected, Find(media, sidecar, byFolder: false));

    [Theory]
    [InlineData("Movies/Film (2001)", "Movies/Film (2001)/Extras", true)]
    [InlineData("Movies/Film (2001)", "Movies/Film (2001)", true)]
    [InlineData("Movies/Film (2001)/Season 1", "Movies/Film (2001)", true)]
    [InlineData("TV/Show/Season 2", "TV/Show/Extras", true)]
    [InlineData("TV/Show/Season 2", "TV/Show", true)]
    [InlineData("TV/Show/Season 2", "TV/Another/Extras", false)]
    [InlineData("TV/Show/Season 2", "TV/Show/Season 1", false)]
    [InlineData("Movies/Film (2001)", "Movies/Film (2001)/Extras/Making Of/BDMV/STREAM", true)]
    [InlineData("Movies/Film (2001)", "Movies/Film (2001) 2", false)]
    public void MayOwn_ChangedFolder_IsNearTheSidecars(string changed, string sidecars, bool expected) => Assert.Equal(expected, new ChangedMediaFolders([changed]).MayOwn(sidecars));

    private static string? Find(string media, string sidecar, bool byFolder)
    {
        var paths = Braces.Expand(media).ToList();
        var items = new Dictionary<string, OwnerItem>();
        var files = paths.Select((path, i) => new OwnerFile(FileRoles.GetOwnerStem(path), i, ToOwner(ItemPlan.Create(path, Detector.Detect(path), "1").Leaf, items))).ToList();
        var folder = paths[0][..paths[0].LastIndexOf('/')];
        return new FolderOwners(folder[(folder.LastIndexOf('/') + 1)..], files).Find(sidecar, byFolder) switch
        {
            null => null,
            { VersionId: { } version } => paths[(int)version][(folder.Length + 1)..],
            { ItemId: var id } => Describe(items.Values.Single(i => i.Id == id), media == SameTitle),
        };
    }

    private static string Describe(OwnerItem item, bool withYear) => item.Kind switch
    {
        MediaKind.Season => $"season {item.Identity[^1]}",
        MediaKind.Film or MediaKind.Series => $"{item.Kind.ToApiName()} {item.Title}{(withYear ? $" {item.Year}" : "")}",
        _ => item.Kind.ToApiName(),
    };

    private static OwnerItem ToOwner(ItemNode node, Dictionary<string, OwnerItem> items)
    {
        if (!items.TryGetValue(node.Identity, out var item))
        {
            var parent = node.Parent is null ? null : ToOwner(node.Parent, items);
            items.Add(node.Identity, item = new OwnerItem(100 + items.Count, node.Kind, node.Identity, node.Year, parent));
        }

        return item;
    }
}
