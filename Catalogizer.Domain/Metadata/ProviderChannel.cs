using System.Globalization;
using System.Net;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Catalogizer.Domain.Metadata;

/// <summary>What an admin set for a provider, the page's word above the settings'.</summary>
public sealed record ProviderSetup(bool? Enabled, string? ApiKey, string Language, Uri? BaseAddress, Uri? ImageBaseAddress);

/// <summary>
/// The one way to a provider: at its rate, within a time limit, past a breaker, with every answer kept. While the provider is
/// down, what was kept is served, however old.
/// </summary>
public sealed class ProviderChannel : IDisposable
{
    public const int MostImageBytes = 10 * 1024 * 1024;
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostFaultBytes = 4 * 1024;
    private const int DeepestJson = 32;
    private const int MostTries = 3;
    private const int MostRedirects = 3;

    /// <summary>Up to here a wait that the provider asks for is waited; a longer one is a fault until it is over.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KeptMissing = TimeSpan.FromDays(1);

    private readonly CallPace _pace;
    private readonly CircuitBreakerManualControl _breaker = new();
    private readonly CallOutcomes _outcomes;
    private readonly ResiliencePipeline _pipeline;
    private readonly ProviderHttp _http;
    private readonly AnswerCache _cache;
    private readonly TimeProvider _time;
    private ProviderSetup _setup;

