using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Catalogizer.Domain.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Posts alerts to the URL in the settings, and only there: redirects are not followed.</summary>
internal sealed class AlertWebhook(IOptions<AlertOptions> options, EventStreamer events, TimeProvider time, ILogger<AlertWebhook> logger) : BackgroundService
{
    public const string SignatureHeader = "X-Catalogizer-Signature";

    private const int MaxAttempts = 3;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private EventSubscription? _subscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = options.Value.WebhookUrl is null ? null : events.Subscribe(e => e is SourceAlert or HealthAlert, isInternal: true);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.WebhookUrl is not { } address || _subscription is null)
        {
            return;
        }

        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { Timeout = RequestTimeout, MaxResponseContentBufferSize = 64 * 1024 };
        await foreach (var batch in _subscription.ReadAsync(TimeSpan.Zero, stoppingToken))
        {
            foreach (var alert in batch)
            {
                await SendAsync(client, address, alert, stoppingToken);
            }
        }
    }

    private async Task SendAsync(HttpClient client, Uri address, CatalogEvent alert, CancellationToken cancellation)
    {
        var body = alert switch
        {
            SourceAlert source => ToJson(new { Event = alert.Name, At = time.GetUtcNow(), source.SourceId, source.Source, IsAway = source.IsOffline, source.Why }),
            HealthAlert health => ToJson(new { Event = alert.Name, At = time.GetUtcNow(), health.Check, health.Title, health.Ok, health.Message }),
            _ => throw new ArgumentOutOfRangeException(nameof(alert), alert.Name, "No such alert is posted."),
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = Sign(new HttpRequestMessage(HttpMethod.Post, address), body);
                using var response = await client.SendAsync(request, cancellation);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                logger.LogWarning("The webhook answered an alert with {Status}", (int)response.StatusCode);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                logger.LogWarning("The webhook could not be told of an alert: {Why}", exception.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (attempt == MaxAttempts)
            {
                return;
            }

            await Task.Delay(RetryDelay, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static byte[] ToJson<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web);

    private HttpRequestMessage Sign(HttpRequestMessage request, byte[] body)
    {
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (options.Value.WebhookSecret is { Length: > 0 } secret)
        {
            request.Headers.Add(SignatureHeader, $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}");
        }

        return request;
    }
}
