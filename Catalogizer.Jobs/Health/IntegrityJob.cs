using Catalogizer.Domain.Health;
using Microsoft.Extensions.Hosting;

namespace Catalogizer.Jobs.Health;

/// <summary>Looks over the whole database.</summary>
public sealed class IntegrityJob(IntegrityCheck check) : IBackgroundJob
{
    public static string Name => "integrity-check";

    public async Task<string> RunAsync(string argument, CancellationToken cancellation)
    {
        var report = await check.RunAsync(cancellation);
        return report.Problems.Count == 0 ? "Everything is in order." : string.Join(" ", report.Problems);
    }
}

/// <summary>Has the database looked over every night, and soon after a start that follows an unclean end.</summary>
internal sealed class IntegritySchedule(IntegrityCheck check, IJobScheduler jobs) : BackgroundService
{
    private const string Nightly = "0 30 3 * * ?";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduled = await jobs.ScheduledAsync<IntegrityJob>(stoppingToken);
        if (scheduled.GetValueOrDefault("nightly") != Nightly)
        {
            await jobs.AddOrUpdateAsync<IntegrityJob>("nightly", Nightly, stoppingToken);
        }

        if (check.IsDue)
        {
            await jobs.EnqueueAsync<IntegrityJob>("after an unclean end", stoppingToken);
        }
    }
}
