using Catalogizer.Domain.Scanning.Steps;

namespace Catalogizer.Tests.Scanning;

public sealed class DeletionGuardTests
{
    /// <summary>Top folders as "name known lost added", separated by semicolons; a dash is the root itself.</summary>
    [Theory]
    [InlineData("Films 100 0 0", false)]                                        // nothing lost
    [InlineData("Films 1 1 0", true)]                                           // the root emptied, however small
    [InlineData("- 1 1 0", true)]
    [InlineData("- 10 10 0; Films 0 0 0", true)]
    [InlineData("Films 10 10 0; New 5 0 5", true)]                              // the only old folder emptied, a new one next to it
    [InlineData("A 19 19 0; B 500 0 0; C 500 0 0", false)]                      // a top folder of 19 gone: housekeeping
    [InlineData("A 20 20 0; B 500 0 0; C 500 0 0", true)]                       // of 20: held
    [InlineData("A 21 21 0; B 500 0 0; C 500 0 0", true)]
    [InlineData("A 40 20 0; B 500 0 0; C 500 0 0", false)]                      // 20 lost, not emptied
    [InlineData("A 40 21 0; B 150 0 0; C 10 0 0", true)]                        // 21 of 200: more than 20 and more than 10 %
    [InlineData("A 40 20 0; B 150 0 0; C 10 0 0", false)]                       // 20 of 200
    [InlineData("A 500 100 0; B 500 0 0", false)]                               // exactly 10 % of 1,000
    [InlineData("A 500 101 0; B 500 0 0", true)]                                // one more
    [InlineData("A 1 1 0; B 500 0 0", true)]                                    // half of the top folders
    [InlineData("A 1 1 0; B 1 1 0; C 500 0 0; D 500 0 0", true)]
    [InlineData("A 1 1 0; B 500 0 0; C 500 0 0", false)]                        // a third
    [InlineData("A 1 1 0; B 1 1 0; C 1 0 0; D 1 0 0; E 500 0 0", false)]        // two of five
    [InlineData("A 1 1 0; B 500 0 0; New 3 0 3; Other 4 0 4", true)]            // new folders do not dilute the half
    [InlineData("- 19 19 0; A 500 0 0; B 500 0 0", false)]                      // the root's own files are not a top folder
    [InlineData("- 21 21 0; A 50 0 0; B 50 0 0", true)]                         // but count as lost
    [InlineData("A 1000 101 500; B 500 0 0", true)]                             // added files do not raise the 10 %
    [InlineData("A 30 20 10; B 500 0 0; C 500 0 0", false)]                     // its old files gone, new ones in their place
    [InlineData("- 10 5 5", true)]                                              // all old files are gone, others are in their place: another volume?
    [InlineData("- 10 4 5", false)]
    public void HoldReason_Table(string tops, bool held) => Assert.Equal(held, DeletionGuard.HoldReason(ParseTopFolders(tops)) is not null);

    [Fact]
    public void Hold_Reason_SaysWhatIsGoneAndHowMuch()
    {
        Assert.Contains("“Films” is empty or gone", DeletionGuard.HoldReason(ParseTopFolders("Films 25 25 0; B 500 0 0; C 500 0 0")), StringComparison.Ordinal);
        Assert.Contains("1 file wait", DeletionGuard.HoldReason(ParseTopFolders("A 1 1 0")), StringComparison.Ordinal);
        Assert.Contains("2 of 3 top folders", DeletionGuard.HoldReason(ParseTopFolders("A 1 1 0; B 1 1 0; C 5 0 0")), StringComparison.Ordinal);
    }

    [Fact]
    public void ListAffectedFolders_WithLosses_ComeHardestHitFirst() =>
        Assert.Equal(["B", "A", "C"], DeletionGuard.ListAffectedFolders(ParseTopFolders("C 9 1 0; A 9 1 0; B 9 5 0; D 9 0 0")).Select(f => f.Folder));

    private static List<TopFolder> ParseTopFolders(string table) =>
    [
        .. from row in table.Split("; ")
           let cells = row.Split(' ')
           let numbers = cells[1..].Select(c => long.Parse(c, System.Globalization.CultureInfo.InvariantCulture)).ToList()
           select new TopFolder(cells[0] == "-" ? "" : cells[0], numbers[0], numbers[1], numbers[2]),
    ];
}
