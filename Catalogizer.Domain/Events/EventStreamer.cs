using System.Collections.Immutable;

namespace Catalogizer.Domain.Events;

/// <summary>
/// The in-process event bus. Publishing never waits: each subscription keeps a bounded set of pending events in which
/// events of the same key replace each other, so that a slow page never slows a scan.
/// </summary>
public sealed class EventStreamer(TimeProvider time)
{
    private ImmutableArray<EventSubscription> _subscriptions = [];
    private long _dropped;
    private long _published;

    /// <summary>Subscriptions that are open now.</summary>
    public int Subscribers => _subscriptions.Length;

    /// <summary>Events that were given up because a reader had too many waiting.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Events since the start: as long as it is the same, nothing has happened.</summary>
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

    /// <summary>Whether a page or a script would hear it.</summary>
    internal bool HasExternalSubscriber(CatalogEvent catalogEvent) => _subscriptions.Any(s => !s.IsInternal && s.Accepts(catalogEvent));

    /// <summary>Opens a subscription; dispose it to end it.</summary>
    /// <param name="filter">Which events it hears, asked on the publisher's thread; all unless given. What it does not hear costs it no turn.</param>
    /// <param name="isInternal">Whether it is the program itself that listens, and nobody outside.</param>
    public EventSubscription Subscribe(Func<CatalogEvent, bool>? filter = null, bool isInternal = false)
    {
        var subscription = new EventSubscription(time, Remove, filter) { IsInternal = isInternal };
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Add(subscription));
        return subscription;
    }

    private void Remove(EventSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Remove(subscription));
}
