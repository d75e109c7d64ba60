using Catalogizer.Jobs;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Catalogizer.Tests.Jobs;

/// <summary>What a start plans waits for the disk.</summary>
public sealed class PlanAtStartTests
{
    private const int DiskFull = 13;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Start_DiskFull_PlansOnceThereIsSpace()
    {
        using var plan = new Plan(_time, NullLogger.Instance, failures: 2);
        await plan.StartAsync(default);

        await _time.TurnAsync(StartupScheduler.RetryDelay);
        Assert.False(plan.Done.IsCompleted);
        await _time.TurnAsync(StartupScheduler.RetryDelay);

        await plan.ExecuteTask!.WaitAsync(Patience);
        Assert.Equal(3, plan.Tries);
    }

    [Fact]
    public async Task Stop_WhileTheDiskIsFull_EndsAtOnce()
    {
        using var plan = new Plan(_time, NullLogger.Instance, failures: int.MaxValue);
        await plan.StartAsync(default);
        await plan.Tried.WaitAsync(Patience);

        await plan.StopAsync(default).WaitAsync(Patience);

        Assert.Equal(1, plan.Tries);
        Assert.False(plan.Done.IsCompleted);
    }

    private sealed class Plan(TimeProvider time, ILogger logger, int failures) : StartupScheduler(time, logger)
    {
        private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Tries { get; private set; }

        public Task Tried => _tried.Task;

        public Task Done => _done.Task;

        protected override Task ScheduleAsync(CancellationToken cancellation)
        {
            Tries++;
            _tried.TrySetResult();
            if (Tries <= failures)
            {
                throw new InvalidOperationException("The plan was not saved.", new SqliteException("database or disk is full", DiskFull));
            }

            _done.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
