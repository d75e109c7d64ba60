using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Bench.Measuring;
using Microsoft.Diagnostics.NETCore.Client;

namespace Catalogizer.Bench.Rig;

/// <summary>A web app as a separate process on a free port: ours, or the bare one it is compared with.</summary>
internal sealed partial class ServedApp : IAsyncDisposable
{
    private const string Username = "bench";
    private const string Password = "a password of the bench";
    private const long GCKeyword = 0x800000;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly Task _readLoop;
    private readonly CookieContainer _cookies;
    private readonly TokenHandler _tokenHandler;
    private Task<CookieContainer>? _signIn;

    private ServedApp(Process process, Task reading, Uri address, CookieContainer cookies)
    {
        (_process, _readLoop, Address, _cookies) = (process, reading, address, cookies);
        _tokenHandler = new TokenHandler(address) { InnerHandler = CreateHandler(cookies) };
        Client = new HttpClient(_tokenHandler) { BaseAddress = address, Timeout = WaitTimeout };
        BrowserClient = new HttpClient(CreateHandler(cookies)) { BaseAddress = address, Timeout = WaitTimeout };
    }

    public Uri Address { get; }

    /// <summary>Keeps cookies, but does not follow redirects.</summary>
    public HttpClient Client { get; }

    /// <summary>Like <see cref="Client"/>, but without the access token of a script.</summary>
    public HttpClient BrowserClient { get; }

    /// <summary>The access token after a script has logged in; null before.</summary>
    public string? Token => _tokenHandler.Token;

    public int Threads => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    /// <summary>Number of open files, sockets and other descriptors.</summary>
    public int Handles => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts our app on a data folder, and creates an admin if there is none.</summary>
    /// <param name="cookies">Cookies from an earlier start, to be signed in at once.</param>
    public static Task<ServedApp> StartAsync(PublishedApp app, string data, CookieContainer? cookies = null)
    {
        var environment = new Dictionary<string, string>(PublishedApp.CreateEnvironment(data))
        {
            ["CATALOGIZER__ADMIN__USERNAME"] = Username,
            ["CATALOGIZER__ADMIN__PASSWORD"] = Password,

            // The whole bench uses one account, so the limits per account are raised.
            ["CATALOGIZER__LIMITS__PAGES"] = "100000",
            ["CATALOGIZER__LIMITS__STREAMS"] = "100000",
            ["CATALOGIZER__LIMITS__EVENTSTREAMS"] = "100000",
        };
        return StartAsync(app.AssemblyPath, environment, cookies);
    }

    /// <summary>Starts an app and waits until it listens.</summary>
    public static async Task<ServedApp> StartAsync(string assembly, IReadOnlyDictionary<string, string> environment, CookieContainer? cookies = null)
    {
        var process = ProcessRunner.Start("dotnet", [assembly], environment, start =>
        {
            start.WorkingDirectory = Path.GetDirectoryName(assembly);
            start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
            start.Environment["Logging__LogLevel__Catalogizer"] = "Warning";
        });
        using var timeout = new CancellationTokenSource(WaitTimeout);
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (ListeningRegex().Match(line) is { Success: true } match)
            {
                return new ServedApp(process, DrainAsync(process.StandardOutput), new Uri(match.Groups[1].Value), cookies ?? new CookieContainer());
            }
        }

