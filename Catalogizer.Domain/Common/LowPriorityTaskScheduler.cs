using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Catalogizer.Domain.Common;

/// <summary>
/// Runs work that can use all processors on its own threads with low priority, so that page requests come first. On Linux,
/// nice(2) applies to a thread and cannot be undone, so threads of the pool are no option.
/// </summary>
internal sealed partial class LowPriorityTaskScheduler : TaskScheduler, IDisposable
{
    /// <summary>Gives a third of the usual share while other threads need the processor, and all of it otherwise.</summary>
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

    /// <summary>Runs work whose continuations return to these threads.</summary>
    public Task RunAsync(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Runs work that does not wait for anything.</summary>
    public Task<T> RunAsync<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this);

    /// <summary>Call it once everything has ended. Work whose caller stopped waiting may continue on threads of the pool.</summary>
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
