using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Catalogizer.Domain.Metadata;

/// <summary>
/// The one way to a provider: at its rate, within a time limit, past a breaker, with every answer kept in memory and in the
/// database. While the provider is down, what was kept is served, however old.
/// </summary>
public sealed class ProviderChannel : IDisposable
{
    public const int MostImageBytes = 10 * 1024 * 1024;
    private const int MostBytes = 4 * 1024 * 1024;
    private const int DeepestJson = 32;
    private const int MostTries = 3;
    private const int MostRedirects = 3;

    /// <summary>Up to here a wait that the provider asks for is waited; a longer one is a fault until it is over.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KeptMissing = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Lazy<Task<ProviderAnswer>>> _flights = new(StringComparer.Ordinal);
    private readonly MemoryCache _memory = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });
    private readonly TokenBucketRateLimiter _rate;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly HttpClient _api;
    private readonly HttpClient _images;
    private readonly IProviderAnswers _answers;
    private readonly TimeProvider _time;
    private DateTimeOffset _notBefore;

    public ProviderChannel(ProviderProfile profile, ProviderOptions options, IProviderAnswers answers, TimeProvider time)
    {
        (Profile, Options, _answers, _time) = (profile, options, answers, time);
        BaseAddress = WithSlash(options.BaseAddress ?? profile.BaseAddress);
        ImageBaseAddress = WithSlash(options.ImageBaseAddress ?? profile.ImageBaseAddress);
        _rate = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = 1 + (int)(profile.PerSecond / 4),
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / profile.PerSecond),
            QueueLimit = 2000,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(60),
                BreakDuration = Pause,
                StateProvider = _breaker,
                ShouldHandle = new PredicateBuilder().Handle<ProviderFault>().Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>().Handle<JsonException>(),
            })
            .AddTimeout(Limit)
            .Build();
        _api = Client(options.BaseAddress is not null);
        _images = Client(options.ImageBaseAddress is not null);
    }

    public ProviderProfile Profile { get; }

    public ProviderOptions Options { get; }

    public Uri BaseAddress { get; }

    public Uri ImageBaseAddress { get; }

    /// <summary>Whether it is asked at all.</summary>
    public bool IsOn => (Options.Enabled ?? (Profile.NeedsKey && HasKey)) && (!Profile.NeedsKey || HasKey);

    public CircuitState State => _breaker.CircuitState;

    private bool HasKey => !string.IsNullOrWhiteSpace(Options.ApiKey);

    /// <summary>Adds the owner's key to a request that goes out; keys are in no cache key and no message.</summary>
    public Action<HttpRequestMessage>? Authorize { get; set; }

    public RateLimit GetRateLimit() => new(Profile.PerSecond, _rate.GetStatistics()?.CurrentAvailablePermits ?? 0, _notBefore > _time.GetUtcNow() ? _notBefore : null);

    /// <summary>Asks for JSON; a body of null: the provider has nothing there.</summary>
    /// <param name="path">Below the base address, query included.</param>
    /// <param name="anew">Asks the provider even if what is kept is still good.</param>
    /// <exception cref="ProviderFault">It did not answer, and nothing is kept from before.</exception>
    public async Task<ProviderAnswer> GetAsync(string path, TimeSpan life, bool anew, CancellationToken cancellation)
    {
        var key = $"{Profile.Name}:{path}";
        var kept = await KeptAsync(key, cancellation);
        if (kept is not null && !anew && kept.ExpiresAt > _time.GetUtcNow())
        {
            return kept;
        }

        try
        {
            // Who comes while the same is on its way waits for that one; whoever leaves does not end it for the others.
            var flight = _flights.GetOrAdd(key, _ => new Lazy<Task<ProviderAnswer>>(() => Task.Run(() => FetchAsync(key, path, life))));
            return await flight.Value.WaitAsync(cancellation);
        }
        catch (ProviderFault) when (kept is not null)
        {
            return kept with { IsStale = true };
        }
    }

    /// <summary>Fetches a picture from one of the provider's hosts, or from the address in the settings.</summary>
    /// <returns>Null when there is none, or when it is too large or lies elsewhere.</returns>
    /// <exception cref="ProviderFault">The host did not answer.</exception>
    public async Task<byte[]?> GetImageAsync(string address, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return null;
        }

        return await GuardAsync(
            async token =>
            {
                for (var hops = 0; hops <= MostRedirects && MayFetchImage(uri); hops++)
                {
                    using var answer = await _images.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, token);
                    if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
                    {
                        uri = new Uri(uri, next);
                        continue;
                    }

                    if ((int)answer.StatusCode >= 500)
                    {
                        throw new ProviderFault(string.Create(CultureInfo.InvariantCulture, $"{Profile.Title}'s pictures answered with {(int)answer.StatusCode}."));
                    }

                    return answer.IsSuccessStatusCode ? await BodyAsync(answer, MostImageBytes, token) : null;
                }

                return null;
            },
            cancellation);
    }

    /// <summary>Whether a picture may be fetched from there.</summary>
    public bool MayFetchImage(Uri uri)
    {
        if (Options.ImageBaseAddress is not null)
        {
            return uri.Scheme == ImageBaseAddress.Scheme && uri.Authority == ImageBaseAddress.Authority && uri.UserInfo.Length == 0;
        }

        return uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
            && Profile.ImageHosts.Any(host => host[0] == '.' ? uri.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase) : uri.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose()
    {
        _api.Dispose();
        _images.Dispose();
        _rate.Dispose();
        _memory.Dispose();
    }

    private async Task<ProviderAnswer?> KeptAsync(string key, CancellationToken cancellation)
    {
        if (_memory.TryGetValue(key, out ProviderAnswer? kept))
        {
            return kept;
        }

        kept = await _answers.FindAsync(key, cancellation);
        if (kept is not null)
        {
            Remember(key, kept);
        }

        return kept;
    }

    private void Remember(string key, ProviderAnswer answer) =>
        _memory.Set(key, answer, new MemoryCacheEntryOptions { Size = 200 + (2L * (key.Length + (answer.Body?.Length ?? 0))) });

    private async Task<ProviderAnswer> FetchAsync(string key, string path, TimeSpan life)
    {
        try
        {
            var body = await SendAsync(path);
            var now = _time.GetUtcNow();
            var answer = new ProviderAnswer(body, now, now + (body is null ? KeptMissing : life), false);
            Remember(key, answer);
            await _answers.KeepAsync(key, answer, CancellationToken.None);
            return answer;
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }

    private async Task<string?> SendAsync(string path)
    {
        for (var tries = 1; ; tries++)
        {
            if (_notBefore > _time.GetUtcNow())
            {
                throw new ProviderFault($"{Profile.Title} asked for a pause.");
            }

            using var turn = await _rate.AcquireAsync(1);
            if (!turn.IsAcquired)
            {
                throw new ProviderFault($"Too much waits for {Profile.Title}.");
            }

            var (body, wait) = await GuardAsync(token => OnceAsync(path, token), CancellationToken.None);
            if (wait is not { } pause)
            {
                return body;
            }

            if (pause > LongestWait || tries == MostTries)
            {
                _notBefore = _time.GetUtcNow() + pause;
                throw new ProviderFault($"{Profile.Title} asked for a pause.");
            }

            await Task.Delay(pause, _time);
        }
    }

    private async Task<(string? Body, TimeSpan? Wait)> OnceAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(BaseAddress, path));
        request.Headers.Accept.ParseAdd("application/json");
        Authorize?.Invoke(request);
        using var answer = await _api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.TooManyRequests:
            case HttpStatusCode.ServiceUnavailable when answer.Headers.RetryAfter is not null:
                return (null, RetryAfter(answer));
            case HttpStatusCode.NotFound:
                return (null, null);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw new ProviderFault($"{Profile.Title} refuses the key in Catalogizer:Metadata:{Profile.Name}:ApiKey.");
            case not HttpStatusCode.OK:
                throw new ProviderFault(string.Create(CultureInfo.InvariantCulture, $"{Profile.Title} answered with {(int)answer.StatusCode}."));
        }

        var bytes = await BodyAsync(answer, MostBytes, cancellation) ?? throw new ProviderFault($"{Profile.Title} sent more than is read.");
        using (JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DeepestJson }))
        {
            return (System.Text.Encoding.UTF8.GetString(bytes), null);
        }
    }

    private TimeSpan RetryAfter(HttpResponseMessage answer)
    {
        var after = answer.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date - _time.GetUtcNow()) ?? TimeSpan.FromSeconds(1);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : wait;
    }

    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await call(token), cancellation);
        }
        catch (BrokenCircuitException)
        {
            throw new ProviderFault($"{Profile.Title} failed several times and is left in peace for a minute.");
        }
        catch (TimeoutRejectedException exception)
        {
            throw new ProviderFault($"{Profile.Title} did not answer within 30 seconds.", exception);
        }
        catch (JsonException exception)
        {
            throw new ProviderFault($"{Profile.Title} sent what cannot be read.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ProviderFault($"{Profile.Title} cannot be reached.", exception);
        }
    }

    private static async Task<byte[]?> BodyAsync(HttpResponseMessage answer, int most, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentLength > most)
        {
            return null;
        }

        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (body.Length + read > most)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    /// <param name="trusted">Whether an admin chose the address, which may then be one of the own network.</param>
    private static HttpClient Client(bool trusted)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = 10,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
        };
        if (!trusted)
        {
            handler.UseProxy = true;
            handler.ConnectCallback = ConnectToPublicAsync;
        }

        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Catalogizer/1.0 (self-hosted media catalogue)");
        return client;
    }

    private static async ValueTask<Stream> ConnectToPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var allowed = addresses.Where(IsPublic).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException("The name leads to an address that is not public.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool IsPublic(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal || address.Equals(IPAddress.IPv6Any))
        {
            return false;
        }

        return address.AddressFamily != AddressFamily.InterNetwork || address.GetAddressBytes() is not ([0 or 10 or 127, ..] or [100, >= 64 and <= 127, ..] or [169, 254, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [198, 18 or 19, ..] or [>= 224, ..]);
    }

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}

/// <summary>What a provider answered.</summary>
/// <param name="Body">JSON; null: it has nothing there.</param>
/// <param name="IsStale">Whether it is past its time and the provider could not be asked.</param>
public sealed record ProviderAnswer(string? Body, DateTimeOffset FetchedAt, DateTimeOffset ExpiresAt, bool IsStale)
{
    public JsonElement? Json()
    {
        if (Body is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }
}

/// <summary>Keeps providers' answers over restarts.</summary>
public interface IProviderAnswers
{
    Task<ProviderAnswer?> FindAsync(string key, CancellationToken cancellation);

    Task KeepAsync(string key, ProviderAnswer answer, CancellationToken cancellation);
}
