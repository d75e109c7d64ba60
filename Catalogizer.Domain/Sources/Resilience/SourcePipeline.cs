using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>The resilience pipeline of one source: bulkhead, time limit, retries and circuit breaker.</summary>
internal sealed class SourcePipeline(SourceCircuit circuit, ResilienceOptions options, TimeProvider time)
{
    private readonly ResiliencePipeline _pipeline = Build(circuit, options, time);

    public SourceCircuit Circuit => circuit;

    /// <exception cref="SourceException"/>
    public async ValueTask<T> RunAsync<TState, T>(Func<TState, CancellationToken, ValueTask<T>> call, TState state, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.ExecuteAsync(call, state, cancellation);
        }
        catch (TimeoutRejectedException)
        {
            throw SourceExceptions.TimedOut(options.TimeLimit);
        }
    }

    private static ResiliencePipeline Build(SourceCircuit circuit, ResilienceOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddStrategy(_ => new Bulkhead(options.MaxConcurrent, options.MaxWait, time), new NamedStrategyOptions("bulkhead"))
            .AddTimeout(options.TimeLimit);
        if (options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                ShouldHandle = static args => args.Outcome.Exception is SourceException exception && exception.IsTransient() ? PredicateResult.True() : PredicateResult.False(),
                DelayGenerator = args => new ValueTask<TimeSpan?>(options.GetDelay(options.InitialDelay, args.AttemptNumber)),
            });
        }

        return builder.AddStrategy(_ => new CircuitStrategy(circuit), new NamedStrategyOptions("circuit")).Build();
    }

    private sealed class NamedStrategyOptions : ResilienceStrategyOptions
    {
        public NamedStrategyOptions(string name) => Name = name;
    }
}
