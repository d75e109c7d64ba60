using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Accounts;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Tests.Support;

/// <summary>
/// The whole application on a free port of this machine, with all its log messages collected. Its data folder is a copy of what a first
/// start leaves, because creating the encrypted databases takes longer than the start.
/// </summary>
public sealed partial class TestServer : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> FirstStartData = new(CreateFirstStartDataAsync);

    private readonly TemporaryFolder _folder = new();
    private readonly List<HttpClient> _browsers = [];
    private WebApplication? _app;
    private bool _isDisposed;

    public ConcurrentQueue<string> LogMessages { get; } = [];

    public string[] Settings { get; init; } = [];

    /// <summary>Adds services to the program.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>A data folder to copy instead of the one that a first start leaves.</summary>
    public string? DataTemplate { get; set; }

    public Uri Address { get; private set; } = null!;

    public FirstRun FirstRun => Get<FirstRun>();

    public UserService Users => Get<UserService>();

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    /// <summary>A path next to the data folder, for the test's media.</summary>
    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Writes a file next to the data folder; its content is its own name unless given.</summary>
    public void Write(string name, string? content = null) => _folder.Write(name, content ?? name);

    public async Task StartAsync()
    {
        if (DataTemplate is not null)
        {
            CopyFolder(DataTemplate, PathOf("data"));
        }
        else
        {
            await CopyFirstStartDataAsync(PathOf("data"));
        }

        await StartAppAsync();
    }

    /// <summary>Creates a data folder as a first start leaves it.</summary>
    public static async Task CopyFirstStartDataAsync(string data) => CopyFolder(await FirstStartData.Value, data);

    /// <summary>Stops the server and keeps its folder.</summary>
    public async Task StopAsync()
    {
        _browsers.ForEach(browser => browser.Dispose());
        _browsers.Clear();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            await StopAsync();
            _folder.Dispose();
        }
    }

    /// <summary>A browser with its own cookies that does not follow redirects, and disconnects at once from an unfinished response.</summary>
    public HttpClient CreateBrowser()
    {
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = Address };
        _browsers.Add(browser);
        return browser;
    }

    public Task AddUserAsync(string name, Role role) =>
        Users.AddAsync(Actor.System, name, AccountsFixture.GoodPassword, role, CancellationToken.None);

    /// <summary>Opens a page and submits its form, including hidden fields.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string page, params (string Name, string Value)[] fields)
    {
        using var shown = await browser.GetAsync(page);
        Assert.True(shown.IsSuccessStatusCode, $"{page} answers {(int)shown.StatusCode} {shown.Headers.Location}");
        var html = await shown.Content.ReadAsStringAsync();
        return await browser.PostAsync(page, new FormUrlEncodedContent([.. ReadHiddenFields(html), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]));
    }

    /// <summary>The hidden fields of a page's form, to be submitted with it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ReadHiddenFields(string html) =>
        HiddenFieldRegex().Matches(html).Select(field => KeyValuePair.Create(field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)));

    public static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password = AccountsFixture.GoodPassword, string page = "/sign-in") =>
        SubmitAsync(browser, page, ("Form.Username", name), ("Form.Password", password));

    /// <summary>Signs in with a new browser, and returns the session cookie.</summary>
    public async Task<string> GetCookieAsync(string name)
    {
        var response = await SignInAsync(CreateBrowser(), name);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("catalogizer.session=", StringComparison.Ordinal)).Split(';')[0];
    }

    public Task<HttpResponseMessage> SetupAsync(HttpClient browser, string name) => SubmitAsync(
        browser,
        $"/setup?token={FirstRun.Token}",
        ("Form.Username", name),
        ("Form.Password", AccountsFixture.GoodPassword),
        ("Form.Repeat", AccountsFixture.GoodPassword));

    public static Task<HttpResponseMessage> LogInAsync(HttpClient client, string name, string password = AccountsFixture.GoodPassword) =>
        client.PostAsJsonAsync("/api/v1/auth/login", new { username = name, password });

    /// <summary>A client with an access token.</summary>
    public async Task<HttpClient> CreateApiClientAsync(string name)
    {
        var script = CreateBrowser();
        var tokens = await ReadJsonAsync(await LogInAsync(script, name));
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());
        return script;
    }

    public static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private static async Task<string> CreateFirstStartDataAsync()
    {
        await using var server = new TestServer();
        Directory.CreateDirectory(server.PathOf("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        server.Write("data/catalogizer.key", TestCatalog.Key);
        File.SetUnixFileMode(server.PathOf("data/catalogizer.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await server.StartAppAsync();
        await server.StopAsync();
        var data = RunFolder.PathOf("first-start");
        CopyFolder(server.PathOf("data"), data);
        return data;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            var copy = Path.Combine(to, entry.Name);
            if (entry is DirectoryInfo)
            {
                CopyFolder(entry.FullName, copy);
            }
            else
            {
                File.Copy(entry.FullName, copy);
            }
        }
    }

    private async Task StartAppAsync()
    {
        _app = CatalogizerApp.Create(["--urls=http://127.0.0.1:0", $"--Catalogizer:DataDirectory={PathOf("data")}", .. Settings], services =>
        {
            services.AddFastPasswordHashing();
            ConfigureServices?.Invoke(services);
        });
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(new LogCollector(LogMessages));
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenFieldRegex();

    private sealed class LogCollector(ConcurrentQueue<string> logged) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logged.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
