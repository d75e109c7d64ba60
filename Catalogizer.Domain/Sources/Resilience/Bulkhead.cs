using System.Diagnostics.CodeAnalysis;
using Polly;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Limits the number of concurrent operations. Further operations wait for a slot, up to <paramref name="maxWait"/>.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing that needs an end.")]
internal sealed class Bulkhead(int maxConcurrent, TimeSpan maxWait, TimeProvider time) : ResilienceStrategy
{
    private readonly SemaphoreSlim _slots = new(maxConcurrent);

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        if (!_slots.Wait(0, CancellationToken.None) && await WaitForSlotAsync(context.CancellationToken) is { } exception)
        {
            return Outcome.FromException<TResult>(exception);
        }

        try
        {
            return await callback(context, state);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<Exception?> WaitForSlotAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(maxWait, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await _slots.WaitAsync(linked.Token);
            return null;
        }
        catch (OperationCanceledException exception)
        {
            return cancellation.IsCancellationRequested ? exception : SourceExceptions.BulkheadFull(maxWait);
        }
    }
}
