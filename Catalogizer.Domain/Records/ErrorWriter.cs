using Catalogizer.Domain.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Records;

/// <summary>Writes errors down, those that are alike as one.</summary>
internal sealed class ErrorWriter(ErrorQueue queue, IErrorLogStore store, EventStreamer events, ILogger<ErrorWriter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(stoppingToken))
            {
                await WriteAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        var entries = new Dictionary<string, ErrorLogEntry>(StringComparer.Ordinal);
        while (entries.Count < ErrorQueue.Capacity && queue.Reader.TryRead(out var error))
        {
            var next = ErrorFingerprint.CreateEntry(error);
            if (entries.TryGetValue(next.Fingerprint, out var before))
            {
                (next.Count, next.FirstSeen) = (before.Count + 1, before.FirstSeen);
            }

            entries[next.Fingerprint] = next;
        }

        try
        {
            await store.AddAsync([.. entries.Values], CancellationToken.None);
            events.Publish(new ErrorLogChanged("errors"));
        }
#pragma warning disable CA1031 // An error here must not become one more to write down: it is counted, and the next may be written.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            queue.RecordDropped((int)entries.Values.Sum(e => e.Count));
            logger.LogWarning(exception, "{Count} errors could not be written down", entries.Count);
        }
    }
}

/// <summary>Where errors are kept.</summary>
public interface IErrorLogStore
{
    /// <summary>Adds errors to those that are alike; a resolved one that comes back is new again.</summary>
    Task AddAsync(IReadOnlyList<ErrorLogEntry> errors, CancellationToken cancellation);
}
