using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Library;

namespace Catalogizer.Tests.Detection;

/// <summary>Which files are one version although they are in several folders: discs, and parts in folders of their own.</summary>
public sealed class DiscFolderTests
{
    private static readonly MediaDetector Detector = new();

    [Theory]
    [InlineData("Movies/Film (2003)/BDMV/index.bdmv", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/bdmv/Stream/00001.m2ts", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/BDMV/STREAM/SSIF/00001.ssif", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/BDMV/BACKUP/PLAYLIST/00001.mpls", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/BDMV/META/DL/bdmt_eng.xml", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/BDMV/META/DL/cover.jpg", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/CERTIFICATE/id.bdmv", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/CERTIFICATE/BACKUP/id.bdmv", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/AACS/Unit_Key_RO.inf", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/VIDEO_TS/VIDEO_TS.IFO", "Movies/Film (2003)")]
    [InlineData("Movies/Film (2003)/Disc 2/Video_TS/VTS_01_1.VOB", "Movies/Film (2003)/Disc 2")]
    [InlineData("BDMV/Film (2003)/BDMV/STREAM/00001.m2ts", "BDMV/Film (2003)")]
    [InlineData("Shelf/BDMV/Film (2003)/Film (2003).mkv", null)]       // a shelf of that name
    [InlineData("Shelf/BDMV/Film (2003).mkv", null)]
    [InlineData("Shelf/BDMV/Film (2003).iso", null)]
    [InlineData("Movies/Film (2003)/Film (2003).m2ts", null)]
    [InlineData("Movies/Stream (2013)/STREAM/00001.m2ts", null)]
    [InlineData("Movies/The Certificate (1997)/The Certificate.mkv", null)]
    [InlineData("Photos/Camcorder/PRIVATE/AVCHD/BDMV/STREAM/00007.MTS", null)]   // each is a recording of its own
    [InlineData("BDMV/index.bdmv", null)]    // the source is the disc and has no name
    [InlineData("film.mkv", null)]
    public void Find_File_GivesTheFolderOfItsDisc(string path, string? expected)
    {
        var slash = Math.Max(0, path.LastIndexOf('/'));
        var disc = DiscFolder.Find(path[..slash]);

        Assert.Equal(expected, disc?.Contains(path[(slash == 0 ? 0 : slash + 1)..]) is true ? disc.Path : null);
        Assert.Equal(expected is null ? path : disc!.NamePath, DiscFolder.GetNamePath(path));
    }

    [Theory]
    [InlineData("CD1", true)]
    [InlineData("cd 2", true)]
    [InlineData("Disc 1", true)]
    [InlineData("DISK-3", true)]
    [InlineData("DVD2", true)]
    [InlineData("Part 1", true)]
    [InlineData("pt.2", true)]
    [InlineData("Disque 1", true)]
    [InlineData("1", false)]
    [InlineData("CD", false)]
    [InlineData("Season 1", false)]
    [InlineData("Disc 2003", false)]
    [InlineData("Party 1", false)]
    [InlineData("", false)]
    public void IsPart_Name_SaysPartAndNothingElse(string name, bool expected) => Assert.Equal(expected, PartFolder.IsPart(name));

    [Theory]
    [InlineData("Movies/Film (2002)/CD1/cd1.mkv", "Movies/Film (2002)")]
    [InlineData("Film (2002)/CD1/cd1.mkv", "Film (2002)")]
    [InlineData("CD1/cd1.mkv", "")]
    [InlineData("Movies/Film (2002)/film.mkv", null)]
    [InlineData("film.mkv", null)]
    [InlineData("/CD1/film.mkv", "")]
    public void FindAbove_File_GivesTheFolderOfAllParts(string path, string? expected) => Assert.Equal(expected, PartFolder.FindAbove(path));

    [Theory]
    [InlineData("Movies/Film (2002) 720p/CD1/film.avi", "Movies/Film (2002) 720p/CD2/film.avi", true)]
    [InlineData("Movies/Film (2002)/Part 1/Film (2002).mkv", "Movies/Film (2002)/Part 2/Film (2002).mkv", true)]
    [InlineData("Movies/Film (2002)/DVD1/Film (2002).avi", "Movies/Film (2002)/DVD2/Film (2002).avi", true)]
    [InlineData("Movies/Film (2002) 720p/CD1/film.avi", "Movies/Film (2002) 1080p/CD2/film.avi", false)]
    [InlineData("Movies/Film (2002)/CD1/Film (2002) 720p.avi", "Movies/Film (2002)/CD2/Film (2002) 1080p.avi", false)]
    [InlineData("Movies/Film (2002)/CD1/film.avi", "Movies/Film (2002)/film.avi", false)]
    [InlineData("Movies/Box/Disc 1/Film One (2001).mkv", "Movies/Box/Disc 2/Film Two (2002).mkv", false)]
    [InlineData("Audiobooks/Ann Author/A Book/CD1/01.mp3", "Audiobooks/Ann Author/A Book/CD2/01.mp3", true)]
    [InlineData("Music/Artist/Album/CD1/01 - One.flac", "Music/Artist/Album/CD2/01 - Two.flac", false)]
    [InlineData("Movies/Film (2002)/BDMV/STREAM/00001.m2ts", "Movies/Film (2002)/CERTIFICATE/id.bdmv", true)]
    [InlineData("Movies/Film (2002)/Disc 1/VIDEO_TS/VTS_01_1.VOB", "Movies/Film (2002)/Disc 2/VIDEO_TS/VTS_01_1.VOB", true)]
    [InlineData("Movies/Film (2002) Disc 1/BDMV/STREAM/1.m2ts", "Movies/Film (2002) Disc 2/BDMV/STREAM/1.m2ts", true)]
    [InlineData("Movies/Film (2002)/Film (2002) - 2160p/BDMV/index.bdmv", "Movies/Film (2002)/Film (2002) - 1080p/BDMV/index.bdmv", false)]
    [InlineData("TV/Show/Season 1/Disc 1/VIDEO_TS/VTS_01_1.VOB", "TV/Show/Season 1/Disc 2/VIDEO_TS/VTS_01_1.VOB", true)]
    [InlineData("TV/Show.S01.D01/BDMV/STREAM/1.m2ts", "TV/Show.S01.D02/BDMV/STREAM/1.m2ts", true)]
    [InlineData("TV/Show.S01E01/BDMV/STREAM/1.m2ts", "TV/Show.S01E02/BDMV/STREAM/1.m2ts", false)]
    public void GetVersionIdentity_FilesOfTwoFolders_IsSharedByOneVersion(string one, string other, bool isOne)
    {
        var (first, second) = (Plan(one), Plan(other));
        var (a, b) = (first.GetVersionIdentity(1, 10), second.GetVersionIdentity(1, 20));

        Assert.Equal(isOne, a is not null && (first.Leaf.Identity, a) == (second.Leaf.Identity, b));
        Assert.False(a is not null && first.VersionFolder is not null && a == first.GetVersionIdentity(2, 10));     // never over two sources
    }

    private static ItemPlan Plan(string path)
    {
        var disc = DiscFolder.Find(path[..path.LastIndexOf('/')]);
        return disc is null ? ItemPlan.Create(path, Detector.Detect(path), "1") : ItemPlan.Create(disc, Detector.Detect(disc.NamePath), "1");
    }
}
