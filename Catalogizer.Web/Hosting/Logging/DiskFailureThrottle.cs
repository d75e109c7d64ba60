using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>
/// Every write to a full or broken disk fails, and each would log its stack trace. The cause is logged once, and then once a minute with
/// the number of lines it replaces.
/// </summary>
internal sealed class DiskFailureThrottle(TimeProvider time)
{
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LoggedCause> _logged = [];

    /// <summary>The text that replaces a line; null to log the line unchanged, empty to drop it.</summary>
    public string? GetReplacement(string category, Exception? exception)
    {
        lock (_lock)
        {
            // EF Core logs a failed command separately from its exception.
            var cause = exception is not null && StorageErrors.IsDiskFailure(exception) ? StorageErrors.Describe(exception)
                : category.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) ? _logged.FirstOrDefault(logged => time.GetElapsedTime(logged.Value.LoggedAt) < RepeatInterval).Key
                : null;
            if (cause is null)
            {
                return null;
            }

            if (_logged.GetValueOrDefault(cause) is { } known && time.GetElapsedTime(known.LoggedAt) < RepeatInterval)
            {
                known.SuppressedCount++;
                return "";
            }

            var suppressed = _logged.GetValueOrDefault(cause)?.SuppressedCount ?? 0;
            _logged[cause] = new LoggedCause(time.GetTimestamp());
            return suppressed == 0 ? cause : FormattableString.Invariant($"{cause} ({suppressed:N0} further lines about it were left out.)");
        }
    }

    private sealed class LoggedCause(long loggedAt)
    {
        public long LoggedAt { get; } = loggedAt;

        public int SuppressedCount { get; set; }
    }
}
