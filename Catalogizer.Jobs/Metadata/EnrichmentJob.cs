using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Nfo;

namespace Catalogizer.Jobs.Metadata;

/// <summary>Reads new NFO files, then fetches metadata of items that have not been fetched yet.</summary>
public sealed class EnrichmentJob(NfoReader nfo, Enricher enricher) : IBackgroundJob
{
    private const int MaxItems = 2000;

    public static string Name => "metadata-enrich";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var read = await nfo.RunAsync(all: false, progress, cancellation);
        return await enricher.EnrichAsync(MaxItems, progress, cancellation) is { } done
            ? string.Create(CultureInfo.InvariantCulture, $"{done} works were looked up{(read > 0 ? $", {read} NFO files read" : "")}.")
            : "A first scan is under way; works are looked up after it.";
    }
}

/// <summary>Refreshes metadata that is out of date.</summary>
public sealed class MetadataRefreshJob(NfoReader nfo, Enricher enricher, TimeProvider time) : IBackgroundJob
{
    private const int MaxItems = 500;

    public static string Name => "metadata-refresh";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        await nfo.RunAsync(all: true, progress, cancellation);
        var done = await enricher.RefreshAsync(MaxItems, time.GetUtcNow(), cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{done} works were asked about again.");
    }
}
