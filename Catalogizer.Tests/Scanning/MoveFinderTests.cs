using Catalogizer.Domain.Scanning.Steps;

namespace Catalogizer.Tests.Scanning;

/// <summary>What proves that an added file is a missing one that was moved.</summary>
public sealed class MoveFinderTests
{
    private const long BaseTime = 1_700_000_000_000;

    private readonly MoveFinder _finder = new(folder => $"Folder {folder}");

    [Theory]
    [InlineData(0, true)]
    [InlineData(1500, false)]   // the number of a deleted file, reused for the next one
    public void FindMoves_SameNumberAndSize_ProvesItOnlyWithTheVeryTime(long later, bool moved)
    {
        var pairs = _finder.FindMoves([CreateCandidate(1, "Alpha (2001).mkv", BaseTime)], [CreateCandidate(2, "Beta (2002).mkv", BaseTime + later)]);

        Assert.Equal(moved, pairs.Count == 1);
    }

    [Fact]
    public void FindMoves_SameNameOnAnotherSystem_AllowsForCoarseTimes() =>
        Assert.Single(_finder.FindMoves([CreateCandidate(1, "Alpha (2001).mkv", BaseTime, number: null)], [CreateCandidate(2, "Alpha (2001).mkv", BaseTime + 1500, number: null, source: 2)]));

    [Fact]
    public void FindSeenTwice_TwoNamesOfOneFile_TakesEachPlaceOnceAndNoEarlierOne()
    {
        MoveCandidate[] lost = [CreateCandidate(3, "C.mkv", BaseTime), CreateCandidate(4, "D.mkv", BaseTime)];

        var pairs = MoveFinder.FindSeenTwice(lost, [CreateCandidate(1, "A.mkv", BaseTime), CreateCandidate(5, "E.mkv", BaseTime), CreateCandidate(6, "F.mkv", BaseTime, number: 8), CreateCandidate(7, "G.mkv", BaseTime, size: 0)]);

        Assert.Equal((3, 5), Assert.Single(pairs.Select(p => (p.Lost.Id, p.Found.Id))));
    }

    private static MoveCandidate CreateCandidate(long id, string name, long time, long? number = 7, long source = 1, long size = 100) => new(id, source, 1, name, size, time, number);
}
