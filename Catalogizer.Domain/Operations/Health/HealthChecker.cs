using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>The result of one check.</summary>
/// <param name="Critical">Whether the program is unusable while the check fails.</param>
/// <param name="Message">One sentence for display.</param>
public sealed record HealthFinding(string Name, string Title, bool Critical, bool Ok, string Message, double DurationMilliseconds)
{
    /// <summary>The sources, providers or caches that the check covers, each with its state.</summary>
    public IReadOnlyList<HealthPart> Parts { get; init; } = [];
}

/// <summary>Runs the health checks, all at once and each with its time limit.</summary>
public sealed class HealthChecker(IEnumerable<HealthCheck> checks, IServiceProvider services, ILogger<HealthChecker> logger)
{
    public IReadOnlyList<HealthCheck> Checks { get; } = [.. checks];

    /// <summary>Whether requests can be served: runs only the critical checks.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        (await Task.WhenAll(Checks.Where(c => c.IsCritical).Select(c => RunCheckAsync(c, cancellation)))).All(f => f.Ok);

    public Task<IReadOnlyList<HealthFinding>> CheckAsync(CancellationToken cancellation) => CheckAsync(Checks, cancellation);

    internal async Task<IReadOnlyList<HealthFinding>> CheckAsync(IEnumerable<HealthCheck> selected, CancellationToken cancellation) =>
        await Task.WhenAll(selected.Select(c => RunCheckAsync(c, cancellation)));

    /// <summary>Retries the failed parts that are due.</summary>
    internal Task RetryAsync(CancellationToken cancellation) =>
        Task.WhenAll(Checks.Where(c => c.Retry is not null).Select(c => c.Retry!(services, cancellation)));

    /// <summary>unhealthy while a critical check fails, degraded while any other check fails, otherwise healthy.</summary>
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
#pragma warning disable CA1031 // A check may fail with any exception: that is its result, which is reported and logged.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogDebug(exception, "The check {Check} failed", check.Name);
            result = new CheckResult(false, exception.Message);
        }

        return new HealthFinding(check.Name, check.Title, check.IsCritical, result.Ok, result.Message, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 2)) { Parts = result.Parts };
    }
}
