using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Tests.Container;

/// <summary>The program behind a real nginx with the documented settings, including TLS.</summary>
[Trait("Category", "Server")]
public sealed partial class NginxTests(NginxServer nginx) : IClassFixture<NginxServer>
{
    private const string SubPath = "/catalogizer/";

    private readonly TestServer _server = nginx.App;
    private readonly CookieContainer _cookies = new();

    [Theory]
    [InlineData("/")]
    [InlineData(SubPath)]
    public async Task SignIn_ThroughTheProxy_IsSecureAndKnowsTheVisitor(string root)
    {
        using var browser = CreateBrowser(root);
        var sent = (await browser.GetAsync("library")).Headers.Location!;
        Assert.Equal($"{root}sign-in?returnUrl={Uri.EscapeDataString(root + "library")}", sent.PathAndQuery);

        var response = await TestServer.SignInAsync(browser, "root", page: sent.ToString());

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(root + "library", new Uri(browser.BaseAddress!, response.Headers.Location!).PathAndQuery);
        Assert.All(response.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("library")).StatusCode);
        Assert.DoesNotContain("plain HTTP", await browser.GetStringAsync("setup"), StringComparison.Ordinal);
        await AssertSignedInFromHereAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData(SubPath)]
    public async Task Pages_ThroughTheProxy_LinkWithinTheirRoot(string root)
    {
        using var browser = CreateBrowser(root);
        await TestServer.SignInAsync(browser, "root", page: "sign-in");
        foreach (var page in (string[])["", "library", "sources", "account", "admin/users", "admin/errors"])
        {
            var html = await browser.GetStringAsync(page);

            Assert.Contains($"<base href=\"{browser.BaseAddress}\"", html, StringComparison.Ordinal);
            var links = LinkRegex().Matches(html).Select(link => link.Groups[1].Value).Where(link => !link.StartsWith('#')).ToList();
            Assert.True(links.Count > 5, page);
            Assert.All(links, link => Assert.StartsWith(root, new Uri(browser.BaseAddress!, link).AbsolutePath, StringComparison.Ordinal));
            foreach (var file in links.Where(link => link.StartsWith("assets/", StringComparison.Ordinal)).Distinct())
            {
                Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(file)).StatusCode);
            }
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData(SubPath)]
    public async Task Hub_ThroughTheProxy_UpgradesAndChecksTheOrigin(string root)
    {
        using var browser = CreateBrowser(root);
        await TestServer.SignInAsync(browser, "root", page: "sign-in");
        var hub = new UriBuilder(new Uri(browser.BaseAddress!, "_blazor")) { Scheme = "wss" }.Uri;

        Assert.Equal(WebSocketState.Open, await ConnectAsync(browser.BaseAddress!.GetLeftPart(UriPartial.Authority)));
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync("https://example.org"));

        async Task<WebSocketState> ConnectAsync(string origin)
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", origin);
            socket.Options.SetRequestHeader("Cookie", string.Join("; ", _cookies.GetCookies(browser.BaseAddress!).Select(c => $"{c.Name}={c.Value}")));
            socket.Options.RemoteCertificateValidationCallback = (_, presented, _, _) => nginx.IsOwnCertificate(presented);
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await socket.ConnectAsync(hub, timeout.Token);
            return socket.State;
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData(SubPath)]
    public async Task InviteLink_ThroughTheProxy_HasTheVisitorsSchemeAndHost(string root)
    {
        using var browser = CreateBrowser(root);
        browser.DefaultRequestHeaders.Authorization = new("Bearer", await LogInAsync(browser));
        var name = root == "/" ? "anna" : "berta";
        await _server.AddUserAsync(name, Role.Viewer);
        var id = (await _server.Users.ListAsync(Actor.System, default)).Single(u => u.Username == name).Id;

        var made = await TestServer.ReadJsonAsync(await browser.PostAsync($"api/v1/users/{id}/link", null));

        var link = made.GetProperty("link").GetString()!;
        Assert.StartsWith($"{browser.BaseAddress}choose-password?token=", link, StringComparison.Ordinal);
        Assert.Contains("Choose your password", await browser.GetStringAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_OfTheVisitorsOwn_AreNotBelieved()
    {
        using var browser = CreateBrowser("/");
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Prefix", "/evil");
        await LogInAsync(browser);

        await AssertSignedInFromHereAsync();
        Assert.Equal("/sign-in", (await browser.GetAsync("library")).Headers.Location!.AbsolutePath);
    }

    [Theory]
    [InlineData(SslProtocols.None, SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls12, SslProtocols.Tls12)]
    public async Task Tls_OfTheProxy_IsTheLatestThatBothSpeak(SslProtocols offered, SslProtocols chosen)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, nginx.Port);
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, presented, _, _) => nginx.IsOwnCertificate(presented));

        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", EnabledSslProtocols = offered });

        Assert.Equal(chosen, stream.SslProtocol);
        Assert.Matches(chosen == SslProtocols.Tls13 ? "^TLS_(AES|CHACHA20)_.*(GCM|POLY1305)" : "^TLS_ECDHE_.*(GCM|POLY1305)", stream.NegotiatedCipherSuite.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tls_OldVersion_IsRefusedByTheProxy(byte minor)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, nginx.Port);
        await using var stream = client.GetStream();

        // A ClientHello of TLS 1.0 or 1.1: its length, the version, 32 random bytes, no session, four suites of that time, no compression.
        byte[] hello = [3, minor, .. RandomNumberGenerator.GetBytes(32), 0, 0, 8, 0xc0, 0x13, 0xc0, 0x14, 0, 0x2f, 0, 0x35, 1, 0];
        await stream.WriteAsync((byte[])[22, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello]);
        var response = new byte[7];
        await stream.ReadExactlyAsync(response);

        Assert.Equal((21, 2, 70), (response[0], response[5], response[6]));   // an alert, fatal, protocol version
    }

    private static async Task<string> LogInAsync(HttpClient browser)
    {
        var response = await browser.PostAsJsonAsync("api/v1/auth/login", new { username = "root", password = AccountsFixture.GoodPassword });
        return (await TestServer.ReadJsonAsync(response)).GetProperty("accessToken").GetString()!;
    }

    private async Task AssertSignedInFromHereAsync()
    {
        await using var db = await _server.Get<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        Assert.Equal("127.0.0.1", (await db.AuditLogs.OrderBy(e => e.Id).LastAsync(e => e.Action == "accounts.signIn")).Address);
    }

    private HttpClient CreateBrowser(string root) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = _cookies,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => nginx.IsOwnCertificate(presented) },
    })
    { BaseAddress = new Uri($"https://127.0.0.1:{(root == "/" ? nginx.Port : nginx.SitePort)}{root}") };

    [GeneratedRegex("(?:href|src|action)=\"([^\"]*)\"")]
    private static partial Regex LinkRegex();
}

