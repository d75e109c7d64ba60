using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>The stream of the events that also update the pages.</summary>
internal static class EventsEndpoints
{
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(250);

    public static void MapEvents(this IEndpointRouteBuilder api) => api
        .MapGet("/events", (EventStreamer events, OpenConnections connections, ConnectionLimits limits, HttpContext http, AuthService auth, ApiKeys keys, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken cancellation) =>
        {
            if (limits.Open(ConnectionKind.EventStream, http) is { } rejection)
            {
                return rejection;
            }

            return TypedResults.ServerSentEvents(StreamAsync(events, connections, http.ToActor(), new RequestRevalidation(http, auth, keys, time), lifetime.ApplicationStopping, cancellation));
        })
        .WithTags("events")
        .RequirePermission(Permission.MediaView);

    private static async IAsyncEnumerable<SseItem<object>> StreamAsync(
        EventStreamer events, OpenConnections connections, Actor actor, RequestRevalidation revalidation, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var owned = revalidation;
        using var open = connections.OpenStream();
        using var subscription = events.Subscribe();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping, revalidation.Ended, cancellation);

        // Tells the client that it receives every event from here on.
        yield return new SseItem<object>(new { }, "connected");
        await foreach (var batch in subscription.ReadAsync(BatchInterval, linked.Token))
        {
            foreach (var catalogEvent in batch)
            {
                if (catalogEvent.IsVisibleTo(actor))
                {
                    yield return new SseItem<object>(catalogEvent.ForReader(actor), catalogEvent.Name);
                }
            }
        }
    }
}
