using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>The result of the last check of the whole database.</summary>
/// <param name="Problems">One sentence each; empty when the database is intact.</param>
public sealed record IntegrityReport(DateTimeOffset At, IReadOnlyList<string> Problems);

/// <summary>Checks the whole database while the program is running: at night, and after an earlier process ended without closing it.</summary>
public sealed class IntegrityCheck(IStorageCheck storage, IDbContextFactory<CatalogDbContext> contexts, TimeProvider time, ILogger<IntegrityCheck> logger)
{
    private const string SettingKey = "health:integrity";

    /// <summary>Whether an earlier process left the database open: it was killed, or the power failed.</summary>
    public bool IsDue => storage.WasUncleanShutdown;

    /// <summary>Runs every check and saves the report.</summary>
    public Task<IntegrityReport> RunAsync(CancellationToken cancellation) => RunAsync(null, cancellation);

    /// <summary>Runs every check, reports the progress, and saves the report.</summary>
    public async Task<IntegrityReport> RunAsync(IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var done = 0;
        await foreach (var finding in storage.CheckAsync(cancellation))
        {
            progress?.Report(new ProgressUpdate(100 * ++done / storage.CheckCount, $"{finding.Subject}: {finding.Message}"));
            if (!finding.Ok)
            {
                problems.Add($"{finding.Subject}: {finding.Message}");
                logger.LogError("The database is not in order: {What}: {Message} Restore a backup, or let 'doctor --repair' rebuild what can be rebuilt", finding.Subject, finding.Message);
            }
        }

        var report = new IntegrityReport(time.GetUtcNow(), problems);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var setting = await db.Settings.SingleOrDefaultAsync(s => s.Key == SettingKey, cancellation);
        var value = JsonSerializer.Serialize(report);
        if (setting is null)
        {
            db.Settings.Add(new Setting { Key = SettingKey, Value = value });
        }
        else
        {
            setting.Value = value;
        }

        await db.SaveChangesAsync(cancellation);
        return report;
    }

    /// <summary>The last report; null before the first check.</summary>
    public async Task<IntegrityReport?> ReadLastAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var setting = await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == SettingKey, cancellation);
        return setting is null ? null : JsonSerializer.Deserialize<IntegrityReport>(setting.Value);
    }

    internal static string Describe(IntegrityReport? report) => report switch
    {
        null => "Not checked yet; the check runs every night.",
        { Problems.Count: 0 } => string.Create(CultureInfo.InvariantCulture, $"Looked over on {report.At:yyyy-MM-dd HH:mm} UTC and in order."),
        _ => string.Join(" ", report.Problems),
    };
}
