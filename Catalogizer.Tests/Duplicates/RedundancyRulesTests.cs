using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Tests.Duplicates;

public sealed class RedundancyRulesTests
{
    private static readonly RankedVersion Better = new(1, 1, SourcePurpose.Main, null, 60, 100) { QualityFrom = QualityOrigin.Probe, Resolution = "1080p", VideoCodec = "H.264", AudioCodec = "AAC", Contents = "A" };
    private static readonly RankedVersion Lesser = Better with { Id = 2, Score = 40, Resolution = "720p", Contents = "B" };

    public static TheoryData<string, RankedVersionCase> Cases() => new()
    {
        { "both measured", new(Better, Lesser, true) },
        { "both by name", new(Better with { QualityFrom = QualityOrigin.Name }, Lesser with { QualityFrom = QualityOrigin.Name }, true) },
        { "equal scores", new(Better, Lesser with { Score = 60 }, false) },
        { "only one measured", new(Better, Lesser with { QualityFrom = QualityOrigin.Name }, false) },
        { "resolution of one unknown", new(Better, Lesser with { Resolution = null }, false) },
        { "video codec of one unknown", new(Better, Lesser with { VideoCodec = null }, false) },
        { "audio codec of one unknown", new(Better, Lesser with { AudioCodec = null }, false) },
        { "better one's audio codec unknown", new(Better with { AudioCodec = null }, Lesser, false) },
        { "resolution of both unknown", new(Better with { Resolution = null }, Lesser with { Resolution = null }, true) },
        { "another edition", new(Better, Lesser with { Label = "Director's Cut" }, false) },
        { "the same edition in other letters", new(Better with { Label = "director's cut" }, Lesser with { Label = "Director's Cut" }, true) },
        { "same bytes", new(Better, Lesser with { Contents = "A" }, false) },
        { "neither read completely", new(Better with { Contents = null }, Lesser with { Contents = null }, true) },
        { "another path to the same file", new(Better, Lesser with { IsLinked = true }, false) },
        { "better one has another path", new(Better with { IsLinked = true }, Lesser, true) },
        { "lesser one on a backup", new(Better, Lesser with { Purpose = SourcePurpose.Backup }, false) },
        { "better one on a backup", new(Better with { Purpose = SourcePurpose.Backup }, Lesser, false) },
        { "better one not there", new(Better with { IsPresent = false }, Lesser, false) },
        { "lesser one not there", new(Better, Lesser with { IsPresent = false }, true) },
        { "name without a year", new(Better, Lesser with { IsNamedCertainly = false }, false) },
        { "better one's name without a year", new(Better with { IsNamedCertainly = false }, Lesser, false) },
        { "same length", new(Better with { DurationSeconds = 7200 }, Lesser with { DurationSeconds = 7230 }, true) },
        { "sped up for television", new(Better with { DurationSeconds = 7200 }, Lesser with { DurationSeconds = 6912 }, true) },
        { "a longer cut", new(Better with { DurationSeconds = 7200 }, Lesser with { DurationSeconds = 7920 }, false) },
        { "length of one unknown", new(Better with { DurationSeconds = 7200 }, Lesser, true) },
        { "better one on an archive", new(Better with { Purpose = SourcePurpose.Archive }, Lesser, true) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void FindRedundant_TwoVersions_NamesTheLesserOneWhereTheyCompare(string name, RankedVersionCase data)
    {
        Assert.True(name.Length > 0);
        long[] expected = data.IsRedundant ? [data.Lesser.Id] : [];

        Assert.Equal(expected, RedundancyRules.FindRedundant([data.Better, data.Lesser]));
        Assert.Equal(expected, RedundancyRules.FindRedundant([data.Lesser, data.Better]));
    }

    [Fact]
    public void FindRedundant_SameBytesTwice_BothOrNeither()
    {
        var copy = Lesser with { Id = 3, Score = 50 };

        Assert.Equal([2, 3], RedundancyRules.FindRedundant([Better, Lesser, copy]).Order());
        Assert.Empty(RedundancyRules.FindRedundant([Lesser, copy]));
    }

    /// <summary>Public for xunit; the versions are not.</summary>
    public sealed class RankedVersionCase
    {
        internal RankedVersionCase(RankedVersion better, RankedVersion lesser, bool isRedundant) => (Better, Lesser, IsRedundant) = (better, lesser, isRedundant);

        internal RankedVersion Better { get; }

        internal RankedVersion Lesser { get; }

        internal bool IsRedundant { get; }
    }
}
