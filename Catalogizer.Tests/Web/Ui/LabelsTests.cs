using Catalogizer.Web.Components.Sources;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Tests.Web.Ui;

public class LabelsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1_000, "1 kB")]
    [InlineData(1_540_000, "1.5 MB")]
    [InlineData(999_999_999, "1 GB")]
    [InlineData(3_200_000_000_000, "3.2 TB")]
    public void ByteSize_Of(long bytes, string words) => Assert.Equal(words, ByteSize.Format(bytes));

    [Theory]
    [InlineData(-10, "just now")]
    [InlineData(10, "in a moment")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(95, "in 2 minutes")]
    [InlineData(-50, "50 seconds ago")]
    [InlineData(-119, "1 minute ago")]
    [InlineData(-3599, "59 minutes ago")]
    [InlineData(-7200, "2 hours ago")]
    [InlineData(-9 * 86400, "9 days ago")]
    [InlineData(-800 * 86400, "2 years ago")]
    public void RelativeTime_Of(int seconds, string words) => Assert.Equal(words, RelativeTime.Format(Now.AddSeconds(seconds), Now));

    [Theory]
    [InlineData(60, "every hour")]
    [InlineData(15, "every 15 minutes")]
    [InlineData(1, "every minute")]
    [InlineData(1440, "every day")]
    public void SourceLabels_Every(int minutes, string words) => Assert.Equal(words, SourceLabels.FormatInterval(TimeSpan.FromMinutes(minutes)));

    [Theory]
    [InlineData(null, Schedules.Never)]
    [InlineData("", Schedules.Never)]
    [InlineData(Schedules.Daily, Schedules.Daily)]
    [InlineData("0 5 4 * * ?", Schedules.Custom)]
    public void Schedules_ChoiceOf(string? cron, string choice) => Assert.Equal(choice, Schedules.FindChoice(cron));
}
