namespace Catalogizer.Domain.Scanning;

/// <summary>
/// While a bulk load runs, indexes are away and nobody else may scan. It has the catalogue alone until another scan asks;
/// then it steps down, builds the indexes, and both go on side by side.
/// </summary>
internal sealed class BulkGate
{
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiting = [];
    private int _shared;
    private bool _alone;

    /// <summary>Whether somebody waits for the one that is alone.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count > 0;
            }
        }
    }

    /// <summary>Enters alone when nobody is in.</summary>
    public bool TryEnterAlone()
    {
        lock (_lock)
        {
            return _shared == 0 && !_alone && (_alone = true);
        }
    }

    public async Task EnterSharedAsync(CancellationToken cancellation)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (!_alone)
            {
                _shared++;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(turn);
        }

        await using var end = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        await turn.Task;
    }

    /// <summary>From alone to shared; those who wait come in.</summary>
    public void StepDown()
    {
        lock (_lock)
        {
            _alone = false;
            _shared++;
            LetIn();
        }
    }

    public void LeaveShared()
    {
        lock (_lock)
        {
            _shared--;
        }
    }

    private void LetIn()
    {
        foreach (var turn in _waiting)
        {
            if (turn.TrySetResult())
            {
                _shared++;
            }
        }

        _waiting.Clear();
    }
}
