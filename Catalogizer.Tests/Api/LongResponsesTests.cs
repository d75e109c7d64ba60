using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Accounts;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Api;

/// <summary>Long responses: how many one account may have open, and that they end with the sign-in or key that opened them.</summary>
[Trait("Category", "Server")]
public sealed class LongResponsesTests : IAsyncLifetime
{
    private const long FileBytes = 300L << 20;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly TestServer _server = new()
    {
        Settings =
        [
            "--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Catalogizer:SignIn:AttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning",
            "--Catalogizer:Limits:Pages=2", "--Catalogizer:Limits:Streams=2", "--Catalogizer:Limits:EventStreams=2",
        ],
    };

    private long _version;

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        await _server.AddUserAsync("vera", Role.Viewer);
        await _server.AddUserAsync("edda", Role.Editor);
        Directory.CreateDirectory(_server.PathOf("films"));
        using (var film = File.Create(_server.PathOf("films/Metropolis (1927).mkv")))
        {
            film.SetLength(FileBytes);
        }

        var source = (await _server.Get<SourceService>().AddAsync(Actor.System, new SourceDraft { Name = "Films", Protocol = "local", Path = _server.PathOf("films"), Watch = false }, default)).Value;
        var scan = (await _server.Get<ScanService>().StartAsync(Actor.System, source.Id, ScanKind.Full, default)).Value;
        await _server.Get<ScanService>().WaitAsync(scan.Id, default);
        var item = (await _server.Get<MediaService>().PageAsync(Actor.System, new(), default)).Value.Items.Single();
        _version = (await _server.Get<MediaService>().VersionsAsync(Actor.System, item.Id, default)).Value.Single().Id;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("disable")]
    [InlineData("role")]
    [InlineData("sign out")]
    [InlineData("remove the key")]
    [InlineData("end the session")]
    public async Task Download_RightsEnd_IsBrokenOff(string how)
    {
        var vera = (await _server.Users.ListAsync(Actor.System, default)).Single(u => u.Username == "vera").Id;
        var owner = new Actor(vera, "vera", Permission.For(Role.Viewer)) { Session = "of a browser" };
        var (auth, keys) = (_server.Get<AuthService>(), _server.Get<ApiKeys>());
        var script = _server.CreateBrowser();
        if (how == "end the session")
        {
            await TestServer.SignInAsync(script, "vera");
        }
        else
        {
            var tokens = (await auth.LogInAsync("vera", AccountsFixture.GoodPassword, null, new SignInOrigin(null, null), default)).Value;
            script.DefaultRequestHeaders.Authorization = new("Bearer", how == "remove the key" ? (await keys.AddAsync(owner, "key", [Permission.MediaView], null, default)).Value : tokens.AccessToken);
        }

        using var response = await script.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var content = await response.Content.ReadAsStreamAsync();
        Assert.True(await content.ReadAtLeastAsync(new byte[1 << 20], 1 << 20) == 1 << 20);

        await (how switch
        {
            "disable" => _server.Users.SetDisabledAsync(Actor.System, vera, true, default),
            "role" => _server.Users.SetRoleAsync(Actor.System, vera, Role.Editor, default),
            "sign out" => (Task)script.PostAsync("/api/v1/auth/logout", null),
            "remove the key" => keys.RemoveAsync(owner, (await keys.ListAsync(owner, default)).Single().Id, default),
            _ => auth.EndSessionAsync(owner, (await auth.ListSessionsAsync(owner, default)).First(s => s.Kind == SessionKind.Browser).Id, default),
        });

        // Bytes already in transit still arrive; the rest does not.
        using var timeout = new CancellationTokenSource(WaitTimeout);
        await Assert.ThrowsAnyAsync<IOException>(() => content.CopyToAsync(Stream.Null, timeout.Token));
    }

    [Fact]
    public async Task Download_NobodyEndsIt_ComesWhole()
    {
        var script = await _server.CreateApiClientAsync("vera");
        using var response = await script.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(FileBytes, await ReadLengthAsync(response));
    }

    [Fact]
    public async Task Download_FileGrowsMeanwhile_ComesAsItWasPromised()
    {
        var script = await _server.CreateApiClientAsync("vera");
        using var response = await script.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);
        await using (var film = File.Open(_server.PathOf("films/Metropolis (1927).mkv"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            film.Write(new byte[1 << 20]);
        }

        Assert.Equal((FileBytes, FileBytes), (response.Content.Headers.ContentLength, await ReadLengthAsync(response)));
        using var next = await script.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(FileBytes + (1 << 20), next.Content.Headers.ContentLength);
        Assert.Equal(0, await CountErrorsAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1_000_000)]
    public async Task Download_FileShrinksMeanwhile_IsBrokenOffAndTheNextIsWhole(int? from)
    {
        var script = await _server.CreateApiClientAsync("vera");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/versions/{_version}/stream") { Headers = { Range = from is { } start ? new RangeHeaderValue(start, null) : null } };
        using var response = await script.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using (var film = File.Open(_server.PathOf("films/Metropolis (1927).mkv"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            film.SetLength(FileBytes / 2);
        }

        await using var content = await response.Content.ReadAsStreamAsync();
        using var timeout = new CancellationTokenSource(WaitTimeout);
        await Assert.ThrowsAnyAsync<IOException>(() => content.CopyToAsync(Stream.Null, timeout.Token));

        using var next = await script.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(FileBytes / 2, next.Content.Headers.ContentLength);
        Assert.Equal(0, await CountErrorsAsync());
    }

    [Fact]
    public async Task Downloads_MoreThanAnAccountMayHold_AreRefusedToItAlone()
    {
        var (vera, edda) = (await _server.CreateApiClientAsync("vera"), await _server.CreateApiClientAsync("edda"));
        using var first = await vera.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);
        using var second = await vera.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);

        var refused = await ApiServer.AssertProblemAsync(await vera.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead), 429);

        Assert.Contains("too many downloads", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var others = await edda.GetAsync($"/api/v1/versions/{_version}/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode, others.StatusCode));
    }

    [Fact]
    public async Task Events_MoreThanAnAccountMayHold_AreRefusedToItAlone()
    {
        var (vera, edda) = (await _server.CreateApiClientAsync("vera"), await _server.CreateApiClientAsync("edda"));
        await using var first = await EventStreamListener.ListenAsync(vera);
        await using var second = await EventStreamListener.ListenAsync(vera);

        await ApiServer.AssertProblemAsync(await vera.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead), 429);

        await using var others = await EventStreamListener.ListenAsync(edda);
    }

    [Fact]
    public async Task Pages_MoreThanAnAccountMayHold_AreRefusedToItAlone()
    {
        var (vera, edda) = (await _server.GetCookieAsync("vera"), await _server.GetCookieAsync("edda"));
        using var first = await ConnectAsync(vera);
        using var second = await ConnectAsync(vera);

        using var third = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        third.Options.SetRequestHeader("Cookie", vera);
        await Assert.ThrowsAsync<WebSocketException>(() => third.ConnectAsync(HubUri, default));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.HttpStatusCode);
        var browser = _server.CreateBrowser();
        browser.DefaultRequestHeaders.Add("Cookie", vera);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", null)).StatusCode);

        using var others = await ConnectAsync(edda);
        Assert.Equal(WebSocketState.Open, others.State);
    }

    [Fact]
    public void Place_ThatIsGivenBack_IsFreeAgain()
    {
        var limits = new ConnectionLimits(Options.Create(new LimitOptions { Pages = 2, Streams = 1 }));
        var first = limits.TryOpen(ConnectionKind.Page, 7);
        using var second = limits.TryOpen(ConnectionKind.Page, 7);
        Assert.Null(limits.TryOpen(ConnectionKind.Page, 7));
        Assert.False(limits.HasCapacity(ConnectionKind.Page, 7));
        using var others = limits.TryOpen(ConnectionKind.Page, 8);
        using var stream = limits.TryOpen(ConnectionKind.Download, 7);
        Assert.NotNull(others);
        Assert.NotNull(stream);

        first!.Dispose();
        first.Dispose();

        using var third = limits.TryOpen(ConnectionKind.Page, 7);
        Assert.NotNull(third);
        Assert.Null(limits.TryOpen(ConnectionKind.Page, 7));
    }

    [Theory]
    [InlineData("PUT", "media/1", """{"title":"\ud800"}""")]
    [InlineData("PUT", "media/1", """{"description":"a \udc00 b"}""")]
    [InlineData("PUT", "media/1", """{"ti\ud800tle":"x"}""")]
    [InlineData("POST", "sources", """{"name":"\ud800","protocol":"local","path":"/x"}""")]
    [InlineData("POST", "sources/test", """{"protocol":"local","path":"/\ud800"}""")]
    [InlineData("POST", "users", """{"username":"\ud800","role":"viewer","invite":true}""")]
    [InlineData("POST", "auth/login", """{"username":"\ud800","password":"x"}""")]
    [InlineData("POST", "auth/login", """{"username":"x","password":"\udfff"}""")]
    [InlineData("POST", "detect", """{"paths":["\ud800"]}""")]
    [InlineData("PUT", "jobs/duplicates/schedule", """{"schedule":"\ud800"}""")]
    public async Task Text_HalfASurrogatePair_IsABadRequest(string method, string path, string body)
    {
        var root = await _server.CreateApiClientAsync("root");
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path) { Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json")) };

        await ApiServer.AssertProblemAsync(await root.SendAsync(request), 400);
    }

    [Theory]
    [InlineData("0 0 0 31 2 ?", "never comes")]
    [InlineData("0 0 0 1 1 ? 1999", "never comes")]
    [InlineData("* * * * * ?", "once a minute")]
    [InlineData("0/30 * * * * ?", "once a minute")]
    [InlineData("0,1 0 3 * * ?", "once a minute")]
    public async Task Schedule_ThatNeverOrTooOftenComes_IsRefused(string schedule, string sentence)
    {
        var root = await _server.CreateApiClientAsync("root");

        var refused = await ApiServer.AssertProblemAsync(await root.PutAsJsonAsync("/api/v1/jobs/duplicates/schedule", new { schedule }), 400);

        Assert.Contains(sentence, refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await root.PutAsJsonAsync("/api/v1/jobs/duplicates/schedule", new { schedule = "0 * * * * ?" })).StatusCode);
    }

    private static async Task<long> ReadLengthAsync(HttpResponseMessage response)
    {
        await using var content = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 20];
        var all = 0L;
        for (int read; (read = await content.ReadAsync(buffer)) > 0;)
        {
            all += read;
        }

        return all;
    }

    /// <summary>Without errors about the film, which is not a real one: it is analysed when the scheduled jobs run.</summary>
    private async Task<int> CountErrorsAsync() => (await _server.Get<ErrorService>().ListAsync(Actor.System, new ErrorQuery(), default)).Errors.Count(e => e.Component != "Quality");

    private Uri HubUri => new UriBuilder(_server.Address) { Scheme = "ws", Path = "/_blazor" }.Uri;

    private async Task<ClientWebSocket> ConnectAsync(string cookie)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(HubUri, default);
        return socket;
    }
}
