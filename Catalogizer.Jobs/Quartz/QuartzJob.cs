using System.Diagnostics;
using global::Quartz;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs.Quartz;

/// <summary>Runs one of our jobs when the scheduler says so. One run at a time for each job and argument.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzJob<TJob>(IServiceProvider services, RunningJobs running) : IJob
    where TJob : class, IBackgroundJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var argument = context.MergedJobDataMap.GetString(QuartzJobScheduler.Argument) ?? "";
        var by = context.MergedJobDataMap.GetString(QuartzJobScheduler.AskedBy);
        var (state, told) = (JobState.Failed, "");
        using var correlation = new Activity($"job {TJob.Name}").Start();
        var progress = running.Begin(context.FireInstanceId, new JobId(TJob.Name, argument), by);
        try
        {
            await using var scope = services.CreateAsyncScope();
            var job = ActivatorUtilities.GetServiceOrCreateInstance<TJob>(scope.ServiceProvider);
            told = await job.RunAsync(argument, progress, cancellationToken);
            state = JobState.Succeeded;
        }
        catch (JobFailedException failed)
        {
            told = failed.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            (state, told) = (JobState.Cancelled, "Cancelled; what it had done stands.");
            throw;
        }
        catch (Exception fault)
        {
            told = fault.Message;
            throw;
        }
        finally
        {
            // Read by the history however the run ended.
            var report = state == JobState.Failed ? JobRunReport.Failed(told) : JobRunReport.Succeeded(told);
            context.Result = by is null ? report : report.With(QuartzJobScheduler.AskedBy, by);
            running.End(context.FireInstanceId, state, told);
        }
    }
}
