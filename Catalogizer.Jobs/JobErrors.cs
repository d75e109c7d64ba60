using Catalogizer.Domain.Common;

namespace Catalogizer.Jobs;

/// <summary>The job is in a state that does not allow the operation.</summary>
public sealed record JobStateConflict(string Message) : Error(Message);

internal static class JobErrors
{
    public static NotFoundError NoSuchJob(string name) => new($"There is no job '{name}'.");

    public static JobStateConflict NotRunning(string title) => new($"“{title}” is not running.");

    public static JobStateConflict NoSchedule(string title) => new($"“{title}” has no schedule to pause; it runs only when asked.");

    public static JobStateConflict NothingToRetry(string title) => new($"The last run of “{title}” did not fail.");

    public static InvalidError InvalidSchedule(string cron, string reason) => new("schedule", $"“{cron}” is not a time to run at: {reason} Six parts are needed: second, minute, hour, day of month, month, day of week; “0 30 3 * * ?” is every night at 3:30.");
}
