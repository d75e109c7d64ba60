using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Records;

/// <summary>Errors on their way from the log to the catalogue. Whoever logs never waits: when too many wait, further ones are dropped and counted.</summary>
internal sealed class ErrorQueue(TimeProvider time)
{
    public const int Bound = 500;

    private readonly Channel<LoggedError> _waiting = Channel.CreateBounded<LoggedError>(Bound);
    private long _dropped;

    /// <summary>How many were given up.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<LoggedError> Waiting => _waiting.Reader;

    public void Offer(string category, string message, string? template, Exception? exception, string? about = null)
    {
        if (!_waiting.Writer.TryWrite(new LoggedError(time.GetUtcNow(), category, message, template, exception, about)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Counts errors that could not be written down.</summary>
    public void GiveUp(int count) => Interlocked.Add(ref _dropped, count);
}

/// <summary>Hears what is logged as an error.</summary>
internal sealed class ErrorLogProvider(ErrorQueue queue) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Ear(categoryName, queue);

    public void Dispose()
    {
    }

    private sealed class Ear(string category, ErrorQueue queue) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Error or LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var values = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
                var template = values.LastOrDefault(f => f.Key == "{OriginalFormat}").Value as string;
                var about = values.FirstOrDefault(f => f.Key.ToUpperInvariant() is "SOURCE" or "PROVIDER" or "CACHE").Value as string;
                queue.Offer(category, formatter(state, exception), template, exception, about);
            }
        }
    }
}
