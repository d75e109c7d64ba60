using System.Globalization;
using System.Net;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Catalogizer.Domain.Metadata;

/// <summary>Settings of a provider; what an admin sets on the page overrides the configuration.</summary>
public sealed record ProviderConfiguration(bool? Enabled, string? ApiKey, string Language, Uri? BaseAddress, Uri? ImageBaseAddress);

/// <summary>
/// Makes all calls to a provider: rate limited, with a time limit and a circuit breaker, and caches every response. While the provider
/// is down, cached responses are returned, however old.
/// </summary>
public sealed class ProviderChannel : IDisposable
{
    public const int MaxImageBytes = 10 * 1024 * 1024;
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxErrorBytes = 4 * 1024;
    private const int MaxJsonDepth = 32;
    private const int MaxAttempts = 3;
    private const int MaxRedirects = 3;

    /// <summary>Longest requested pause that a call waits for; during a longer one, calls fail.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CircuitBreakDuration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan NotFoundLifetime = TimeSpan.FromDays(1);

    private readonly CallRateLimiter _rateLimiter;
    private readonly CircuitBreakerManualControl _breaker = new();
    private readonly CallOutcomes _outcomes;
    private readonly ResiliencePipeline _pipeline;
    private readonly ProviderHttpClients _http;
    private readonly ProviderResponseCache _cache;
    private readonly TimeProvider _time;
    private ProviderConfiguration _configuration;

