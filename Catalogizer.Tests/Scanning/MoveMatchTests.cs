using Catalogizer.Domain.Scanning;

namespace Catalogizer.Tests.Scanning;

/// <summary>What is evidence that a file which came is one that went.</summary>
public sealed class MoveMatchTests
{
    private const long Time = 1_700_000_000_000;

    private readonly MoveFinder _match = new(folder => $"Folder {folder}");

    [Theory]
    [InlineData(0, true)]
    [InlineData(1500, false)]   // the number of a deleted file, given to the next one
    public void Run_SameNumberAndSize_ProvesItOnlyWithTheVeryTime(long later, bool moved)
    {
        var pairs = _match.FindMoves([End(1, "Alpha (2001).mkv", Time)], [End(2, "Beta (2002).mkv", Time + later)]);

        Assert.Equal(moved, pairs.Count == 1);
    }

    [Fact]
    public void Run_SameNameOnAnotherSystem_AllowsForCoarseTimes() =>
        Assert.Single(_match.FindMoves([End(1, "Alpha (2001).mkv", Time, number: null)], [End(2, "Alpha (2001).mkv", Time + 1500, number: null, source: 2)]));

    [Fact]
    public void SeenTwice_TwoNamesOfOneFile_TakesEachPlaceOnceAndNoEarlierOne()
    {
        MoveCandidate[] lost = [End(3, "C.mkv", Time), End(4, "D.mkv", Time)];

        var pairs = MoveFinder.FindSeenTwice(lost, [End(1, "A.mkv", Time), End(5, "E.mkv", Time), End(6, "F.mkv", Time, number: 8), End(7, "G.mkv", Time, size: 0)]);

        Assert.Equal((3, 5), Assert.Single(pairs.Select(p => (p.Lost.Id, p.Found.Id))));
    }

    private static MoveCandidate End(long id, string name, long time, long? number = 7, long source = 1, long size = 100) => new(id, source, 1, name, size, time, number);
}
