using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Catalogizer.Domain.Scanning;

/// <summary>
/// Threads of its own for work that takes all the processors there are: whoever asks for a page comes first. Priority is a
/// thread's own on Linux (nice(2)), and one that was lowered stays low, so these are not of the pool.
/// </summary>
internal sealed partial class LowPriorityTaskScheduler : TaskScheduler, IDisposable
{
    /// <summary>A third of the usual share while others want the processor, all of it while nobody does.</summary>
    private const int NiceIncrement = 5;

    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Lock _queueLock = new();
    private readonly Thread[] _threads;
    private bool _isDisposed;

    public LowPriorityTaskScheduler(int count)
    {
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(ProcessTasks) { IsBackground = true, Name = "Scan" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Runs something whose continuations come back to these threads.</summary>
    public Task RunAsync(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Runs something that waits for nothing.</summary>
    public Task<T> RunAsync<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this);

    /// <summary>To be called when all that was run has ended. What somebody gave up waiting for may still go on, on the pool's threads.</summary>
    public void Dispose()
    {
        lock (_queueLock)
        {
            _isDisposed = true;
            _tasks.CompleteAdding();
        }

        Array.ForEach(_threads, thread => thread.Join());
        _tasks.Dispose();
    }

    protected override void QueueTask(Task task)
    {
        lock (_queueLock)
        {
            if (!_isDisposed)
            {
                _tasks.Add(task);
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static late => late.Scheduler.TryExecuteTask(late.Task), (Scheduler: this, Task: task), preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void ProcessTasks()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Nice(NiceIncrement);
        }

        foreach (var task in _tasks.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }

    [LibraryImport("libc", EntryPoint = "nice")]
    private static partial int Nice(int increment);
}
