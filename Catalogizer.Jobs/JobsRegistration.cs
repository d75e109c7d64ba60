using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Catalogizer.Jobs.Analytics;
using Catalogizer.Jobs.Health;
using Catalogizer.Jobs.Quartz;
using Catalogizer.Jobs.Scanning;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs;

public static class JobsRegistration
{
    /// <summary>Adds the jobs and their stored schedule.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, DataDirectory data, string passphrase)
    {
        services.AddQuartzStore(data, passphrase);
        services.AddSingleton<QuartzJobScheduler>();
        services.AddSingleton<IJobScheduler>(provider => provider.GetRequiredService<QuartzJobScheduler>());
        services.AddSingleton<IScheduleCheck>(provider => provider.GetRequiredService<QuartzJobScheduler>());
        services.AddHostedService<SourceSchedules>();
        services.AddHostedService<IntegritySchedule>();
        services.AddHostedService<SnapshotSchedule>();
        return services;
    }
}
