using Catalogizer.Domain.Scanning.Steps;

namespace Catalogizer.Tests.Scanning;

/// <summary>When a folder's time can be trusted, and which names are ignored.</summary>
public sealed class ListingRulesTests
{
    [Theory]
    [InlineData(10_000L, 13_000L, true)]
    [InlineData(10_000L, 12_001L, true)]
    [InlineData(10_000L, 12_000L, false)]   // a file system with timestamps in steps of two seconds may hide a change
    [InlineData(10_000L, 10_000L, false)]
    [InlineData(10_000L, 5_000L, false)]    // a time in the future
    [InlineData(null, 12_000L, false)]
    [InlineData(10_000L, null, false)]
    [InlineData(null, null, false)]
    public void IsSettled_Table(long? modifiedAt, long? listedAt, bool settled) => Assert.Equal(settled, FolderTimes.IsSettled(modifiedAt, listedAt));

    [Theory]
    [InlineData("@eaDir", true)]
    [InlineData("@EADIR", true)]
    [InlineData("#recycle", true)]
    [InlineData("$RECYCLE.BIN", true)]
    [InlineData("System Volume Information", true)]
    [InlineData("._The Matrix.mkv", true)]
    [InlineData(".DS_Store", true)]
    [InlineData("Thumbs.db", true)]
    [InlineData(".Trash-1000", true)]
    [InlineData("~$letter.docx", true)]
    [InlineData("lost+found", true)]
    [InlineData("Recycle", false)]
    [InlineData("_.mkv", false)]
    [InlineData(".hidden film.mkv", false)]
    [InlineData("eaDir", false)]
    [InlineData("The Thumbs.db Story.mkv", false)]
    [InlineData("#1 Cheerleader Camp (2010).mkv", false)]
    [InlineData("$9.99 (2008).mkv", false)]
    [InlineData("download.part~", true)]
    [InlineData("Private", true)]
    [InlineData("private", true)]
    [InlineData("", false)]
    public void IsIgnored_AtTheRoot_Table(string name, bool ignored) => Assert.Equal(ignored, new IgnoreList(["*.part~", "Private"]).IsIgnored(name, isAtRoot: true));

    [Theory]
    [InlineData("lost+found", false)]
    [InlineData("Recycler", false)]
    [InlineData("RECYCLED", false)]
    [InlineData("$RECYCLE.BIN", true)]
    [InlineData("@eaDir", true)]
    [InlineData("Thumbs.db", true)]
    public void IsIgnored_BelowTheRoot_Table(string name, bool ignored) => Assert.Equal(ignored, new IgnoreList([]).IsIgnored(name, isAtRoot: false));
}
