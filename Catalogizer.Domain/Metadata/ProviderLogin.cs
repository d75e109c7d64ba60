using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Catalogizer.Domain.Metadata;

/// <summary>Logs in with the owner's key to get a provider's token, and caches it until shortly before it expires.</summary>
/// <param name="createRequest">Creates the login request.</param>
/// <param name="parseToken">Reads the token and its lifetime from the response; null when there is none.</param>
public sealed class ProviderLogin(string title, Func<HttpRequestMessage> createRequest, Func<JsonElement, (string Token, TimeSpan Life)?> parseToken, TimeProvider time) : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _lock = new(1);
    private (string Token, DateTimeOffset Until)? _cached;

    public void DiscardToken() => _cached = null;

    public void Dispose() => _lock.Dispose();

    /// <exception cref="ProviderException">The key was rejected, or the response is not usable.</exception>
    internal async Task<string> GetTokenAsync(HttpClient client, CallRateLimiter.Slot slot, CancellationToken cancellation)
    {
        await _lock.WaitAsync(cancellation);
        try
        {
            if (_cached is { } cached && cached.Until > time.GetUtcNow())
            {
                return cached.Token;
            }

            using var message = createRequest();
            await slot.WaitBeforeCallAsync(cancellation);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                throw new ProviderException($"{title} refuses the key that is set for it.") { IsKeyRejected = true };
            }

            if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentLength > MaxBytes)
            {
                throw new ProviderException(string.Create(CultureInfo.InvariantCulture, $"{title}'s login answered with {(int)response.StatusCode}."));
            }

            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellation);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            var (token, lifetime) = parseToken(body.RootElement) ?? throw new ProviderException($"{title}'s login gave no token.");
            _cached = (token, time.GetUtcNow() + lifetime - ExpiryMargin);
            return token;
        }
        finally
        {
            _lock.Release();
        }
    }
}
