using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Jobs.Scanning;

/// <summary>Keeps the job schedule in step with the schedules of the sources.</summary>
internal sealed class SourceSchedules(SourceService sources, IJobScheduler jobs, EventStreamer events, ILogger<SourceSchedules> logger) : BackgroundService
{
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(200);
    private readonly SemaphoreSlim _lock = new(1, 1);

    public override void Dispose()
    {
        _lock.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(e => e is SourceChanged, isInternal: true);
        await TryAlignAsync(stoppingToken);
        await foreach (var batch in subscription.ReadAsync(BatchDelay, stoppingToken))
        {
            if (batch.Any(e => e is SourceChanged))
            {
                await TryAlignAsync(stoppingToken);
            }
        }
    }

    /// <summary>Gives every source its schedule, and removes all others.</summary>
    internal async Task AlignAsync(CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation);
        try
        {
            await AlignSeriallyAsync(cancellation);
        }
        finally
        {
            _lock.Release();
        }
    }

    private async Task AlignSeriallyAsync(CancellationToken cancellation)
    {
        var wanted = (await sources.ListAsync(Actor.System, cancellation))
            .Where(s => s is { Schedule: not null, Retired: false, Paused: false })
            .ToDictionary(s => s.Id.ToString(CultureInfo.InvariantCulture), s => s.Schedule!);
        var scheduled = await jobs.ScheduledAsync<RecurringScan>(cancellation);
        foreach (var source in scheduled.Keys.Except(wanted.Keys))
        {
            await jobs.RemoveAsync<RecurringScan>(source, cancellation);
        }

        foreach (var (source, cron) in wanted)
        {
            if (scheduled.GetValueOrDefault(source) != cron)
            {
                await jobs.AddOrUpdateAsync<RecurringScan>(source, cron, cancellation);
            }
        }
    }

    private async Task TryAlignAsync(CancellationToken cancellation)
    {
        try
        {
            await AlignAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            logger.LogDebug("Stopped while aligning schedules");
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The sources' schedules could not be brought up to date; the next change tries again");
        }
    }
}
