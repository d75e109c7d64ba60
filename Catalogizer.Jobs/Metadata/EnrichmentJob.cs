using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;

namespace Catalogizer.Jobs.Metadata;

/// <summary>Looks up works that nobody has looked up yet.</summary>
public sealed class EnrichmentJob(Enricher enricher) : IBackgroundJob
{
    private const int Most = 2000;

    public static string Name => "metadata-enrich";

    public async Task<string> RunAsync(string argument, IProgress<WorkProgress> progress, CancellationToken cancellation) =>
        await enricher.EnrichAsync(Most, progress, cancellation) is { } done
            ? string.Create(CultureInfo.InvariantCulture, $"{done} works were looked up.")
            : "A first scan is under way; works are looked up after it.";
}

/// <summary>Asks again about records that are past their time.</summary>
public sealed class MetadataRefreshJob(Enricher enricher, TimeProvider time) : IBackgroundJob
{
    private const int Most = 500;

    public static string Name => "metadata-refresh";

    public async Task<string> RunAsync(string argument, IProgress<WorkProgress> progress, CancellationToken cancellation)
    {
        var done = await enricher.RefreshAsync(Most, time.GetUtcNow(), cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{done} works were asked about again.");
    }
}
