using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Quality;

/// <summary>Immediately analyses the versions of items that users are viewing, independently of the job.</summary>
public sealed class PriorityAnalysis(QualityAnalysis analysis, ILogger<PriorityAnalysis> logger) : BackgroundService
{
    private readonly Channel<long> _items = Channel.CreateBounded<long>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Queues an item that a user is viewing; does nothing when the queue is full.</summary>
    public void Enqueue(long itemId) => _items.Writer.TryWrite(itemId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in _items.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await analysis.AnalyzeItemAsync(item, stoppingToken);
            }
#pragma warning disable CA1031 // A failed analysis must not prevent the next one.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                logger.LogError(exception, "The copies of item {Item} could not be looked into", item);
            }
        }
    }
}
