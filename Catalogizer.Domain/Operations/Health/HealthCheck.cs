using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>The result of a health check.</summary>
/// <param name="Ok">The current state, before any grace period.</param>
/// <param name="Message">One sentence for display, without times: it may be read a minute later.</param>
public sealed record CheckResult(bool Ok, string Message)
{
    /// <summary>The state of each source, provider or cache that the check covers; empty for a check of one thing.</summary>
    public IReadOnlyList<HealthPart> Parts { get; init; } = [];
}

/// <summary>One source, provider or cache that a check covers.</summary>
/// <param name="Message">The error of the last call, or a description of the state.</param>
/// <param name="AnsweredAt">Time of the last successful call; null when unknown.</param>
/// <param name="FailedAt">Time of the last call when it failed; null otherwise.</param>
/// <param name="NextAt">The next retry; null when none is scheduled.</param>
/// <param name="AwaySince">Since when a source is unreachable; null otherwise.</param>
public sealed record HealthPart(
    string Name, bool Ok, string Message, DateTimeOffset? AnsweredAt = null, DateTimeOffset? FailedAt = null, DateTimeOffset? NextAt = null, DateTimeOffset? AwaySince = null);

/// <summary>A health check, whose failures users should know of.</summary>
/// <param name="Name">Name in scripts and in the history.</param>
/// <param name="Advice">What to do when it fails.</param>
public sealed record HealthCheck(string Name, string Title, string Advice, Func<IServiceProvider, CancellationToken, Task<CheckResult>> Check)
{
    /// <summary>Grace period before a failure of an external service raises an alarm.</summary>
    internal static readonly TimeSpan ExternalGracePeriod = TimeSpan.FromMinutes(10);

    /// <summary>Whether the program is unusable while the check fails.</summary>
    public bool IsCritical { get; init; }

    /// <summary>Time limit of the check; one that takes longer has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether another feature already reports changes, so that no alert is published here.</summary>
    public bool IsReportedElsewhere { get; init; }

    /// <summary>Whether the check is cheap enough to run whenever it is displayed and on related events.</summary>
    public bool IsLive { get; init; }

    /// <summary>How long it must fail before an alarm is raised. The state itself is displayed at once.</summary>
    public TimeSpan GracePeriod { get; init; }

    /// <summary>Retries the failed parts that are due; null for checks without retries.</summary>
    public Func<IServiceProvider, CancellationToken, Task>? Retry { get; init; }
}

public static class HealthCheckExtensions
{
    /// <summary>Registers a check: it is shown on the health page and in <c>/health</c>, runs periodically, and its results are saved.</summary>
    public static IServiceCollection AddHealthCheck<T>(
        this IServiceCollection services, string name, string title, string advice, Func<T, CancellationToken, Task<CheckResult>> check, bool isCritical = false, bool isReportedElsewhere = false,
        bool isLive = false, TimeSpan gracePeriod = default, Func<T, CancellationToken, Task>? retry = null)
        where T : notnull => services.AddSingleton(new HealthCheck(name, title, advice, (provider, cancellation) => check(provider.GetRequiredService<T>(), cancellation))
        {
            IsCritical = isCritical,
            IsReportedElsewhere = isReportedElsewhere,
            IsLive = isLive,
            GracePeriod = gracePeriod,
            Retry = retry is null ? null : (provider, cancellation) => retry(provider.GetRequiredService<T>(), cancellation),
        });
}
