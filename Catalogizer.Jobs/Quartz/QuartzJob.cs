using System.Diagnostics;
using global::Quartz;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs.Quartz;

/// <summary>Runs a background job when Quartz triggers it. One run at a time for each job and argument.</summary>
[DisallowConcurrentExecution]
internal sealed class QuartzJob<TJob>(IServiceProvider services, RunningJobs running) : IJob
    where TJob : class, IBackgroundJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var argument = context.MergedJobDataMap.GetString(QuartzJobScheduler.ArgumentKey) ?? "";
        var requestedBy = context.MergedJobDataMap.GetString(QuartzJobScheduler.RequestedByKey);
        var (state, message) = (JobState.Failed, "");
        using var correlation = new Activity($"job {TJob.Name}").Start();
        var progress = running.Begin(context.FireInstanceId, new JobId(TJob.Name, argument), requestedBy);
        try
        {
            await using var scope = services.CreateAsyncScope();
            var job = ActivatorUtilities.GetServiceOrCreateInstance<TJob>(scope.ServiceProvider);
            message = await job.RunAsync(argument, progress, cancellationToken);
            state = JobState.Succeeded;
        }
        catch (JobFailedException failed)
        {
            message = failed.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            (state, message) = (JobState.Cancelled, "Cancelled; what it had done stands.");
            throw;
        }
        catch (Exception exception)
        {
            message = exception.Message;
            throw;
        }
        finally
        {
            // The history reads this, however the run ended.
            var report = state == JobState.Failed ? JobRunReport.Failed(message) : JobRunReport.Succeeded(message);
            context.Result = requestedBy is null ? report : report.With(QuartzJobScheduler.RequestedByKey, requestedBy);
            running.End(context.FireInstanceId, state, message);
        }
    }
}
