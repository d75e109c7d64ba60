using Catalogizer.Domain.Common;

namespace Catalogizer.Jobs;

internal static class JobErrors
{
    public static NotFoundError NoSuchJob(string name) => new($"There is no job '{name}'.");

    public static ConflictError NotRunning(string title) => new($"“{title}” is not running.");

    public static ConflictError NoSchedule(string title) => new($"“{title}” has no schedule to pause; it runs only when asked.");

    public static ConflictError NothingToRetry(string title) => new($"The last run of “{title}” did not fail.");

    public static InvalidError InvalidSchedule(string cron, string reason) => new("schedule", $"“{cron}” is not a time to run at: {reason} Six parts are needed: second, minute, hour, day of month, month, day of week; “0 30 3 * * ?” is every night at 3:30.");
}
