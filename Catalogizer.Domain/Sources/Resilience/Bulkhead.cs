using System.Diagnostics.CodeAnalysis;
using Polly;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Lets a few operations through at a time. The others wait for their turn, and not for ever.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing that needs an end.")]
internal sealed class Bulkhead(int most, TimeSpan patience, TimeProvider time) : ResilienceStrategy
{
    private readonly SemaphoreSlim _free = new(most);

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        if (!_free.Wait(0, CancellationToken.None) && await WaitAsync(context.CancellationToken) is { } exception)
        {
            return Outcome.FromException<TResult>(exception);
        }

        try
        {
            return await callback(context, state);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<Exception?> WaitAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await _free.WaitAsync(either.Token);
            return null;
        }
        catch (OperationCanceledException exception)
        {
            return cancellation.IsCancellationRequested ? exception : SourceFaults.Busy(patience);
        }
    }
}
