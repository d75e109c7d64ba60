using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;

namespace Catalogizer.Tests.Library;

/// <summary>Which item a file belongs to, and which files are versions of the same item.</summary>
public sealed class ItemPlanTests
{
    private static readonly MediaDetector Detector = new();

    [Theory]
    [InlineData("The Matrix (1999) 1080p.mkv", "Film The Matrix 1999")]
    [InlineData("TV/Some Show/Season 02/Some Show S02E03.mkv", "Series Some Show > Season 2 > Episode 2x3")]
    [InlineData("Some.Show.Part.2.720p.HDTV.x264-TEAM.mkv", "Series Some Show > Episode x2")]
    [InlineData("TV/Some Show/Some Show S01E01E02.mkv", "Series Some Show > Season 1 > Episode 1x1-2")]
    [InlineData("Music/An Artist/An Album (2001)/02 - A Track.flac", "Artist An Artist > Album An Album 2001 > Track A Track")]
    [InlineData("Books/Ann Author - A Novel (2003).epub", "Book A Novel 2003")]
    [InlineData("TV/Iron Fox/Season 1/iron.fox.s01e01.720p.web.h264-team.mkv", "Series Iron Fox > Season 1 > Episode 1x1")]
    [InlineData("TV/Other Ones/iron.fox.s01e01.mkv", "Series iron fox > Season 1 > Episode 1x1")]
    [InlineData("TV/Iron Foxes/iron.fox.s01e01.mkv", "Series iron fox > Season 1 > Episode 1x1")]
    [InlineData("Games/The Iron Fox-GOG/setup_the_iron_fox_1.5.exe", "Game The Iron Fox")]
    [InlineData("stuff/notes.xyz", "File notes.xyz")]
    public void Create_Path_NestsAsExpected(string path, string plan) => Assert.Equal(plan, Describe(CreatePlan(path).Leaf));

    [Theory]
    [InlineData("The Matrix (1999) 1080p.mkv", "Films/THE MATRIX 1999 2160p x265.mkv", true)]
    [InlineData("The Matrix (1999).mkv", "The Matrix (2021).mkv", false)]
    [InlineData("Amélie (2001).mkv", "Amelie (2001).mkv", true)]
    [InlineData("Show/Season 1/Show S01E01.mkv", "Other/Show 1x01.mkv", true)]
    [InlineData("Show S01E01.mkv", "Show S01E02.mkv", false)]
    [InlineData("Show S01E01.mkv", "Show S02E01.mkv", false)]
    [InlineData("a/notes.xyz", "b/notes.xyz", false)]       // the path is the identity of plain files
    public void Create_TwoPaths_AreTheSameWork(string one, string other, bool same) =>
        Assert.Equal(same, CreatePlan(one).Leaf.Identity == CreatePlan(other).Leaf.Identity);

    [Fact]
    public void Create_PlainFileOnTwoSources_IsTwoWorks() =>
        Assert.NotEqual(CreatePlan("a/notes.xyz", "1").Leaf.Identity, CreatePlan("a/notes.xyz", "2").Leaf.Identity);

    [Theory]
    [InlineData("Long Film (2001) cd1.avi", "Long Film (2001) cd2.avi", true)]
    [InlineData("Long Film (2001) cd1.avi", "Long Film (2001) cd2.mkv", false)]
    [InlineData("Long Film (2001) 720p.mkv", "Long Film (2001) 1080p.mkv", false)]
    [InlineData("Long Film (2001) 720p cd1.avi", "Long Film (2001) 720p cd2.avi", true)]
    [InlineData("Long Film (2001) 720p cd1.avi", "Long Film (2001) 1080p cd2.avi", false)]
    [InlineData("Long Film (2001) - Extended - part1.mkv", "Long Film (2001) - Theatrical Cut - part2.mkv", false)]
    public void Create_TwoPaths_ArePartsOfOneCopy(string one, string other, bool parts)
    {
        var (first, second) = (CreatePlan(one), CreatePlan(other));

        Assert.Equal(first.Leaf.Identity, second.Leaf.Identity);
        Assert.Equal(parts, first.VersionKey is not null && first.VersionKey == second.VersionKey);
    }

    [Fact]
    public void Create_Edition_LabelsTheCopyOfTheSameWork()
    {
        var (plain, cut) = (CreatePlan("Blade Runner (1982).mkv"), CreatePlan("Blade Runner (1982) Director's Cut.mkv"));

        Assert.Equal(plain.Leaf.Identity, cut.Leaf.Identity);
        Assert.Null(plain.Label);
        Assert.Contains("Director", cut.Label, StringComparison.Ordinal);
    }

    private static ItemPlan CreatePlan(string path, string scope = "1") => ItemPlan.Create(path, Detector.Detect(path), scope);

    private static string Describe(ItemNode node) => (node.Parent is { } parent ? Describe(parent) + " > " : "") + node.Kind + node.Kind switch
    {
        MediaKind.Season => $" {node.Season}",
        MediaKind.Episode => $" {node.Season}x{node.Episode}{(node.EpisodeTo is { } last ? $"-{last}" : "")}",
        _ => $" {node.Title}{(node.Year is { } year ? $" {year}" : "")}",
    };
}
