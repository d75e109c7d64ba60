using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;

namespace Catalogizer.Tests.Metadata;

public sealed class MatchScorerTests
{
    private static readonly Dictionary<string, string> NoIds = [];

    [Theory]
    [InlineData("Films/The Matrix (1999) [tmdbid-603]/a.mkv", "tmdb", "603")]
    [InlineData("The Matrix {imdb-tt0133093}.mkv", "imdb", "tt0133093")]
    [InlineData("Show [tvdbid=81189]/S01/a.mkv", "tvdb", "81189")]
    public void FindIds_NameWithId_FindsIt(string path, string register, string id) => Assert.Equal(id, MatchScorer.FindIds(path)[register]);

    [Fact]
    public void Rank_SameTitleAndYear_IsSure()
    {
        var ranked = MatchScorer.Rank(CreateQuery("Amelie", 2001), [CreateCandidate("1", "Amélie", 2001), CreateCandidate("2", "Amelie", 1977)]);

        Assert.Equal("1", ranked[0].ExternalId);
        Assert.True(MatchScorer.IsConfident(ranked));
        Assert.Equal(["same title", "same year"], ranked[0].Reasons);
    }

    [Fact]
    public void Rank_TwoOfTheTitleAndNoYear_IsNotSure() =>
        Assert.False(MatchScorer.IsConfident(MatchScorer.Rank(CreateQuery("Dune", null), [CreateCandidate("1", "Dune", 1984), CreateCandidate("2", "Dune", 2021)])));

    [Fact]
    public void Rank_OnlyOneOfTheTitleAndNoYear_IsSure() =>
        Assert.True(MatchScorer.IsConfident(MatchScorer.Rank(CreateQuery("Dune", null), [CreateCandidate("1", "Dune", 1984), CreateCandidate("2", "Dunkirk", 2017)])));

    [Fact]
    public void Rank_AnotherYear_IsNotSure() => Assert.False(MatchScorer.IsConfident(MatchScorer.Rank(CreateQuery("Dune", 2000), [CreateCandidate("1", "Dune", 1984)])));

    private static MetadataQuery CreateQuery(string title, int? year) => new(MediaKind.Film, title, year, null, NoIds);

    private static Domain.Metadata.Metadata CreateCandidate(string id, string title, int? year) => new("tmdb", id, title, null, year);
}
