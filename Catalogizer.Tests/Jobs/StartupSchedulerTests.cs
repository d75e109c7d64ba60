using Catalogizer.Jobs;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Catalogizer.Tests.Jobs;

/// <summary>Scheduling at startup waits while the disk is full.</summary>
public sealed class StartupSchedulerTests
{
    private const int DiskFull = 13;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);
    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Start_DiskFull_PlansOnceThereIsSpace()
    {
        using var plan = new TestScheduler(_time, NullLogger.Instance, failures: 2);
        await plan.StartAsync(default);

        await _time.AdvanceAfterWaitAsync(StartupScheduler.RetryDelay);
        Assert.False(plan.Completed.IsCompleted);
        await _time.AdvanceAfterWaitAsync(StartupScheduler.RetryDelay);

        await plan.ExecuteTask!.WaitAsync(WaitTimeout);
        Assert.Equal(3, plan.AttemptCount);
    }

    [Fact]
    public async Task Stop_WhileTheDiskIsFull_EndsAtOnce()
    {
        using var plan = new TestScheduler(_time, NullLogger.Instance, failures: int.MaxValue);
        await plan.StartAsync(default);
        await plan.FirstAttempt.WaitAsync(WaitTimeout);

        await plan.StopAsync(default).WaitAsync(WaitTimeout);

        Assert.Equal(1, plan.AttemptCount);
        Assert.False(plan.Completed.IsCompleted);
    }

    private sealed class TestScheduler(TimeProvider time, ILogger logger, int failures) : StartupScheduler(time, logger)
    {
        private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int AttemptCount { get; private set; }

        public Task FirstAttempt => _firstAttempt.Task;

        public Task Completed => _completed.Task;

        protected override Task ScheduleAsync(CancellationToken cancellation)
        {
            AttemptCount++;
            _firstAttempt.TrySetResult();
            if (AttemptCount <= failures)
            {
                throw new InvalidOperationException("The plan was not saved.", new SqliteException("database or disk is full", DiskFull));
            }

            _completed.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
