using System.Diagnostics;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Health;

/// <summary>What one check found.</summary>
/// <param name="Critical">Whether the program is of no use while this fails.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record HealthFinding(string Name, bool Critical, bool Ok, string Message, double DurationMilliseconds);

/// <summary>Looks whether the program can do its work. No check may take longer than its limit.</summary>
public sealed class HealthChecker(IDbContextFactory<CatalogDbContext> contexts, IntegrityCheck integrity)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Whether requests can be served: the critical checks alone.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation) => (await TimeAsync("database", true, DatabaseAsync, cancellation)).Ok;

    public async Task<IReadOnlyList<HealthFinding>> CheckAsync(CancellationToken cancellation) =>
    [
        await TimeAsync("database", true, DatabaseAsync, cancellation),
        await TimeAsync("integrity", false, IntegrityAsync, cancellation),
        await TimeAsync("sources", false, SourcesAsync, cancellation),
    ];

    private static async Task<HealthFinding> TimeAsync(
        string name, bool critical, Func<CancellationToken, Task<(bool Ok, string Message)>> check, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        var (ok, message) = (false, $"No answer within {Limit.TotalSeconds:0} seconds.");
        try
        {
            (ok, message) = await Task.Run(() => check(limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            ok = false;
        }
        catch (Exception exception) when (exception is Microsoft.Data.Sqlite.SqliteException or TimeoutException)
        {
            message = exception.Message;
        }

        return new HealthFinding(name, critical, ok, message, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task<(bool, string)> DatabaseAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.Settings.AnyAsync(cancellation);
        return (true, "The catalogue answers.");
    }

    private async Task<(bool, string)> IntegrityAsync(CancellationToken cancellation)
    {
        var report = await integrity.LastAsync(cancellation);
        return (report is null or { Problems.Count: 0 }, IntegrityCheck.InWords(report));
    }

    private async Task<(bool, string)> SourcesAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var away = await db.Sources.Where(s => s.Availability == SourceAvailability.Unreachable && s.Mode == SourceMode.AlwaysOn)
            .Select(s => s.Name).ToListAsync(cancellation);
        return away.Count == 0 ? (true, "Every source answered when last asked.") : (false, $"Not answering: {string.Join(", ", away)}.");
    }
}
