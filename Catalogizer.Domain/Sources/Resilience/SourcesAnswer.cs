using Catalogizer.Domain.Health;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Whether the sources answer that should, read where pages and alerts read it too.</summary>
internal sealed class SourcesAnswer(IDbContextFactory<CatalogDbContext> contexts, SourceStates states)
{
    public async Task<HealthAnswer> LookAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => s.Availability != SourceAvailability.Retired && !s.IsPaused).OrderBy(s => s.Name).ToListAsync(cancellation);
        var all = sources.ConvertAll(s => (Source: s, Status: states.Of(s)));
        var parts = all.ConvertAll(s => Part(s.Source, s.Status));
        var away = parts.FindAll(p => !p.Ok).ConvertAll(p => p.Name);
        var words = parts.Count == 0 ? "There are no sources yet."
            : away.Count > 0 ? $"Not connected: {string.Join(", ", away)}."
            : all.TrueForAll(s => s.Status is { IsAway: false, LastSuccessAt: not null, LastError: null }) ? "Every source answered when last asked."
            : "No source is away that should be there.";
        return new HealthAnswer(away.Count == 0, words) { Parts = parts };
    }

    private static HealthPart Part(Source source, CircuitStatus status)
    {
        var ok = !status.IsAway || source.Mode == SourceMode.MostlyOffline;
        var words = status switch
        {
            { IsAway: true } when ok => "It is put away.",
            { IsAway: true } => status.LastError ?? "It does not answer.",
            { LastError: { } why } => $"It is connected; the last call failed. {why}",
            { LastSuccessAt: null } => "Not asked yet.",
            _ => "It is connected.",
        };
        return new HealthPart(source.Name, ok, words, status.LastSuccessAt, null, status.NextAttemptAt, status.IsAway ? status.Since : null);
    }
}
