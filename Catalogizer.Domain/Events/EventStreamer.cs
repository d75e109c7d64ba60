using System.Collections.Immutable;

namespace Catalogizer.Domain.Events;

/// <summary>
/// The in-process event bus. Publishing never waits: each subscription has a bounded set of pending events, in which an event replaces an older
/// one with the same key, so that a slow page never slows down a scan.
/// </summary>
public sealed class EventStreamer(TimeProvider time)
{
    private ImmutableArray<EventSubscription> _subscriptions = [];
    private long _dropped;
    private long _published;

    /// <summary>Number of open subscriptions.</summary>
    public int Subscribers => _subscriptions.Length;

    /// <summary>Number of events dropped because a subscription had too many pending.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Number of events since the start: while it stays the same, nothing has happened.</summary>
    public long Published => Interlocked.Read(ref _published);

    public void Publish(CatalogEvent catalogEvent)
    {
        Interlocked.Increment(ref _published);
        foreach (var subscription in _subscriptions)
        {
            if (!subscription.TryEnqueue(catalogEvent))
            {
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    /// <summary>Whether a page or a script would receive the event.</summary>
    internal bool HasExternalSubscriber(CatalogEvent catalogEvent) => _subscriptions.Any(s => !s.IsInternal && s.Accepts(catalogEvent));

    /// <summary>Opens a subscription; dispose it to end it.</summary>
    /// <param name="filter">Selects the events to receive; null for all. Runs on the publisher's thread. A rejected event does not wake the reader.</param>
    /// <param name="isInternal">Whether the subscriber is the program itself, not a page or a script.</param>
    public EventSubscription Subscribe(Func<CatalogEvent, bool>? filter = null, bool isInternal = false)
    {
        var subscription = new EventSubscription(time, Remove, filter) { IsInternal = isInternal };
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Add(subscription));
        return subscription;
    }

    private void Remove(EventSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Remove(subscription));
}
