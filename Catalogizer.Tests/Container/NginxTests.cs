using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Tests.Container;

/// <summary>The program behind a real nginx with the settings that the documents give, TLS and all.</summary>
[Trait("Category", "Server")]
public sealed class NginxTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestServer _server = new() { Settings = ["--Catalogizer:Proxy:Trusted:0=127.0.0.0/8", $"--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}"] };
    private Process? _nginx;
    private int _port;
    private string _thumbprint = "";

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        WriteSettings();
        _nginx = ScriptRun.Start(_folder.Path, new Dictionary<string, string?>(), "/usr/sbin/nginx", "-p", _folder.Path, "-c", _folder.PathOf("nginx.conf"), "-e", "stderr", "-g", "daemon off; master_process off;");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var said = new StringBuilder();
        while (await _nginx.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            said.AppendLine(line);
            if (line.Contains("start worker process", StringComparison.Ordinal) || line.Contains("getrlimit", StringComparison.Ordinal))
            {
                _ = _nginx.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("nginx did not start: " + said);
    }

    public async Task DisposeAsync()
    {
        if (_nginx is not null)
        {
            _nginx.Kill();
            await _nginx.WaitForExitAsync();
            _nginx.Dispose();
        }

        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task SignIn_ThroughTheProxy_IsSecureAndKnowsTheVisitor()
    {
        using var browser = Browser();

        var answer = await TestServer.SignInAsync(browser, "root", page: "/sign-in?returnUrl=%2Flibrary");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/library", answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.PathAndQuery : answer.Headers.Location.OriginalString);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/library")).StatusCode);
        Assert.DoesNotContain("plain HTTP", await browser.GetStringAsync("/setup"), StringComparison.Ordinal);
        await using var db = await _server.Get<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        Assert.Equal("127.0.0.1", (await db.AuditLogs.SingleAsync(e => e.Action == "accounts.signIn")).Address);
    }

    [Fact]
    public async Task Hub_ThroughTheProxy_UpgradesAndChecksTheOrigin()
    {
        using var browser = Browser();
        await TestServer.SignInAsync(browser, "root");

        Assert.Equal(WebSocketState.Open, await ConnectAsync($"https://127.0.0.1:{_port}"));
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync("https://example.org"));

        async Task<WebSocketState> ConnectAsync(string origin)
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", origin);
            socket.Options.SetRequestHeader("Cookie", string.Join("; ", _cookies.GetCookies(new Uri($"https://127.0.0.1:{_port}")).Select(c => $"{c.Name}={c.Value}")));
            socket.Options.RemoteCertificateValidationCallback = (_, presented, _, _) => IsOurs(presented);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{_port}/_blazor"), limit.Token);
            return socket.State;
        }
    }

    [Fact]
    public async Task InviteLink_ThroughTheProxy_HasTheVisitorsSchemeAndHost()
    {
        using var browser = Browser();
        var tokens = await TestServer.JsonAsync(await TestServer.LogInAsync(browser, "root"));
        browser.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());
        await _server.AddAsync("anna", Role.Viewer);
        var id = (await _server.Users.ListAsync(Actor.System, default)).Single(u => u.Username == "anna").Id;

        var made = await TestServer.JsonAsync(await browser.PostAsync($"/api/v1/users/{id}/link", null));

        Assert.StartsWith($"https://127.0.0.1:{_port}/choose-password?token=", made.GetProperty("link").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForwardedFor_OfTheVisitorsOwn_IsNotBelieved()
    {
        using var browser = Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        await TestServer.LogInAsync(browser, "root");

        await using var db = await _server.Get<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        Assert.Equal("127.0.0.1", (await db.AuditLogs.SingleAsync(e => e.Action == "accounts.signIn")).Address);
    }

    private readonly CookieContainer _cookies = new();

    private HttpClient Browser() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = _cookies,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => IsOurs(presented) },
    })
    { BaseAddress = new Uri($"https://127.0.0.1:{_port}") };

    private bool IsOurs(X509Certificate? presented) => presented?.GetCertHashString(HashAlgorithmName.SHA256) == _thumbprint;

    /// <summary>The example as it stands, with this test's port and certificate.</summary>
    private void WriteSettings()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        _folder.Write("tls.pem", certificate.ExportCertificatePem());
        _folder.Write("tls.key", key.ExportPkcs8PrivateKeyPem());
        var example = RepositoryRoot.Read("build/nginx.conf")
            .Replace("listen 443 ssl", $"listen 127.0.0.1:{_port} ssl", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8080", _server.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("/etc/ssl/media.example.org.pem", _folder.PathOf("tls.pem"), StringComparison.Ordinal)
            .Replace("/etc/ssl/media.example.org.key", _folder.PathOf("tls.key"), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.PathOf("tmp"));
        _folder.Write("nginx.conf", $$"""
            pid {{_folder.PathOf("nginx.pid")}};
            error_log stderr notice;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path {{_folder.PathOf("tmp/body")}};
              proxy_temp_path {{_folder.PathOf("tmp/proxy")}};
              fastcgi_temp_path {{_folder.PathOf("tmp/fastcgi")}};
              uwsgi_temp_path {{_folder.PathOf("tmp/uwsgi")}};
              scgi_temp_path {{_folder.PathOf("tmp/scgi")}};
            {{example}}
            }
            """);
    }
}
