using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>
/// A disk that is full or broken fails every write, and each would log its stack trace. The cause is told once, and then once a minute
/// with how many lines it stands for.
/// </summary>
internal sealed class DiskFaults(TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Told> _told = [];

    /// <summary>What stands for a line; null for a line that is written as it is, empty for one that is left out.</summary>
    public string? InsteadOf(string category, Exception? exception)
    {
        lock (_lock)
        {
            // The database library tells of a failed command apart from its exception.
            var cause = exception is not null && StorageErrors.IsDiskFailure(exception) ? StorageErrors.Describe(exception)
                : category.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) ? _told.FirstOrDefault(told => time.GetElapsedTime(told.Value.At) < Pace).Key
                : null;
            if (cause is null)
            {
                return null;
            }

            if (_told.GetValueOrDefault(cause) is { } known && time.GetElapsedTime(known.At) < Pace)
            {
                known.Since++;
                return "";
            }

            var since = _told.GetValueOrDefault(cause)?.Since ?? 0;
            _told[cause] = new Told(time.GetTimestamp());
            return since == 0 ? cause : FormattableString.Invariant($"{cause} ({since:N0} further lines about it were left out.)");
        }
    }

    private sealed class Told(long at)
    {
        public long At { get; } = at;

        public int Since { get; set; }
    }
}
