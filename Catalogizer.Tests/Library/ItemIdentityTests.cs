using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;

namespace Catalogizer.Tests.Library;

/// <summary>What makes two names one item: the same base, and no mark that contradicts another.</summary>
public sealed class ItemIdentityTests
{
    [Theory]
    [InlineData("film|pinocchio|2022", "film|pinocchio|2022+tmdb-1", true)]              // a missing mark fits any
    [InlineData("film|pinocchio|2022+tmdb-1", "film|pinocchio|2022+tmdb-2", false)]
    [InlineData("film|pinocchio|2022+imdb-tt0000001", "film|pinocchio|2022+tmdb-2", true)]
    [InlineData("film|pinocchio|2022+imdb-tt0000001+tmdb-2", "film|pinocchio|2022+imdb-tt0000003+tmdb-2", false)]
    [InlineData("film|robocop|1987", "film|robocop|2014", false)]                         // the year of a film is part of its base
    [InlineData("series|charmed|", "series|charmed|1998", true)]
    [InlineData("series|charmed|1998", "series|charmed|2018", false)]
    [InlineData("series|charmed|1998+tvdb-5", "series|charmed|+tvdb-5", true)]
    [InlineData("series|charmed||s1|e1-", "series|charmed|1998|s1|e1-", true)]            // parts have the marks of their series
    [InlineData("series|charmed|2018|s1|e1-", "series|charmed|1998|s1|e1-", false)]
    [InlineData("series|charmed|1998|s1|e1a-", "series|charmed|1998|s1|e1b-", false)]
    [InlineData("series|charmed|1998", "series|charmed|1998|s1", false)]
    [InlineData("album|peter gabriel|peter gabriel|1977", "album|peter gabriel|peter gabriel|1978", false)]
    [InlineData("album|a|b|1977|1.1|x", "album|a|b||1.1|x", true)]
    [InlineData("game||doom|1993", "game||doom|2016", false)]
    [InlineData("book|jane roe|a fresh start|", "book|john doe|a fresh start|", false)]
    [InlineData("film|quiet water|2001", "film|quiet water|2001|own 55", false)]          // split off by a user
    [InlineData("file|1|a/b+tmdb-1|x", "file|1|a/b+tmdb-2|x", false)]                     // the path is the identity of plain files
    [InlineData("album|ed|+|2014", "album|ed|+|", true)]
    public void Fits_TwoIdentities_UnlessAMarkContradicts(string one, string other, bool fits)
    {
        Assert.Equal(fits, ItemIdentity.Fits(one, other));
        Assert.Equal(fits, ItemIdentity.Fits(other, one));
    }

    [Theory]
    [InlineData("film|x|2001", "film|x|2001")]
    [InlineData("film|x|2001+tmdb-5", "film|x|2001")]
    [InlineData("series|x|1998+tvdb-5", "series|x|")]
    [InlineData("album|a|x|1998", "album|a|x|")]
    [InlineData("series|x|1998|s1", "series|x|1998|s1")]
    [InlineData("film|x|2001|own 5", "film|x|2001|own 5")]
    [InlineData("audiobook|a|x|", "audiobook|a|x|")]
    public void ComputeHash_WholeItem_IsThatOfItsBase(string identity, string hashed) => Assert.Equal(TextNormalizer.ComputeHash(hashed), ItemIdentity.ComputeHash(identity));

    [Theory]
    [InlineData("series|charmed|", "series|charmed|1998", "series|charmed|1998")]
    [InlineData("series|charmed|1998", "series|charmed|1998+tvdb-5;series|charmed|1998", "series|charmed|1998")]                    // the very one
    [InlineData("series|charmed|", "series|charmed|1998;series|charmed|2018", null)]
    [InlineData("series|charmed|2018", "series|charmed|1998;series|charmed|2018+tvdb-5", "series|charmed|2018+tvdb-5")]
    [InlineData("series|charmed|2018", "series|charmed|1998;series|charmed|", "series|charmed|")]
    [InlineData("series|charmed|2018+tvdb-5", "series|charmed|;series|charmed|2018", "series|charmed|2018")]                        // a shared mark before none
    [InlineData("series|charmed|2018", "series|charmed|2018+tvdb-5;series|charmed|2018+tvdb-6", null)]
    [InlineData("series|charmed|2018", "series|charmed|1998", null)]
    public void Choose_Candidates_TheOneThatFitsForCertain(string wanted, string candidates, string? expected)
    {
        var all = candidates.Split(';');

        Assert.Equal(expected, ItemIdentity.Choose(wanted, all) is { } chosen ? all[chosen] : null);
    }

    [Theory]
    [InlineData("film|x|2001", "film|x|2001+imdb-tt1234567+tmdb-5+tvdb-6")]
    [InlineData("film|x|", "film|x|+imdb-tt1234567+tmdb-5+tvdb-6")]
    [InlineData("series|x|", "series|x|1998+imdb-tt1234567+tmdb-5+tvdb-6")]
    [InlineData("series|x||s1|e2-", "series|x|1998+imdb-tt1234567+tmdb-5+tvdb-6|s1|e2-")]
    public void WithMarks_Identity_IsReadBack(string identity, string marked)
    {
        var marks = new ItemMarks(1998, "tt1234567", 5, 6);

        Assert.Equal(marked, ItemIdentity.WithMarks(identity, marks));
        Assert.Equal(marks, ItemIdentity.GetMarks(marked) with { Year = 1998 });
        Assert.Equal(identity, ItemIdentity.RemoveMarks(marked));
    }

    [Theory]
    [InlineData("", "1998 2018", "", "1998")]               // the oldest file's
    [InlineData("", "- 2018 1998", "", "2018")]             // a missing mark says nothing
    [InlineData("", "1998 2018", "2018", "2018")]           // unless a user said something else
    [InlineData("1998", "2018", "2018", "1998")]            // but what the item has already stays
    [InlineData("", "1998 2018", "2005", "1998")]
    public void Keep_ContradictingNames_OneGroup(string known, string named, string decided, string kept) =>
        Assert.Equal(Parse(kept), ItemIdentity.Keep(Parse(known), [.. named.Split(' ').Select(Parse)], Parse(decided)));

    [Fact]
    public void Keep_NamesThatDoNotContradict_GathersTheirMarks() =>
        Assert.Equal(new ItemMarks(1998, "tt0000001", 5, null), ItemIdentity.Keep(default, [new(1998, null, null, null), new(null, "tt0000001", null, null), new(2018, null, 6, null), new(1998, null, 5, null)], default));

    [Fact]
    public void DescribeDifference_TwoIdentities_NamesWhatKeepsThemApart()
    {
        Assert.Equal("tmdb 1 and 2", ItemIdentity.DescribeDifference("film|x|2001+tmdb-1", "film|x|2001+imdb-tt0000001+tmdb-2"));
        Assert.Equal("1998 and 2018", ItemIdentity.DescribeDifference("series|x|1998|s1", "series|x|2018|s1"));
        Assert.Null(ItemIdentity.DescribeDifference("film|x|2001+tmdb-1", "film|x|2001"));
    }

    private static ItemMarks Parse(string year) => int.TryParse(year, out var number) ? new ItemMarks(number, null, null, null) : default;
}