/// <summary>The program, with an nginx in front of it.</summary>
public sealed class NginxServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Process? _nginx;
    private string _thumbprint = "";

    public TestServer App { get; } = new()
    {
        Settings =
        [
            "--Catalogizer:Proxy:Trusted:0=127.0.0.0/8", "--Catalogizer:SignIn:AttemptsPerMinute=1000",
            "--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}",
        ],
    };

    /// <summary>The port where the program has a site of its own.</summary>
    public int Port { get; private set; }

    /// <summary>The port where the program is below a path of another site.</summary>
    public int SitePort { get; private set; }

    public async Task InitializeAsync()
    {
        await App.StartAsync();
        for (var attempt = 1; await StartAsync() is { } problem; attempt++)
        {
            Assert.True(attempt < 5, "nginx did not start: " + problem);
        }
    }

    public async Task DisposeAsync()
    {
        if (_nginx is not null)
        {
            _nginx.Kill();
            await _nginx.WaitForExitAsync();
            _nginx.Dispose();
        }

        await App.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Whether a certificate is this server's.</summary>
    public bool IsOwnCertificate(X509Certificate? presented) => presented?.GetCertHashString(HashAlgorithmName.SHA256) == _thumbprint;

    /// <returns>The output if it did not start, as another process may have taken a port; null if it started.</returns>
    private async Task<string?> StartAsync()
    {
        var ports = FreePorts.FindMany(2);
        (Port, SitePort) = (ports[0], ports[1]);
        WriteSettings();
        _nginx?.Dispose();
        _nginx = CommandRun.Start(_folder.Path, new Dictionary<string, string?>(), "/usr/sbin/nginx", "-p", _folder.Path, "-c", _folder.PathOf("nginx.conf"), "-e", "stderr", "-g", "daemon off; master_process off;");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var output = new StringBuilder();
        while (await _nginx.StandardError.ReadLineAsync(timeout.Token) is { } line)
        {
            output.AppendLine(line);
            if (line.Contains("start worker process", StringComparison.Ordinal) || line.Contains("getrlimit", StringComparison.Ordinal))
            {
                _ = _nginx.StandardError.ReadToEndAsync(CancellationToken.None);
                return null;
            }
        }

        return output.ToString();
    }

    /// <summary>Writes the documented example with this test's ports and certificate.</summary>
    private void WriteSettings()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        _folder.Write("tls.pem", certificate.ExportCertificatePem());
        _folder.Write("tls.key", key.ExportPkcs8PrivateKeyPem());
        string ReadExample(string name) => RepositoryRoot.Read(name)
            .Replace("listen 443 ssl", $"listen 127.0.0.1:{Port} ssl", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8080", App.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
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
            {{ReadExample("build/nginx.conf")}}
              server {
                listen 127.0.0.1:{{SitePort}} ssl;
                ssl_certificate {{_folder.PathOf("tls.pem")}};
                ssl_certificate_key {{_folder.PathOf("tls.key")}};
            {{ReadExample("build/nginx-below-a-path.conf")}}
              }
            }
            """);
    }
}