    /// <param name="changed">Called with what became of the calls after each change of it.</param>
    internal ProviderChannel(ProviderProfile profile, ProviderSetup setup, ProviderHttp http, AnswerCache cache, TimeProvider time, Action<ProviderOutcome> changed)
    {
        (Profile, _http, _cache, _time, _setup, _outcomes) = (profile, http, cache, time, Trimmed(setup), new CallOutcomes(time, changed));
        _pace = new CallPace(profile.PerSecond, time);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(60),
                BreakDuration = Pause,
                ManualControl = _breaker,
                OnOpened = opened =>
                {
                    _outcomes.Opened(_time.GetUtcNow() + opened.BreakDuration);
                    return default;
                },
                ShouldHandle = new PredicateBuilder().Handle<ProviderFault>(f => !f.IsRefusal).Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>().Handle<JsonException>(),
            })
            .AddTimeout(Limit)
            .Build();
    }

    public ProviderProfile Profile { get; }

    public string Language => _setup.Language;

    public string ApiKey => _setup.ApiKey ?? "";

    public Uri BaseAddress => WithSlash(_setup.BaseAddress ?? Profile.BaseAddress);

    public Uri ImageBaseAddress => WithSlash(_setup.ImageBaseAddress ?? Profile.ImageBaseAddress);

    /// <summary>Adds the owner's key to a request that goes out; keys are in no cache key and no message.</summary>
    public Action<HttpRequestMessage>? Authorize { get; set; }

    /// <summary>Gets the token that calls carry, where the provider wants a login first.</summary>
    public ProviderLogin? Login { get; set; }

    /// <summary>Whether a refusal in these words is one for having asked too often, not for the key.</summary>
    public Func<string, bool>? TellsOfQuota { get; set; }

    public ProviderStanding Standing
    {
        get
        {
            var outcome = _outcomes.Now;
            ProviderState? off = _setup switch
            {
                { Enabled: false } => ProviderState.Off,
                { ApiKey: null } when Profile.NeedsKey => ProviderState.NoKey,
                { Enabled: null } when !Profile.NeedsKey => ProviderState.Off,
                _ => null,
            };
            var standing = new ProviderStanding(outcome.State, GetRateLimit(), outcome.Until, outcome.LastFault, outcome.TroubledSince, outcome.AnsweredAt, outcome.FailedAt);
            return off is { } state ? standing with { State = state, Until = null, TroubledSince = null } : standing;
        }
    }

    public RateLimit GetRateLimit() => new(Profile.PerSecond, _pace.Free, _outcomes.PausedUntil);

    /// <summary>Takes other settings over; what the provider thought of the former key is forgotten.</summary>
    public void Use(ProviderSetup setup)
    {
        _setup = Trimmed(setup);
        _ = _breaker.CloseAsync(CancellationToken.None);
        _outcomes.Forget();
        Login?.Forget();
    }

    /// <summary>Asks for JSON; a body of null: the provider has nothing there.</summary>
    /// <param name="path">Below the base address, query included.</param>
    /// <param name="anew">Asks the provider even if what is kept is still good.</param>
    /// <exception cref="ProviderFault">It did not answer, and nothing is kept from before.</exception>
    public Task<ProviderAnswer> GetAsync(string path, TimeSpan life, bool anew, CancellationToken cancellation) => _cache.GetAsync(
        $"{Profile.Name}:{path}",
        anew,
        async () =>
        {
            var body = await SendAsync(path);
            var now = _time.GetUtcNow();
            return new ProviderAnswer(body, now, now + (body is null ? KeptMissing : life), false);
        },
        cancellation);

    /// <summary>Asks something small, past every cache and the breaker, to see whether the key is right and the provider answers.</summary>
    /// <exception cref="ProviderFault">It is not, or it does not.</exception>
    public async Task TryAsync(CancellationToken cancellation)
    {
        await _breaker.CloseAsync(cancellation);
        _outcomes.LetTry();
        Login?.Forget();
        await SendAsync(Profile.TrialPath).WaitAsync(cancellation);
    }

    /// <summary>The same, unless a pause or the breaker keeps it from being asked.</summary>
    /// <exception cref="ProviderFault">The key is not right, or it does not answer.</exception>
    internal Task RetryAsync(CancellationToken cancellation) => SendAsync(Profile.TrialPath).WaitAsync(cancellation);

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
                    using var answer = await _http.For(_setup.ImageBaseAddress is not null).GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, token);
                    if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } next)
                    {
                        uri = Secured(new Uri(uri, next));
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
            isApi: false,
            cancellation);
    }

    /// <summary>Whether a picture may be fetched from there.</summary>
    public bool MayFetchImage(Uri uri)
    {
        if (_setup.ImageBaseAddress is not null)
        {
            return uri.Scheme == ImageBaseAddress.Scheme && uri.Authority == ImageBaseAddress.Authority && uri.UserInfo.Length == 0;
        }

        return uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
            && Profile.ImageHosts.Any(host => host[0] == '.' ? uri.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase) : uri.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose() => Login?.Dispose();

    private async Task<string?> SendAsync(string path)
    {
        for (var tries = 1; ; tries++)
        {
            if (_outcomes.PausedUntil is { } resumes)
            {
                throw new ProviderFault(string.Create(CultureInfo.InvariantCulture, $"{Profile.Title} asked for a pause until {resumes:HH:mm} UTC."));
            }

            if (_outcomes.IsRefused)
            {
                throw Refusal();
            }

            var (body, wait) = await InTurnAsync(path);
            if (wait is not { } pause)
            {
                return body;
            }

            if (pause > LongestWait || tries == MostTries)
            {
                _outcomes.Pause(pause);
                throw new ProviderFault($"{Profile.Title} asked for a pause.");
            }

            await Task.Delay(pause, _time);
        }
    }

    private async Task<(string? Body, TimeSpan? Wait)> InTurnAsync(string path)
    {
        using var place = await _pace.EnterAsync() ?? throw new ProviderFault($"Too much waits for {Profile.Title}.");
        return await GuardAsync(token => OnceAsync(path, place, token), isApi: true, CancellationToken.None);
    }

    private async Task<(string? Body, TimeSpan? Wait)> OnceAsync(string path, CallPace.Place place, CancellationToken cancellation)
    {
        var client = _http.For(_setup.BaseAddress is not null);
        for (var isSecond = false; ; isSecond = true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(BaseAddress, path));
            request.Headers.Accept.ParseAdd("application/json");
            Authorize?.Invoke(request);
            if (Login is not null)
            {
                request.Headers.Authorization = new("Bearer", await Login.TokenAsync(client, place, cancellation));
            }

            await place.CallAsync(cancellation);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.StatusCode == HttpStatusCode.Unauthorized && Login is not null && !isSecond)
            {
                Login.Forget();    // the token may be over before its time
                continue;
            }

            return await ReadAsync(answer, cancellation);
        }
    }

    private async Task<(string? Body, TimeSpan? Wait)> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.TooManyRequests:
            case HttpStatusCode.ServiceUnavailable when answer.Headers.RetryAfter is not null:
                return (null, RetryAfter(answer));
            case HttpStatusCode.NotFound:
                return (null, null);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when Profile.NeedsKey:
                return TellsOfQuota is not null && await BodyAsync(answer, MostFaultBytes, cancellation) is { } words && TellsOfQuota(System.Text.Encoding.UTF8.GetString(words))
                    ? (null, LongestPause)
                    : throw Refusal();
            case not HttpStatusCode.OK:
                throw new ProviderFault(string.Create(CultureInfo.InvariantCulture, $"{Profile.Title} answered with {(int)answer.StatusCode}."));
        }

        var bytes = await BodyAsync(answer, MostBytes, cancellation) ?? throw new ProviderFault($"{Profile.Title} sent more than is read.");
        using (JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DeepestJson }))
        {
            return (System.Text.Encoding.UTF8.GetString(bytes), null);
        }
    }

    private ProviderFault Refusal() => new($"{Profile.Title} refuses the key that is set for it.") { IsRefusal = true };

    private TimeSpan RetryAfter(HttpResponseMessage answer)
    {
        var after = answer.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date - _time.GetUtcNow()) ?? TimeSpan.FromSeconds(1);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestPause ? LongestPause : wait;
    }

    /// <param name="isApi">Pictures come from other hosts without the key, and say nothing of the provider.</param>
    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> call, bool isApi, CancellationToken cancellation)
    {
        try
        {
            var answer = await _pipeline.ExecuteAsync(async token => await call(token), cancellation);
            if (isApi)
            {
                _outcomes.Answered();
            }

            return answer;
        }
        catch (Exception exception) when (FaultOf(exception) is { } fault)
        {
            if (isApi && exception is not BrokenCircuitException)
            {
                _outcomes.Failed(fault);
            }

            throw fault;
        }
    }

    private ProviderFault? FaultOf(Exception exception) => exception switch
    {
        ProviderFault fault => fault,
        BrokenCircuitException => new ProviderFault($"{Profile.Title} failed several times and is left in peace for a minute."),
        TimeoutRejectedException => new ProviderFault($"{Profile.Title} did not answer within 30 seconds.", exception),
        JsonException => new ProviderFault($"{Profile.Title} sent what cannot be read.", exception),
        HttpRequestException or IOException => new ProviderFault($"{Profile.Title} cannot be reached.", exception),
        _ => null,
    };

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

    /// <summary>A host that may be asked is asked securely, also where it leads on without.</summary>
    private Uri Secured(Uri uri) => _setup.ImageBaseAddress is null && uri is { Scheme: "http", IsDefaultPort: true } ? new UriBuilder(uri) { Scheme = "https", Port = -1 }.Uri : uri;

    private static ProviderSetup Trimmed(ProviderSetup setup) => setup with { ApiKey = string.IsNullOrWhiteSpace(setup.ApiKey) ? null : setup.ApiKey.Trim() };

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
