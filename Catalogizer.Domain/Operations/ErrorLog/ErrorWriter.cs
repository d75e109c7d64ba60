using Catalogizer.Domain.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.ErrorLog;

/// <summary>Saves errors, similar ones as one entry.</summary>
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
#pragma warning disable CA1031 // An error here must not lead to another one to save: it is counted, and the next one may be saved.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            queue.RecordDropped((int)entries.Values.Sum(e => e.Count));
            logger.LogWarning(exception, "{Count} errors could not be written down", entries.Count);
        }
    }
}

/// <summary>Stores errors.</summary>
public interface IErrorLogStore
{
    /// <summary>Adds errors to the entries with the same fingerprint; a resolved one that occurs again is new again.</summary>
    Task AddAsync(IReadOnlyList<ErrorLogEntry> errors, CancellationToken cancellation);
}
