using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources;

/// <summary>
/// Adds the sources from the settings, and scans those that have never completed a scan. An existing source of the same name is not
/// changed, since users may have edited it. A source that cannot be added does not stop the others or the start.
/// </summary>
internal sealed class ConfiguredSources(
    IOptions<ConfiguredSourcesOptions> options, SourceService sources, SourceRemoval removal, ScanService scans, ILogger<ConfiguredSources> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await scans.Recovered.WaitAsync(stoppingToken);
        foreach (var draft in options.Value.Sources)
        {
            await EnsureAsync(draft, stoppingToken);
        }
    }

    private async Task EnsureAsync(SourceDraft draft, CancellationToken cancellation)
    {
        try
        {
            if (await FindOrAddAsync(draft, cancellation) is { Retired: false } source && !await scans.WasScannedAsync(source.Id, cancellation))
            {
                await scans.StartAsync(Actor.System, source.Id, ScanKind.Full, cancellation);
            }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(exception, "The declared source “{Name}” could not be added or scanned; the next start tries again", draft.Name);
        }
    }

    private async Task<SourceView?> FindOrAddAsync(SourceDraft draft, CancellationToken cancellation)
    {
        var name = draft.Name?.Trim();
        if ((await sources.ListAsync(Actor.System, cancellation)).FirstOrDefault(s => s.Name == name) is { } existing)
        {
            return existing;
        }

        if ((await removal.ListAsync(Actor.System, cancellation)).Any(s => s.Name == name))
        {
            return null;        // a user removed it
        }

        var added = await sources.AddAsync(Actor.System, draft, cancellation);
        if (added.Error is { } error)
        {
            logger.LogError("The declared source “{Name}” was not added: {Why}", name, error.Message);
            return null;
        }

        return added.Value;
    }
}
