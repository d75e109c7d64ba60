using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.ErrorLog;

/// <summary>
/// Errors on their way from the log to the database. Logging never waits: when too many are pending, further ones are dropped and counted.
/// </summary>
internal sealed class ErrorQueue(TimeProvider time)
{
    public const int Capacity = 500;

    private readonly Channel<LoggedError> _channel = Channel.CreateBounded<LoggedError>(Capacity);
    private long _dropped;

    /// <summary>Number of errors that were dropped or could not be saved.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<LoggedError> Reader => _channel.Reader;

    public void TryEnqueue(string category, string message, string? template, Exception? exception, string? subject = null)
    {
        if (!_channel.Writer.TryWrite(new LoggedError(time.GetUtcNow(), category, message, template, exception, subject)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Counts errors that could not be saved.</summary>
    public void RecordDropped(int count) => Interlocked.Add(ref _dropped, count);
}

/// <summary>Adds to the queue what is logged as an error.</summary>
internal sealed class ErrorLogProvider(ErrorQueue queue) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new ErrorLogger(categoryName, queue);

    public void Dispose()
    {
    }

    private sealed class ErrorLogger(string category, ErrorQueue queue) : ILogger
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
                var subject = values.FirstOrDefault(f => f.Key.ToUpperInvariant() is "SOURCE" or "PROVIDER" or "CACHE").Value as string;
                queue.TryEnqueue(category, formatter(state, exception), template, exception, subject);
            }
        }
    }
}
