using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Metrics;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>The stream of events that the pages live on, for scripts.</summary>
internal static class EventsEndpoints
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    public static void MapEvents(this IEndpointRouteBuilder api) => api
        .MapGet("/events", (EventStreamer events, OpenConnections connections, ConnectionLimits limits, HttpContext http, AuthService auth, ApiKeys keys, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken cancellation) =>
        {
            if (limits.Open(ConnectionKind.EventStream, http) is { } refusal)
            {
                return refusal;
            }

            return TypedResults.ServerSentEvents(ReadAsync(events, connections, http.ToActor(), new RequestRevalidation(http, auth, keys, time), lifetime.ApplicationStopping, cancellation));
        })
        .WithTags("events")
        .RequirePermission(Permission.MediaView);

    private static async IAsyncEnumerable<SseItem<object>> ReadAsync(
        EventStreamer events, OpenConnections connections, Actor actor, RequestRevalidation admission, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var staying = admission;
        using var open = connections.OpenStream();
        using var subscription = events.Subscribe();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, admission.Ended, cancellation);

        // Tells the listener that it hears everything from here on.
        yield return new SseItem<object>(new { }, "connected");
        await foreach (var batch in subscription.ReadAsync(Pace, either.Token))
        {
            foreach (var happened in batch)
            {
                if (happened.IsFor(actor))
                {
                    yield return new SseItem<object>(happened.For(actor), happened.Name);
                }
            }
        }
    }
}
