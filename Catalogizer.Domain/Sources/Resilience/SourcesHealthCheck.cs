using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Whether all sources that should be connected are, by the same state that pages and alerts use.</summary>
internal sealed class SourcesHealthCheck(IDbContextFactory<CatalogDbContext> contexts, CircuitRegistry circuits)
{
    public async Task<CheckResult> CheckAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Availability != SourceAvailability.Retired && !s.IsPaused).OrderBy(s => s.Name).ToListAsync(cancellation);
        var all = sources.ConvertAll(s => (Source: s, Status: circuits.GetStatus(s)));
        var parts = all.ConvertAll(s => CreatePart(s.Source, s.Status));
        var disconnected = parts.FindAll(p => !p.Ok).ConvertAll(p => p.Name);
        var message = parts.Count == 0 ? "There are no sources yet."
            : disconnected.Count > 0 ? $"Not connected: {string.Join(", ", disconnected)}."
            : all.TrueForAll(s => s.Status is { IsUnreachable: false, LastSuccessAt: not null, LastError: null }) ? "Every source answered when last asked."
            : "No source is away that should be there.";
        return new CheckResult(disconnected.Count == 0, message) { Parts = parts };
    }

    private static HealthPart CreatePart(Source source, CircuitStatus status)
    {
        var ok = !status.IsUnreachable || source.Mode == SourceMode.MostlyOffline;
        var message = status switch
        {
            { IsUnreachable: true } when ok => "It is put away.",
            { IsUnreachable: true } => status.LastError ?? "It does not answer.",
            { LastError: { } lastError } => $"It is connected; the last call failed. {lastError}",
            { LastSuccessAt: null } => "Not asked yet.",
            _ => "It is connected.",
        };
        return new HealthPart(source.Name, ok, message, status.LastSuccessAt, null, status.NextAttemptAt, status.IsUnreachable ? status.Since : null);
    }
}
