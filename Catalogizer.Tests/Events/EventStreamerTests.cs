using Catalogizer.Domain.Events;

namespace Catalogizer.Tests.Events;

public sealed class EventStreamerTests
{
    private readonly EventStreamer _events = new(TimeProvider.System);

    [Fact]
    public async Task Read_SameKeyTwice_GivesTheLatestOnce()
    {
        using var subscription = _events.Subscribe();

        _events.Publish(new TestEvent("a", 1));
        _events.Publish(new TestEvent("b", 1));
        _events.Publish(new TestEvent("a", 2));

        Assert.Equal([new TestEvent("a", 2), new TestEvent("b", 1)], await ReadNextAsync(subscription));
    }

    [Fact]
    public async Task Publish_NobodyReads_KeepsABoundedNumberAndNeverWaits()
    {
        using var slow = _events.Subscribe();
        using var other = _events.Subscribe();
        for (var i = 0; i < EventSubscription.Capacity; i++)
        {
            _events.Publish(new TestEvent($"{i}", 1));
        }

        Assert.Equal(EventSubscription.Capacity, (await ReadNextAsync(other)).Count);
        _events.Publish(new TestEvent("one too many", 1));
        _events.Publish(new TestEvent("0", 2));

        Assert.Equal(1, _events.Dropped);
        var remaining = await ReadNextAsync(slow);
        Assert.Equal(EventSubscription.Capacity, remaining.Count);
        Assert.Contains(new TestEvent("0", 2), remaining);
        Assert.Equal([new TestEvent("one too many", 1), new TestEvent("0", 2)], await ReadNextAsync(other));
    }

    [Fact]
    public async Task Read_AfterABatch_WaitsForThePace()
    {
        var time = new Support.ManualTime();
        var events = new EventStreamer(time);
        using var subscription = events.Subscribe();
        await using var batches = subscription.ReadAsync(TimeSpan.FromMilliseconds(250), CancellationToken.None).GetAsyncEnumerator();
        events.Publish(new TestEvent("a", 1));
        Assert.True(await batches.MoveNextAsync());

        events.Publish(new TestEvent("a", 2));
        var next = batches.MoveNextAsync();
        Assert.False(next.IsCompleted);
        events.Publish(new TestEvent("a", 3));
        time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.True(await next);
        Assert.Equal([new TestEvent("a", 3)], batches.Current);
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
        _events.Publish(new TestEvent("a", 1));

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

    private static async Task<IReadOnlyCollection<CatalogEvent>> ReadNextAsync(EventSubscription subscription)
    {
        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, CancellationToken.None))
        {
            return batch;
        }

        return [];
    }

    private sealed record TestEvent(string Subject, int Number) : CatalogEvent
    {
        public override string Name => "test.happened";

        internal override string Key => Subject;
    }
}
