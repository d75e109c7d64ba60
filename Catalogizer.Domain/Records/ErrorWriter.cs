using Catalogizer.Domain.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Records;

/// <summary>Writes errors down, those that are alike as one.</summary>
internal sealed class ErrorWriter(ErrorQueue queue, IErrorRows rows, EventStreamer events, ILogger<ErrorWriter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await queue.Waiting.WaitToReadAsync(stoppingToken))
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
        var alike = new Dictionary<string, ErrorLog>(StringComparer.Ordinal);
        while (alike.Count < ErrorQueue.Bound && queue.Waiting.TryRead(out var error))
        {
            var next = ErrorShape.Of(error);
            if (alike.TryGetValue(next.Fingerprint, out var before))
            {
                (next.Count, next.FirstSeen) = (before.Count + 1, before.FirstSeen);
            }

            alike[next.Fingerprint] = next;
        }

        try
        {
            await rows.AddAsync([.. alike.Values], CancellationToken.None);
            events.Publish(new ErrorLogChanged("errors"));
        }
#pragma warning disable CA1031 // An error here must not become one more to write down: it is counted, and the next may be written.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            queue.GiveUp((int)alike.Values.Sum(e => e.Count));
            logger.LogWarning(fault, "{Count} errors could not be written down", alike.Count);
        }
    }
}

/// <summary>Where errors are kept.</summary>
public interface IErrorRows
{
    /// <summary>Adds errors to those that are alike; a resolved one that comes back is new again.</summary>
    Task AddAsync(IReadOnlyList<ErrorLog> errors, CancellationToken cancellation);
}
