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

/// <summary>A web program as a process of its own on a free port: ours, or the bare one it is held against.</summary>
internal sealed partial class ServedApp : IAsyncDisposable
{
    private const string User = "bench";
    private const string Password = "a password of the bench";
    private const long GarbageCollection = 0x800000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly CookieContainer _cookies;
    private readonly Script _script;
    private Task<CookieContainer>? _signingIn;

    private ServedApp(Process process, Task reading, Uri address, CookieContainer cookies)
    {
        (_process, _reading, Address, _cookies) = (process, reading, address, cookies);
        _script = new Script(address) { InnerHandler = Handler(cookies) };
        Client = new HttpClient(_script) { BaseAddress = address, Timeout = Limit };
        Browser = new HttpClient(Handler(cookies)) { BaseAddress = address, Timeout = Limit };
    }

    public Uri Address { get; }

    /// <summary>Keeps cookies, follows nothing.</summary>
    public HttpClient Client { get; }

    /// <summary>The same without the token that a script has.</summary>
    public HttpClient Browser { get; }

    /// <summary>The access token of a script that has logged in.</summary>
    public string? Token => _script.Token;

    public int Threads => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    /// <summary>Open files, sockets and the like.</summary>
    public int Handles => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts ours on a data folder; an admin is made if it has none.</summary>
    /// <param name="cookies">Of an earlier start, to be signed in at once.</param>
    public static Task<ServedApp> StartAsync(PublishedApp app, string data, CookieContainer? cookies = null)
    {
        var environment = new Dictionary<string, string>(PublishedApp.Environment(data))
        {
            ["CATALOGIZER__ADMIN__USERNAME"] = User,
            ["CATALOGIZER__ADMIN__PASSWORD"] = Password,

            // All of the bench is one account.
            ["CATALOGIZER__LIMITS__PAGES"] = "100000",
            ["CATALOGIZER__LIMITS__STREAMS"] = "100000",
            ["CATALOGIZER__LIMITS__EVENTSTREAMS"] = "100000",
        };
        return StartAsync(app.Assembly, environment, cookies);
    }

    /// <summary>Starts a program and waits until it listens.</summary>
    public static async Task<ServedApp> StartAsync(string assembly, IReadOnlyDictionary<string, string> environment, CookieContainer? cookies = null)
    {
        var process = Tool.Start("dotnet", [assembly], environment, start =>
        {
            start.WorkingDirectory = Path.GetDirectoryName(assembly);
            start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
            start.Environment["Logging__LogLevel__Catalogizer"] = "Warning";
        });
        using var limit = new CancellationTokenSource(Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return new ServedApp(process, DrainAsync(process.StandardOutput), new Uri(match.Groups[1].Value), cookies ?? new CookieContainer());
            }
        }

