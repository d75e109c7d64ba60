using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Tests.Storage;

public sealed class HoldingPatternTests
{
    [Theory]
    [InlineData("", 1, Presence.Present, "1:0")]
    [InlineData("1:0", 2, Presence.Missing, "1:0,2:2")]
    [InlineData("2:2", 1, Presence.Present, "1:0,2:2")]
    [InlineData("1:2", 1, Presence.Present, "1:0")]         // the best copy on a source counts
    [InlineData("1:0", 1, Presence.Missing, "1:0")]
    [InlineData("1:1", 1, Presence.Retired, "1:1")]
    [InlineData("9:0", 10, Presence.Present, "9:0,10:0")]   // in the order of numbers, so that like is like
    public void With_Table(string pattern, long source, Presence presence, string with) => Assert.Equal(with, HoldingPattern.With(pattern, source, presence));

    [Theory]
    [InlineData("1:0", Presence.Present)]
    [InlineData("2:0", Presence.Unknown)]           // its source is away
    [InlineData("3:0", Presence.Retired)]           // its source was given up
    [InlineData("2:2", Presence.Missing)]           // known to be missing before the source went away
    [InlineData("1:2,2:0", Presence.Unknown)]
    [InlineData("1:0,2:0,3:0", Presence.Present)]
    [InlineData("1:2,3:0", Presence.Missing)]
    [InlineData("1:3,3:0", Presence.Retired)]
    [InlineData("", Presence.Missing)]
    public void Effective_Table(string pattern, Presence presence)
    {
        var sources = new Dictionary<long, SourceAvailability> { [1] = SourceAvailability.Reachable, [2] = SourceAvailability.Unreachable, [3] = SourceAvailability.Retired };

        Assert.Equal(presence, HoldingPattern.Effective(pattern, sources));
    }

    [Fact]
    public void Format_Parsed_IsTheSame() => Assert.Equal("1:0,22:3,333:1", HoldingPattern.Format(HoldingPattern.Parse("333:1,1:0,22:3")));
}
