using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Quality;

/// <summary>Has the copies of items that somebody looks at looked into at once, whatever the job is at.</summary>
public sealed class PriorityAnalysis(QualityAnalysis analysis, ILogger<PriorityAnalysis> logger) : BackgroundService
{
    private readonly Channel<long> _items = Channel.CreateBounded<long>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Somebody looks at an item: its copies come first.</summary>
    public void Enqueue(long itemId) => _items.Writer.TryWrite(itemId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in _items.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await analysis.AnalyzeItemAsync(item, stoppingToken);
            }
#pragma warning disable CA1031 // One look that went wrong is no reason not to look at the next.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                logger.LogError(exception, "The copies of item {Item} could not be looked into", item);
            }
        }
    }
}
