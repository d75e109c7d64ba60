using Catalogizer.Domain.Events;

namespace Catalogizer.Tests.Events;

public sealed class EventStreamerTests
{
    private readonly EventStreamer _events = new(TimeProvider.System);

    [Fact]
    public async Task Read_SameKeyTwice_GivesTheLatestOnce()
    {
        using var subscription = _events.Subscribe();

        _events.Publish(new Happened("a", 1));
        _events.Publish(new Happened("b", 1));
        _events.Publish(new Happened("a", 2));

        Assert.Equal([new Happened("a", 2), new Happened("b", 1)], await NextAsync(subscription));
    }

    [Fact]
    public async Task Publish_NobodyReads_KeepsABoundedNumberAndNeverWaits()
    {
        using var slow = _events.Subscribe();
        using var other = _events.Subscribe();
        for (var i = 0; i < EventSubscription.Capacity; i++)
        {
            _events.Publish(new Happened($"{i}", 1));
        }

        Assert.Equal(EventSubscription.Capacity, (await NextAsync(other)).Count);
        _events.Publish(new Happened("one too many", 1));
        _events.Publish(new Happened("0", 2));

        Assert.Equal(1, _events.Dropped);
        var kept = await NextAsync(slow);
        Assert.Equal(EventSubscription.Capacity, kept.Count);
        Assert.Contains(new Happened("0", 2), kept);
        Assert.Equal([new Happened("one too many", 1), new Happened("0", 2)], await NextAsync(other));
    }

    [Fact]
    public async Task Read_AfterABatch_WaitsForThePace()
    {
        var time = new Support.ManualTime();
        var events = new EventStreamer(time);
        using var subscription = events.Subscribe();
        await using var batches = subscription.ReadAsync(TimeSpan.FromMilliseconds(250), CancellationToken.None).GetAsyncEnumerator();
        events.Publish(new Happened("a", 1));
        Assert.True(await batches.MoveNextAsync());

        events.Publish(new Happened("a", 2));
        var next = batches.MoveNextAsync();
        Assert.False(next.IsCompleted);
        events.Publish(new Happened("a", 3));
        time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.True(await next);
        Assert.Equal([new Happened("a", 3)], batches.Current);
    }

    [Fact]
    public async Task Dispose_Subscription_EndsItsReaderAndHearsNothingMore()
    {
        var subscription = _events.Subscribe();
        await using var batches = subscription.ReadAsync(TimeSpan.Zero, CancellationToken.None).GetAsyncEnumerator();
        var next = batches.MoveNextAsync();
        Assert.Equal(1, _events.Subscribers);

        subscription.Dispose();
        subscription.Dispose();
        _events.Publish(new Happened("a", 1));

        Assert.False(await next);
        Assert.Equal(0, _events.Subscribers);
    }

    [Fact]
    public async Task Read_Cancelled_EndsWithoutAnException()
    {
        using var subscription = _events.Subscribe();
        using var cancel = new CancellationTokenSource();
        await using var batches = subscription.ReadAsync(TimeSpan.Zero, cancel.Token).GetAsyncEnumerator();
        var next = batches.MoveNextAsync();

        await cancel.CancelAsync();

        Assert.False(await next);
    }

    private static async Task<IReadOnlyCollection<CatalogEvent>> NextAsync(EventSubscription subscription)
    {
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, CancellationToken.None))
        {
            return batch;
        }

        return [];
    }

    private sealed record Happened(string Which, int Number) : CatalogEvent
    {
        public override string Name => "test.happened";

        internal override string Key => Which;
    }
}
