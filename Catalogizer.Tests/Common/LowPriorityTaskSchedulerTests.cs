using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Common;

/// <summary>The threads that scans run on.</summary>
public sealed class LowPriorityTaskSchedulerTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Continuations_ComeBackToTheseThreads()
    {
        using var threads = new LowPriorityTaskScheduler(2);
        var names = new List<string?>();

        await threads.RunAsync(async () =>
        {
            names.Add(Thread.CurrentThread.Name);
            await Task.Yield();
            names.Add(Thread.CurrentThread.Name);
        }).WaitAsync(WaitTimeout);

        Assert.Equal(["Scan", "Scan"], names);
    }

    /// <summary>A hung server may respond when nothing waits for it any more, long after the end of the scan.</summary>
    [Fact]
    public async Task Answer_AfterTheEnd_IsTakenElsewhere()
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var threads = new LowPriorityTaskScheduler(2))
        {
            await threads.RunAsync(() =>
            {
                _ = CallAsync();
                return Task.CompletedTask;
            }).WaitAsync(WaitTimeout);
        }

        completion.SetResult();

        Assert.NotEqual("Scan", await late.Task.WaitAsync(WaitTimeout));

        async Task CallAsync()
        {
            await completion.Task;
            late.SetResult(Thread.CurrentThread.Name);
        }
    }
}
