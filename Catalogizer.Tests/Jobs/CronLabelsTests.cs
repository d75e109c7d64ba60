using Catalogizer.Jobs;

namespace Catalogizer.Tests.Jobs;

public sealed class CronLabelsTests
{
    [Theory]
    [InlineData(null, "only when asked")]
    [InlineData("", "only when asked")]
    [InlineData("0 * * * * ?", "every minute")]
    [InlineData("0 0/15 * * * ?", "every 15 minutes")]
    [InlineData("0 */5 * * * ?", "every 5 minutes")]
    [InlineData("0 5/10 * * * ?", "every 10 minutes")]
    [InlineData("0 50 1-5 * * ?", "every hour from 01:50 to 05:50")]
    [InlineData("0 0 * * * ?", "every hour")]
    [InlineData("0 20 * * * ?", "every hour at 20 past")]
    [InlineData("0 0 0/6 * * ?", "every 6 hours")]
    [InlineData("0 30 3 * * ?", "every day at 03:30")]
    [InlineData("0 0 3 ? * SUN", "every Sunday at 03:00")]
    [InlineData("0 0 3 ? * 2", "every Monday at 03:00")]
    [InlineData("0 0 22 ? * MON-FRI", "on weekdays at 22:00")]
    [InlineData("0 0 4 1 * ?", "on day 1 of the month at 04:00")]
    [InlineData("0 0 4 L * ?", "on the last day of the month at 04:00")]
    [InlineData("30 0 4 L * ?", "at “30 0 4 L * ?”")]
    [InlineData("0 0 3 ? JAN MON#2", "at “0 0 3 ? JAN MON#2”")]
    public void Describe_Expression_SaysIt(string? cron, string words) => Assert.Equal(words, CronLabels.Describe(cron));
}
