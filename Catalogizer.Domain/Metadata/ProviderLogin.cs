using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Catalogizer.Domain.Metadata;

/// <summary>Gets the token that a provider wants to see, with the owner's key, and keeps it until shortly before it ends.</summary>
/// <param name="request">Makes the request that logs in.</param>
/// <param name="read">The token in the answer and how long it is good for; null when there is none.</param>
public sealed class ProviderLogin(string title, Func<HttpRequestMessage> request, Func<JsonElement, (string Token, TimeSpan Life)?> read, TimeProvider time) : IDisposable
{
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private (string Token, DateTimeOffset Until)? _kept;

    public void Forget() => _kept = null;

    public void Dispose() => _turn.Dispose();

    /// <exception cref="ProviderFault">The key was refused, or nothing of use came back.</exception>
    internal async Task<string> TokenAsync(HttpClient client, CallPace.Place place, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_kept is { } kept && kept.Until > time.GetUtcNow())
            {
                return kept.Token;
            }

            using var asked = request();
            await place.CallAsync(cancellation);
            using var answer = await client.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                throw new ProviderFault($"{title} refuses the key that is set for it.") { IsRefusal = true };
            }

            if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentLength > MostBytes)
            {
                throw new ProviderFault(string.Create(CultureInfo.InvariantCulture, $"{title}'s login answered with {(int)answer.StatusCode}."));
            }

            await answer.Content.LoadIntoBufferAsync(MostBytes, cancellation);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
            var (token, life) = read(body.RootElement) ?? throw new ProviderFault($"{title}'s login gave no token.");
            _kept = (token, time.GetUtcNow() + life - Margin);
            return token;
        }
        finally
        {
            _turn.Release();
        }
    }
}
