using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Domain.Health;

/// <summary>What a look at one thing found.</summary>
/// <param name="Message">One sentence for people.</param>
public sealed record HealthAnswer(bool Ok, string Message);

/// <summary>One thing whose failing people should know of.</summary>
/// <param name="Name">What scripts and the history call it by.</param>
/// <param name="Advice">What to do about it when it fails.</param>
public sealed record HealthCheck(string Name, string Title, string Advice, Func<IServiceProvider, CancellationToken, Task<HealthAnswer>> Look)
{
    /// <summary>Whether the program is of no use while this fails.</summary>
    public bool Critical { get; init; }

    /// <summary>How long a look may take; one that takes longer has failed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether a change is told by another part already, so that it is no news here.</summary>
    public bool IsToldElsewhere { get; init; }
}

public static class HealthChecks
{
    /// <summary>Makes a check known: it is on the health page and in <c>/health</c>, is looked at by itself, and its turns are kept.</summary>
    public static IServiceCollection AddHealthCheck<T>(
        this IServiceCollection services, string name, string title, string advice, Func<T, CancellationToken, Task<HealthAnswer>> look, bool critical = false, bool toldElsewhere = false)
        where T : notnull => services.AddSingleton(new HealthCheck(name, title, advice, (provider, cancellation) => look(provider.GetRequiredService<T>(), cancellation))
        {
            Critical = critical, IsToldElsewhere = toldElsewhere,
        });
}
