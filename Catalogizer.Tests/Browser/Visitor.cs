using System.Collections.Concurrent;
using System.Net;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;

namespace Catalogizer.Tests.Browser;

/// <summary>A user at a browser. Records errors and warnings of the browser, and every request that leaves the host.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Time limit for anything on a page, in milliseconds, on a machine that is busy with other tests.</summary>
    public const float TimeoutMilliseconds = 60_000;

    /// <summary>
    /// Nothing is loading, and where the page has a circuit, the circuit has rendered it: then the page is interactive, and only the circuit
    /// removes the text that the page is still connecting. A prerendered page has that text, or for a moment no connection status at all.
    /// </summary>
    private const string IsInteractiveScript = """
        () => document.querySelector('h1')?.checkVisibility() && !document.querySelector('.skeleton')
            && (!document.querySelector('.shell') || document.querySelector('.connection:not(.connection-waiting)'))
        """;

    private static readonly int[] Widths = [360, 390, 1440];

    /// <summary>The folder for screenshots of the pages; null to take none.</summary>
    private static readonly string? ScreenshotFolder = Environment.GetEnvironmentVariable("CATALOGIZER_TEST_SHOTS") is { Length: > 0 } folder ? folder : null;

    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentBag<string> _expectedFailures = [];
    private volatile bool _ignoresErrors;

    private Visitor(IBrowserContext context, Uri address) => (_context, _address) = (context, address);

    public IPage Page { get; private set; } = null!;

    public static async Task<Visitor> OpenAsync(IBrowserContext context, Uri address)
    {
        var visitor = new Visitor(context, address);
        context.SetDefaultTimeout(TimeoutMilliseconds);
        await context.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))");
        context.Console += (_, message) => visitor.RecordError(message.Type is "error" or "warning" && !visitor.IsExpected(message) ? $"console {message.Type}: {message.Text}" : null);
        context.WebError += (_, error) => visitor.RecordError($"script: {error.Error}");
        context.Request += (_, request) => visitor.RecordError(visitor.IsSameHost(request.Url) ? null : $"left the host: {request.Url}");
        visitor.Page = await context.NewPageAsync();
        return visitor;
    }

    /// <summary>Opens a page in a second tab and waits until it is interactive.</summary>
    public async Task<IPage> OpenTabAsync(string path)
    {
        var page = await _context.NewPageAsync();
        await page.GotoAsync(path);
        await page.WaitForFunctionAsync(IsInteractiveScript);
        return page;
    }

    public ILocator Heading(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text, Level = 1, Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>Opens a page and waits until it is interactive.</summary>
    public async Task NavigateAsync(string path)
    {
        await Page.GotoAsync(path);
        await WaitUntilInteractiveAsync();
    }

    public Task WaitUntilInteractiveAsync() => Page.WaitForFunctionAsync(IsInteractiveScript);

    /// <summary>Runs an action that reloads the page, and waits until the page is interactive again.</summary>
    public async Task ReloadAsync(Func<Task> action)
    {
        await Page.EvaluateAsync("() => { window.isBeforeReload = true; }");
        await action();
        await Page.WaitForFunctionAsync("() => !window.isBeforeReload");
        await WaitUntilInteractiveAsync();
    }

    /// <summary>Asserts that the page needs no horizontal scrolling at any width, and takes screenshots if wanted.</summary>
    public async Task AssertFitsAsync(string name)
    {
        foreach (var width in Widths)
        {
            await Page.SetViewportSizeAsync(width, width > 1000 ? 900 : 844);
            await WaitUntilInteractiveAsync();
            var content = await Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth - innerWidth");
            Assert.True(content <= 0, $"{name} is {content} pixels too wide at {width}.");
            if (ScreenshotFolder is not null && width != Widths[0])
            {
                await TakeScreenshotsAsync($"{name}-{width}");
            }
        }
    }

    /// <summary>Asserts that the page in its current state fits its window and is accessible in both themes, and takes screenshots if wanted.</summary>
    public async Task AssertUsableAsync(string name)
    {
        Assert.False(await Page.EvaluateAsync<bool>("() => document.scrollingElement.scrollWidth > innerWidth"), $"{name} is too wide.");
        if (ScreenshotFolder is not null)
        {
            var size = Page.ViewportSize!;
            foreach (var width in Widths[1..])
            {
                await Page.SetViewportSizeAsync(width, 900);
                await TakeScreenshotsAsync($"{name}-{width}");
            }

            await Page.SetViewportSizeAsync(size.Width, size.Height);
            await WaitUntilInteractiveAsync();
        }

        Assert.Empty(await Axe.ViolationsInBothThemesAsync(this));
    }

    /// <summary>Switches the theme with the button, or on pages without the button, sets it as the button would.</summary>
    public Task SetThemeAsync(string theme) => Page.EvaluateAsync(
        """
        theme => {
            const button = document.querySelector(`[data-theme-to="${theme}"]`);
            if (button) button.click(); else document.documentElement.dataset.theme = theme === 'material-dark' ? 'dark' : 'light';
        }
        """,
        theme);

    public async Task SignInAsync(string name, string password = AccountsFixture.GoodPassword)
    {
        await Page.GotoAsync("/sign-in");
        await Page.FillAsync("#username", name);
        await Page.FillAsync("#password", password);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>Signs in over HTTP and adds the session cookie to the browser.</summary>
    public async Task AddSessionCookieAsync(string name, string password)
    {
        var cookies = new CookieContainer();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = _address };
        using var response = await TestServer.SignInAsync(client, name, password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        await _context.AddCookiesAsync(cookies.GetAllCookies().Select(c => new Microsoft.Playwright.Cookie { Name = c.Name, Value = c.Value, Url = _address.ToString(), HttpOnly = c.HttpOnly }));
    }

    /// <summary>Expects a request to be refused, which the browser reports as an error.</summary>
    public void ExpectFailedRequest(string path) => _expectedFailures.Add(new Uri(_address, path).ToString());

    /// <summary>Ignores what the browser reports during an action, such as errors while the server is down.</summary>
    public async Task IgnoreErrorsDuringAsync(Func<Task> action)
    {
        _ignoresErrors = true;
        await action();
        _ignoresErrors = false;
    }

    public void AssertNoErrors() => Assert.True(_errors.IsEmpty, string.Join('\n', _errors));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private async Task TakeScreenshotsAsync(string name)
    {
        // A grid of a thousand covers is captured only as the user first sees it.
        var whole = await Page.EvaluateAsync<bool>("() => document.scrollingElement.scrollHeight < 6000");
        foreach (var (theme, word) in ((string, string)[])[("material-dark", "dark"), ("material", "light")])
        {
            await SetThemeAsync(theme);
            await Page.ScreenshotAsync(new() { Path = Path.Combine(ScreenshotFolder!, $"{name}-{word}.png"), FullPage = whole });
        }
    }

    private void RecordError(string? error)
    {
        if (error is not null && !_ignoresErrors)
        {
            _errors.Enqueue(error);
        }
    }

    private bool IsExpected(IConsoleMessage message) =>
        message.Text.StartsWith("Failed to load resource: the server responded with a status of 40", StringComparison.Ordinal)
        && _expectedFailures.Any(url => message.Location.StartsWith(url, StringComparison.Ordinal));

    private bool IsSameHost(string url) => url.StartsWith("data:", StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var to) && to.Authority == _address.Authority);
}
