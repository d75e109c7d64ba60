using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Health;

/// <summary>What a look at one thing found.</summary>
/// <param name="Ok">The current state, before any grace period.</param>
/// <param name="Message">One sentence for people, without times: it may be read a minute later.</param>
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
/// <param name="AwaySince">Since when a source is away.</param>
public sealed record HealthPart(
    string Name, bool Ok, string Message, DateTimeOffset? AnsweredAt = null, DateTimeOffset? FailedAt = null, DateTimeOffset? NextAt = null, DateTimeOffset? AwaySince = null);

/// <summary>One thing whose failing people should know of.</summary>
/// <param name="Name">What scripts and the history call it by.</param>
/// <param name="Advice">What to do about it when it fails.</param>
public sealed record HealthCheck(string Name, string Title, string Advice, Func<IServiceProvider, CancellationToken, Task<CheckResult>> Check)
{
    /// <summary>Grace period before a failure of an external service raises an alarm.</summary>
    internal static readonly TimeSpan ExternalGracePeriod = TimeSpan.FromMinutes(10);

    /// <summary>Whether the program is of no use while this fails.</summary>
    public bool IsCritical { get; init; }

    /// <summary>How long a look may take; one that takes longer has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether a change is told by another part already, so that it is no news here.</summary>
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
    /// <summary>Makes a check known: it is on the health page and in <c>/health</c>, is looked at by itself, and its turns are kept.</summary>
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