    /// <param name="changed">Called with the new outcome after each change.</param>
    internal ProviderChannel(ProviderProfile profile, ProviderConfiguration configuration, ProviderHttpClients http, ProviderResponseCache cache, TimeProvider time, Action<ProviderOutcome> changed)
    {
        (Profile, _http, _cache, _time, _configuration, _outcomes) = (profile, http, cache, time, TrimKey(configuration), new CallOutcomes(time, changed));
        _rateLimiter = new CallRateLimiter(profile.CallsPerSecond, time);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(60),
                BreakDuration = CircuitBreakDuration,
                ManualControl = _breaker,
                OnOpened = opened =>
                {
                    _outcomes.RecordCircuitOpened(_time.GetUtcNow() + opened.BreakDuration);
                    return default;
                },
                ShouldHandle = new PredicateBuilder().Handle<ProviderException>(f => !f.IsKeyRejected).Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>().Handle<JsonException>(),
            })
            .AddTimeout(CallTimeout)
            .Build();
    }

    public ProviderProfile Profile { get; }

    public string Language => _configuration.Language;

    public string ApiKey => _configuration.ApiKey ?? "";

    public Uri BaseAddress => EnsureTrailingSlash(_configuration.BaseAddress ?? Profile.BaseAddress);

    public Uri ImageBaseAddress => EnsureTrailingSlash(_configuration.ImageBaseAddress ?? Profile.ImageBaseAddress);

    /// <summary>Adds the owner's key to an outgoing request; keys are never part of a cache key or a message.</summary>
    public Action<HttpRequestMessage>? Authorize { get; set; }

    /// <summary>Gets the token for calls, where the provider requires a login.</summary>
    public ProviderLogin? Login { get; set; }

    /// <summary>Whether a rejection with this text is for an exceeded quota and not for the key.</summary>
    public Func<string, bool>? IsQuotaMessage { get; set; }

    public ProviderStatus Status
    {
        get
        {
            var outcome = _outcomes.Current;
            ProviderState? off = _configuration switch
            {
                { Enabled: false } => ProviderState.Off,
                { ApiKey: null } when Profile.NeedsKey => ProviderState.NoKey,
                { Enabled: null } when !Profile.NeedsKey => ProviderState.Off,
                _ => null,
            };
            var status = new ProviderStatus(outcome.State, GetRateLimit(), outcome.RetryAt, outcome.LastError, outcome.FailingSince, outcome.AnsweredAt, outcome.FailedAt);
            return off is { } state ? status with { State = state, RetryAt = null, FailingSince = null } : status;
        }
    }

    public RateLimit GetRateLimit() => new(Profile.CallsPerSecond, _rateLimiter.AvailableSlots, _outcomes.PausedUntil);

    /// <summary>Applies other settings and discards the state that belongs to the previous key.</summary>
    public void Reconfigure(ProviderConfiguration configuration)
    {
        _configuration = TrimKey(configuration);
        _ = _breaker.CloseAsync(CancellationToken.None);
        _outcomes.Reset();
        Login?.DiscardToken();
    }

    /// <summary>Requests JSON; the body is null when the provider has no such entry.</summary>
    /// <param name="path">Relative to the base address, including the query.</param>
    /// <param name="forceRefresh">Calls the provider even if the cached response is still valid.</param>
    /// <exception cref="ProviderException">The call failed and there is no cached response.</exception>
    public Task<ProviderResponse> GetAsync(string path, TimeSpan lifetime, bool forceRefresh, CancellationToken cancellation) => _cache.GetAsync(
        $"{Profile.Name}:{path}",
        forceRefresh,
        async () =>
        {
            var body = await SendAsync(path);
            var now = _time.GetUtcNow();
            return new ProviderResponse(body, now, now + (body is null ? NotFoundLifetime : lifetime), false);
        },
        cancellation);

    /// <summary>Makes a small call past every cache and the circuit breaker, to test the key and the connection.</summary>
    /// <exception cref="ProviderException">The key is rejected, or the provider does not respond.</exception>
    public async Task TestAsync(CancellationToken cancellation)
    {
        await _breaker.CloseAsync(cancellation);
        _outcomes.AllowRetry();
        Login?.DiscardToken();
        await SendAsync(Profile.ProbePath).WaitAsync(cancellation);
    }

    /// <summary>Like <see cref="TestAsync"/>, but a pause or the circuit breaker can prevent the call.</summary>
    /// <exception cref="ProviderException">The key is rejected, the provider does not respond, or the call is prevented.</exception>
    internal Task RetryAsync(CancellationToken cancellation) => SendAsync(Profile.ProbePath).WaitAsync(cancellation);

    /// <summary>Downloads an image from one of the provider's hosts, or from the address in the settings.</summary>
    /// <returns>Null when there is none, it is too large, or its host is not allowed.</returns>
    /// <exception cref="ProviderException">The image could not be downloaded.</exception>
    public async Task<byte[]?> GetImageAsync(string address, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return null;
        }

        return await ExecuteAsync(
            async token =>
            {
                for (var hops = 0; hops <= MaxRedirects && CanFetchImage(uri); hops++)
                {
                    using var response = await _http.For(_configuration.ImageBaseAddress is not null).GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, token);
                    if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } next)
                    {
                        uri = UseHttps(new Uri(uri, next));
                        continue;
                    }

                    if ((int)response.StatusCode >= 500)
                    {
                        throw new ProviderException(string.Create(CultureInfo.InvariantCulture, $"{Profile.Title}'s pictures answered with {(int)response.StatusCode}."));
                    }

                    return response.IsSuccessStatusCode ? await ReadBodyAsync(response, MaxImageBytes, token) : null;
                }

                return null;
            },
            isApi: false,
            cancellation);
    }

    /// <summary>Whether images may be downloaded from this URL.</summary>
    public bool CanFetchImage(Uri uri)
    {
        if (_configuration.ImageBaseAddress is not null)
        {
            return uri.Scheme == ImageBaseAddress.Scheme && uri.Authority == ImageBaseAddress.Authority && uri.UserInfo.Length == 0;
        }

        return uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
            && Profile.ImageHosts.Any(host => host[0] == '.' ? uri.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase) : uri.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose() => Login?.Dispose();

    private async Task<string?> SendAsync(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_outcomes.PausedUntil is { } resumes)
            {
                throw new ProviderException(string.Create(CultureInfo.InvariantCulture, $"{Profile.Title} asked for a pause until {resumes:HH:mm} UTC."));
            }

            if (_outcomes.IsKeyRejected)
            {
                throw CreateKeyRejection();
            }

            var (body, wait) = await SendRateLimitedAsync(path);
            if (wait is not { } pause)
            {
                return body;
            }

            if (pause > MaxWait || attempt == MaxAttempts)
            {
                _outcomes.RecordRateLimit(pause);
                throw new ProviderException($"{Profile.Title} asked for a pause.");
            }

            await Task.Delay(pause, _time);
        }
    }

    private async Task<(string? Body, TimeSpan? Wait)> SendRateLimitedAsync(string path)
    {
        using var slot = await _rateLimiter.AcquireAsync() ?? throw new ProviderException($"Too much waits for {Profile.Title}.");
        return await ExecuteAsync(token => SendOnceAsync(path, slot, token), isApi: true, CancellationToken.None);
    }

    private async Task<(string? Body, TimeSpan? Wait)> SendOnceAsync(string path, CallRateLimiter.Slot slot, CancellationToken cancellation)
    {
        var client = _http.For(_configuration.BaseAddress is not null);
        for (var isSecond = false; ; isSecond = true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(BaseAddress, path));
            request.Headers.Accept.ParseAdd("application/json");
            Authorize?.Invoke(request);
            if (Login is not null)
            {
                request.Headers.Authorization = new("Bearer", await Login.GetTokenAsync(client, slot, cancellation));
            }

            await slot.WaitBeforeCallAsync(cancellation);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode == HttpStatusCode.Unauthorized && Login is not null && !isSecond)
            {
                Login.DiscardToken();    // the token may have expired early
                continue;
            }

            return await ReadResponseAsync(response, cancellation);
        }
    }

    private async Task<(string? Body, TimeSpan? Wait)> ReadResponseAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.TooManyRequests:
            case HttpStatusCode.ServiceUnavailable when response.Headers.RetryAfter is not null:
                return (null, GetRetryDelay(response));
            case HttpStatusCode.NotFound:
                return (null, null);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when Profile.NeedsKey:
                return IsQuotaMessage is not null && await ReadBodyAsync(response, MaxErrorBytes, cancellation) is { } words && IsQuotaMessage(System.Text.Encoding.UTF8.GetString(words))
                    ? (null, MaxPause)
                    : throw CreateKeyRejection();
            case not HttpStatusCode.OK:
                throw new ProviderException(string.Create(CultureInfo.InvariantCulture, $"{Profile.Title} answered with {(int)response.StatusCode}."));
        }

        var bytes = await ReadBodyAsync(response, MaxBytes, cancellation) ?? throw new ProviderException($"{Profile.Title} sent more than is read.");
        using (JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxJsonDepth }))
        {
            return (System.Text.Encoding.UTF8.GetString(bytes), null);
        }
    }

    private ProviderException CreateKeyRejection() => new($"{Profile.Title} refuses the key that is set for it.") { IsKeyRejected = true };

    private TimeSpan GetRetryDelay(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date - _time.GetUtcNow()) ?? TimeSpan.FromSeconds(1);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > MaxPause ? MaxPause : wait;
    }

    /// <param name="isApi">False for images: they come from other hosts without the key, and do not show the provider's state.</param>
    private async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, bool isApi, CancellationToken cancellation)
    {
        try
        {
            var response = await _pipeline.ExecuteAsync(async token => await call(token), cancellation);
            if (isApi)
            {
                _outcomes.RecordSuccess();
            }

            return response;
        }
        catch (Exception exception) when (MapException(exception) is { } providerException)
        {
            if (isApi && exception is not BrokenCircuitException)
            {
                _outcomes.RecordFailure(providerException);
            }

            throw providerException;
        }
    }

    private ProviderException? MapException(Exception exception) => exception switch
    {
        ProviderException providerException => providerException,
        BrokenCircuitException => new ProviderException($"{Profile.Title} failed several times and is left in peace for a minute."),
        TimeoutRejectedException => new ProviderException($"{Profile.Title} did not answer within 30 seconds.", exception),
        JsonException => new ProviderException($"{Profile.Title} sent what cannot be read.", exception),
        HttpRequestException or IOException => new ProviderException($"{Profile.Title} cannot be reached.", exception),
        _ => null,
    };

    private static async Task<byte[]?> ReadBodyAsync(HttpResponseMessage response, int max, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > max)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (body.Length + read > max)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>Keeps a redirect to HTTP on HTTPS, unless the address of images is set in the settings.</summary>
    private Uri UseHttps(Uri uri) => _configuration.ImageBaseAddress is null && uri is { Scheme: "http", IsDefaultPort: true } ? new UriBuilder(uri) { Scheme = "https", Port = -1 }.Uri : uri;

    private static ProviderConfiguration TrimKey(ProviderConfiguration configuration) => configuration with { ApiKey = string.IsNullOrWhiteSpace(configuration.ApiKey) ? null : configuration.ApiKey.Trim() };

    private static Uri EnsureTrailingSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
