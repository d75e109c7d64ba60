using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Health;

/// <summary>What one check found.</summary>
/// <param name="Critical">Whether the program is of no use while this fails.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record HealthFinding(string Name, string Title, bool Critical, bool Ok, string Message, double DurationMilliseconds)
{
    /// <summary>The sources, providers or caches that it is about, each with its state.</summary>
    public IReadOnlyList<HealthPart> Parts { get; init; } = [];
}

/// <summary>Looks whether the program can do its work: every check at once, none for longer than its limit.</summary>
public sealed class HealthChecker(IEnumerable<HealthCheck> checks, IServiceProvider services, ILogger<HealthChecker> logger)
{
    public IReadOnlyList<HealthCheck> Checks { get; } = [.. checks];

    /// <summary>Whether requests can be served: the critical checks alone.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        (await Task.WhenAll(Checks.Where(c => c.IsCritical).Select(c => RunCheckAsync(c, cancellation)))).All(f => f.Ok);

    public Task<IReadOnlyList<HealthFinding>> CheckAsync(CancellationToken cancellation) => CheckAsync(Checks, cancellation);

    /// <summary>Makes some of the checks.</summary>
    internal async Task<IReadOnlyList<HealthFinding>> CheckAsync(IEnumerable<HealthCheck> selected, CancellationToken cancellation) =>
        await Task.WhenAll(selected.Select(c => RunCheckAsync(c, cancellation)));

    /// <summary>Asks again what failed and whose time has come.</summary>
    internal Task RetryAsync(CancellationToken cancellation) =>
        Task.WhenAll(Checks.Where(c => c.Retry is not null).Select(c => c.Retry!(services, cancellation)));

    /// <summary>unhealthy while something critical fails, degraded while anything else does, and healthy.</summary>
    public static string GetStatus(IEnumerable<HealthFinding> findings) =>
        findings.Where(f => !f.Ok).Select(f => f.Critical).ToList() switch
        {
            [] => "healthy",
            var failing when failing.Contains(true) => "unhealthy",
            _ => "degraded",
        };

    private async Task<HealthFinding> RunCheckAsync(HealthCheck check, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(check.Timeout);
        CheckResult result;
        try
        {
            result = await Task.Run(() => check.Check(services, timeout.Token), timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            result = new CheckResult(false, $"No answer within {check.Timeout.TotalSeconds:0} seconds.");
        }
#pragma warning disable CA1031 // A look that fails is what this is here to find; it is said and written down.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogDebug(exception, "The check {Check} failed", check.Name);
            result = new CheckResult(false, exception.Message);
        }

        return new HealthFinding(check.Name, check.Title, check.IsCritical, result.Ok, result.Message, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 2)) { Parts = result.Parts };
    }
}
