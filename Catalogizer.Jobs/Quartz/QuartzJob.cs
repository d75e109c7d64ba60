using global::Quartz;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs.Quartz;

/// <summary>Runs one of our jobs when the scheduler says so. One run at a time for each job and argument.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzJob<TJob>(IServiceProvider services) : IJob
    where TJob : class, IBackgroundJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await using var scope = services.CreateAsyncScope();
        var job = ActivatorUtilities.GetServiceOrCreateInstance<TJob>(scope.ServiceProvider);
        var told = await job.RunAsync(context.MergedJobDataMap.GetString(QuartzJobScheduler.Argument) ?? "", cancellationToken);
        context.Result = JobRunReport.Succeeded(told);
    }
}