        throw new InvalidOperationException($"{assembly} ended instead of listening.");
    }

    /// <summary>Signs in as a browser does, by the form; answers what keeps it signed in. Once for all who ask.</summary>
    public Task<CookieContainer> SignInAsync() => _signingIn ??= FillInFormAsync();

    private async Task<CookieContainer> FillInFormAsync()
    {
        var html = await Browser.GetStringAsync("/sign-in");
        var fields = HiddenField().Matches(html).Select(f => KeyValuePair.Create(f.Groups[1].Value, WebUtility.HtmlDecode(f.Groups[2].Value)))
            .Append(new("Form.Username", User)).Append(new("Form.Password", Password));
        using var answer = await Browser.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
        return answer.StatusCode == HttpStatusCode.Redirect ? _cookies : throw new InvalidOperationException($"Signing in answered {answer.StatusCode}.");
    }

    /// <summary>What a browser that is signed in sends with each request.</summary>
    public async Task<string> CookieAsync() => (await SignInAsync()).GetCookieHeader(Address);

    /// <summary>Makes the client a script with an access token.</summary>
    public Task LogInAsync() => _script.LogInAsync();

    /// <summary>A script that calls from an address of this machine that is its own.</summary>
    public HttpClient ScriptAt(IPAddress address) => new(new SocketsHttpHandler
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
    }) { BaseAddress = Address, Timeout = Limit };

    /// <summary>Logs a script in, as the bench's own account unless said otherwise; answers the status.</summary>
    public static async Task<HttpStatusCode> TryLogInAsync(HttpClient script, string username = User, string password = Password)
    {
        using var answer = await script.PostAsJsonAsync("/api/v1/auth/login", new { username, password });
        return answer.StatusCode;
    }

    /// <summary>What runs by the clock would be in some of the figures and not in others. A script has to be logged in.</summary>
    public async Task PauseJobsAsync()
    {
        var jobs = await Client.GetFromJsonAsync<JsonElement>("/api/v1/jobs");
        foreach (var job in jobs.GetProperty("jobs").EnumerateArray().Where(j => j.GetProperty("schedule").ValueKind == JsonValueKind.String))
        {
            using var paused = await Client.PostAsync(new Uri($"/api/v1/jobs/{job.GetProperty("name").GetString()}/pause", UriKind.Relative), null);
            paused.EnsureSuccessStatusCode();

            // What was missed while no server ran begins right with the start; it is refused where nothing runs.
            using var cancelled = await Client.PostAsync(new Uri($"/api/v1/jobs/{job.GetProperty("name").GetString()}/cancel", UriKind.Relative), null);
        }
    }

    public async Task<JsonElement> PostAsync(string address, object body) => await ToldAsync(address, await Client.PostAsJsonAsync(address, body));

    public async Task<JsonElement> PutAsync(string address, object body) => await ToldAsync(address, await Client.PutAsJsonAsync(address, body));

    /// <summary>How a scan stands.</summary>
    public Task<JsonElement> ScanAsync(long id) => Client.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"/api/v1/scans/{id}"));

    /// <summary>Scans a source to the end; the time is the scan's own, the CPU seconds what the process spent meanwhile.</summary>
    public async Task<Sample> ScanAsync(long source, string kind)
    {
        var (watch, cpu) = (Stopwatch.StartNew(), CpuSeconds);
        var id = (await PostAsync($"/api/v1/sources/{source}/scan", new { kind })).GetProperty("scanId").GetInt64();
        using var pace = new PeriodicTimer(Pace);
        while (await pace.WaitForNextTickAsync() && watch.Elapsed < Limit)
        {
            var scan = await ScanAsync(id);
            if (scan.GetProperty("finishedAt").ValueKind == JsonValueKind.String)
            {
                var told = scan.Deserialize<PublishedApp.ScanTold>(JsonSerializerOptions.Web)!;
                return told.State == "completed"
                    ? new Sample((told.FinishedAt - told.StartedAt).TotalSeconds, watch.Elapsed.TotalSeconds, CpuSeconds - cpu, Resident("VmHWM"))
                    : throw new InvalidOperationException($"Scan {id} ended as {told.State}.");
            }
        }

        throw new TimeoutException($"Scan {id} did not end.");
    }

    /// <summary>Waits for the end of a scan that somebody else starts on the first source.</summary>
    public async Task NextScanAsync()
    {
        var (watch, before) = (Stopwatch.StartNew(), await EndedAsync());
        using var pace = new PeriodicTimer(Pace);
        while (await EndedAsync() <= before)
        {
            if (watch.Elapsed > Limit)
            {
                throw new TimeoutException("No scan was started.");
            }

            await pace.WaitForNextTickAsync();
        }
    }

    /// <summary>Resident bytes after a full garbage collection.</summary>
    public async Task<long> SettledBytesAsync()
    {
        // Whoever asks the runtime for this event gets a full collection first.
        using var session = await new DiagnosticsClient(_process.Id).StartEventPipeSessionAsync(
            [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", System.Diagnostics.Tracing.EventLevel.Informational, GarbageCollection)],
            requestRundown: false,
            circularBufferMB: 16,
            CancellationToken.None);
        var read = session.EventStream.CopyToAsync(Stream.Null);
        await session.StopAsync(CancellationToken.None);
        await read;
        return Resident("VmRSS");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Browser.Dispose();
        if (!_process.HasExited)
        {
            await Tool.RunAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }

        await _reading;
        _process.Dispose();
    }

    private static async Task<JsonElement> ToldAsync(string address, HttpResponseMessage response)
    {
        using var answer = response;
        var told = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(told).RootElement : throw new InvalidOperationException($"{address} answered {(int)answer.StatusCode}: {told}");
    }

    /// <summary>The last scan of the first source that has ended.</summary>
    private async Task<long> EndedAsync()
    {
        var last = (await Client.GetFromJsonAsync<JsonElement>("/api/v1/sources/status")).GetProperty("sources")[0].GetProperty("lastScan");
        return last.GetProperty("id").GetInt64() - (last.GetProperty("finishedAt").ValueKind == JsonValueKind.String ? 0 : 1);
    }

    private long Resident(string field) => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static SocketsHttpHandler Handler(CookieContainer cookies) => new() { CookieContainer = cookies, AllowAutoRedirect = false };

    private static async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is not null)
        {
        }
    }

    /// <summary>Signs requests with an access token, and gets another before it runs out.</summary>
    private sealed class Script(Uri server) : DelegatingHandler
    {
        private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);
        private readonly SemaphoreSlim _loggingIn = new(1);
        private long _since;

        public string? Token { get; private set; }

        public async Task LogInAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/api/v1/auth/login")) { Content = JsonContent.Create(new { username = User, password = Password }) };
            using var answer = await base.SendAsync(request, CancellationToken.None);
            Token = (await ToldAsync("/api/v1/auth/login", answer)).GetProperty("accessToken").GetString();
            _since = Stopwatch.GetTimestamp();
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Token is not null && Stopwatch.GetElapsedTime(_since) > GoodFor)
            {
                await _loggingIn.WaitAsync(cancellationToken);
                try
                {
                    if (Stopwatch.GetElapsedTime(_since) > GoodFor)
                    {
                        await LogInAsync();
                    }
                }
                finally
                {
                    _loggingIn.Release();
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
            _loggingIn.Dispose();
            base.Dispose(disposing);
        }
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}
