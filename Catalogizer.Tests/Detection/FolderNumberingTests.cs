using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;

namespace Catalogizer.Tests.Detection;

public sealed class FolderNumberingTests
{
    private const string Path = "TV/North Road/North Road - 108 - The Bend.mkv";

    [Theory]
    [InlineData("108 101 401", 1, 8)]                     // two seasons begin at their first episode
    [InlineData("108 103 105 207 209 310", 1, 8)]         // none does, but none goes on beyond 40 either
    [InlineData("108 101 201 1005", 1, 8)]
    [InlineData("108", null, 108)]                        // nothing beside it
    [InlineData("108 101 102", null, 108)]                // one hundred could be the middle of a long series
    [InlineData("108 101 201 099", null, 108)]            // counts through
    [InlineData("108 101 201 150", null, 108)]
    [InlineData("108 101 201 200", null, 108)]
    public void Apply_Neighbours_DecideWhatTheHundredsAre(string numbers, int? season, int episode)
    {
        var numbering = FolderNumbering.From(numbers.Split(' ').Select(number => $"North Road - {number} - A Title.mkv"));

        var fields = numbering.Apply(Path, TestDetection.Detect(Path)).Fields;

        Assert.Equal((season, episode), (fields.Season, Assert.Single(fields.Episodes!)));
        Assert.Equal("The Bend", fields.EpisodeTitle);
    }

    [Theory]
    [InlineData("Mill Lane - 108 - A Title.mkv")]
    [InlineData("North Road - S01E08.mkv")]
    [InlineData("North Road (1999).mkv")]
    public void Apply_OtherTitleOrNumber_ChangesNothing(string path)
    {
        var numbering = FolderNumbering.From(["North Road - 101 - A.mkv", "North Road - 201 - B.mkv"]);
        var verdict = TestDetection.Detect(path);

        Assert.Same(verdict, numbering.Apply(path, verdict));
    }

    [Fact]
    public void Apply_ThousandsAlone_ChangesNothing()
    {
        var numbering = FolderNumbering.From(["North Road - 1101 - A.mkv", "North Road - 1102 - B.mkv", "North Road - 1201 - C.mkv"]);
        var verdict = TestDetection.Detect("North Road - 1101 - A.mkv");

        Assert.Same(verdict, numbering.Apply("North Road - 1101 - A.mkv", verdict));
    }

    [Fact]
    public void Apply_YearsBesideIt_AreNoNumbers()
    {
        var numbering = FolderNumbering.From(["North Road - 101 - A.mkv", "North Road - 201 - B.mkv", "North Road - 1998 - C.mkv"]);

        Assert.Equal(1, numbering.Apply(Path, TestDetection.Detect(Path)).Fields.Season);
    }

    [Fact]
    public void DetectAll_SeveralFolders_KeepsTheirOrderAndTheirNeighbours()
    {
        string[] paths = ["A/North Road - 101 - A.mkv", "B/North Road - 201 - B.mkv", "A/North Road - 301 - C.mkv", "A/North Road - 405-406 - D.mkv"];

        var verdicts = FolderNumbering.DetectAll(new MediaDetector(), paths, explain: true).ToList();

        Assert.Equal([1, null, 3, 4], verdicts.Select(verdict => verdict.Fields.Season));
        Assert.Equal([[1], [201], [1], [5, 6]], verdicts.Select(verdict => verdict.Fields.Episodes!));
        Assert.Contains(verdicts[0].Clues, clue => clue is { Fact: "episodes", Value: "101", Won: false });
        Assert.Contains(verdicts[0].Clues, clue => clue is { Fact: "season", Value: "1", Won: true });
    }
}