        throw new InvalidOperationException($"{assembly} ended instead of listening.");
    }

    /// <summary>Signs in once with the form, as a browser does, and returns the session's cookies to all callers.</summary>
    public Task<CookieContainer> SignInAsync() => _signIn ??= SubmitSignInFormAsync();

    private async Task<CookieContainer> SubmitSignInFormAsync()
    {
        var html = await BrowserClient.GetStringAsync("/sign-in");
        var fields = HiddenFieldRegex().Matches(html).Select(f => KeyValuePair.Create(f.Groups[1].Value, WebUtility.HtmlDecode(f.Groups[2].Value)))
            .Append(new("Form.Username", Username)).Append(new("Form.Password", Password));
        using var response = await BrowserClient.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
        return response.StatusCode == HttpStatusCode.Redirect ? _cookies : throw new InvalidOperationException($"Signing in answered {response.StatusCode}.");
    }

    /// <summary>The cookie header of a signed-in browser.</summary>
    public async Task<string> GetCookieAsync() => (await SignInAsync()).GetCookieHeader(Address);

    /// <summary>Logs <see cref="Client"/> in as a script with an access token.</summary>
    public Task LogInAsync() => _tokenHandler.LogInAsync();

    /// <summary>A script client that connects from the given local address.</summary>
    public HttpClient CreateClientFrom(IPAddress address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    }) { BaseAddress = Address, Timeout = WaitTimeout };

    /// <summary>Logs a script in, by default with the bench's account. Returns the status code.</summary>
    public static async Task<HttpStatusCode> TryLogInAsync(HttpClient script, string username = Username, string password = Password)
    {
        using var response = await script.PostAsJsonAsync("/api/v1/auth/login", new { username, password });
        return response.StatusCode;
    }

    /// <summary>Pauses scheduled jobs, which would affect some measurements and not others. Requires <see cref="LogInAsync"/>.</summary>
    public async Task PauseJobsAsync()
    {
        var jobs = await Client.GetFromJsonAsync<JsonElement>("/api/v1/jobs");
        foreach (var job in jobs.GetProperty("jobs").EnumerateArray().Where(j => j.GetProperty("schedule").ValueKind == JsonValueKind.String))
        {
            using var paused = await Client.PostAsync(new Uri($"/api/v1/jobs/{job.GetProperty("name").GetString()}/pause", UriKind.Relative), null);
            paused.EnsureSuccessStatusCode();

            // A run that was missed while no server was running starts at once. Cancelling fails if none is running.
            using var cancelled = await Client.PostAsync(new Uri($"/api/v1/jobs/{job.GetProperty("name").GetString()}/cancel", UriKind.Relative), null);
        }
    }

    public async Task<JsonElement> PostAsync(string address, object body) => await ReadJsonAsync(address, await Client.PostAsJsonAsync(address, body));

    public async Task<JsonElement> PutAsync(string address, object body) => await ReadJsonAsync(address, await Client.PutAsJsonAsync(address, body));

    /// <summary>The current state of a scan.</summary>
    public Task<JsonElement> ScanAsync(long id) => Client.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"/api/v1/scans/{id}"));

    /// <summary>Runs a scan to its end. The time is the scan's own; the CPU seconds are those of the process meanwhile.</summary>
    public async Task<Sample> ScanAsync(long source, string kind)
    {
        var (watch, cpu) = (Stopwatch.StartNew(), CpuSeconds);
        var id = (await PostAsync($"/api/v1/sources/{source}/scan", new { kind })).GetProperty("scanId").GetInt64();
        using var timer = new PeriodicTimer(PollInterval);
        while (await timer.WaitForNextTickAsync() && watch.Elapsed < WaitTimeout)
        {
            var scan = await ScanAsync(id);
            if (scan.GetProperty("finishedAt").ValueKind == JsonValueKind.String)
            {
                var result = scan.Deserialize<PublishedApp.ScanResult>(JsonSerializerOptions.Web)!;
                return result.State == "completed"
                    ? new Sample((result.FinishedAt - result.StartedAt).TotalSeconds, watch.Elapsed.TotalSeconds, CpuSeconds - cpu, ReadMemoryBytes("VmHWM"))
                    : throw new InvalidOperationException($"Scan {id} ended as {result.State}.");
            }
        }

        throw new TimeoutException($"Scan {id} did not end.");
    }

    /// <summary>Waits until a scan of the first source ends that is started elsewhere.</summary>
    public async Task WaitForNextScanAsync()
    {
        var (watch, before) = (Stopwatch.StartNew(), await ReadLastEndedScanAsync());
        using var timer = new PeriodicTimer(PollInterval);
        while (await ReadLastEndedScanAsync() <= before)
        {
            if (watch.Elapsed > WaitTimeout)
            {
                throw new TimeoutException("No scan was started.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Resident bytes after a full garbage collection.</summary>
    public async Task<long> MeasureSettledBytesAsync()
    {
        // Enabling this event makes the runtime run a full collection first.
        using var session = await new DiagnosticsClient(_process.Id).StartEventPipeSessionAsync(
            [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", System.Diagnostics.Tracing.EventLevel.Informational, GCKeyword)],
            requestRundown: false,
            circularBufferMB: 16,
            CancellationToken.None);
        var read = session.EventStream.CopyToAsync(Stream.Null);
        await session.StopAsync(CancellationToken.None);
        await read;
        return ReadMemoryBytes("VmRSS");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        BrowserClient.Dispose();
        if (!_process.HasExited)
        {
            await ProcessRunner.RunAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await _process.WaitForExitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }

        await _readLoop;
        _process.Dispose();
    }

    private static async Task<JsonElement> ReadJsonAsync(string address, HttpResponseMessage response)
    {
        using var owned = response;
        var body = await owned.Content.ReadAsStringAsync();
        return owned.IsSuccessStatusCode ? JsonDocument.Parse(body).RootElement : throw new InvalidOperationException($"{address} answered {(int)owned.StatusCode}: {body}");
    }

    /// <summary>Id of the last finished scan of the first source.</summary>
    private async Task<long> ReadLastEndedScanAsync()
    {
        var last = (await Client.GetFromJsonAsync<JsonElement>("/api/v1/sources/status")).GetProperty("sources")[0].GetProperty("lastScan");
        return last.GetProperty("id").GetInt64() - (last.GetProperty("finishedAt").ValueKind == JsonValueKind.String ? 0 : 1);
    }

    private long ReadMemoryBytes(string field) => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static SocketsHttpHandler CreateHandler(CookieContainer cookies) => new() { CookieContainer = cookies, AllowAutoRedirect = false };

    private static async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is not null)
        {
        }
    }

    /// <summary>Adds the access token to requests, and gets a new one before it expires.</summary>
    private sealed class TokenHandler(Uri server) : DelegatingHandler
    {
        private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);
        private readonly SemaphoreSlim _logInLock = new(1);
        private long _loggedInAt;

        public string? Token { get; private set; }

        public async Task LogInAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/api/v1/auth/login")) { Content = JsonContent.Create(new { username = Username, password = Password }) };
            using var response = await base.SendAsync(request, CancellationToken.None);
            Token = (await ReadJsonAsync("/api/v1/auth/login", response)).GetProperty("accessToken").GetString();
            _loggedInAt = Stopwatch.GetTimestamp();
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Token is not null && Stopwatch.GetElapsedTime(_loggedInAt) > TokenLifetime)
            {
                await _logInLock.WaitAsync(cancellationToken);
                try
                {
                    if (Stopwatch.GetElapsedTime(_loggedInAt) > TokenLifetime)
                    {
                        await LogInAsync();
                    }
                }
                finally
                {
                    _logInLock.Release();
                }
            }

            if (Token is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            return await base.SendAsync(request, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            _logInLock.Dispose();
            base.Dispose(disposing);
        }
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningRegex();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenFieldRegex();
}
