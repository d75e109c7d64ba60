using System.Collections.Concurrent;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;

namespace Catalogizer.Tests.Browser;

/// <summary>Somebody at a browser. What the browser complains of is kept, and so is every request that leaves the host.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentBag<string> _refused = [];
    private volatile bool _deaf;

    private Visitor(IBrowserContext context, Uri address) => (_context, _address) = (context, address);

    public IPage Page { get; private set; } = null!;

    public static async Task<Visitor> OpenAsync(IBrowserContext context, Uri address)
    {
        var visitor = new Visitor(context, address);
        context.SetDefaultTimeout(30_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        await context.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))");
        context.Console += (_, message) => visitor.Note(message.Type is "error" or "warning" && !visitor.IsExpected(message) ? $"console {message.Type}: {message.Text}" : null);
        context.WebError += (_, error) => visitor.Note($"script: {error.Error}");
        context.Request += (_, request) => visitor.Note(visitor.IsOwn(request.Url) ? null : $"left the host: {request.Url}");
        visitor.Page = await context.NewPageAsync();
        return visitor;
    }

    public Task<IPage> AnotherPageAsync() => _context.NewPageAsync();

    public ILocator Heading(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text, Level = 1, Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>Goes to a page and waits until it is alive: drawn by a circuit, with nothing loading.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await AliveAsync();
    }

    public async Task AliveAsync()
    {
        await Assertions.Expect(Page.Locator("h1").First).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator(".connection-waiting")).ToHaveCountAsync(0);
    }

    public async Task SignInAsync(string name, string password = ServerProcess.Password)
    {
        await Page.GotoAsync("/sign-in");
        await Page.FillAsync("#username", name);
        await Page.FillAsync("#password", password);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>Says that a page is going to be refused, which the browser notes as an error.</summary>
    public void ExpectRefusal(string path) => _refused.Add(new Uri(_address, path).ToString());

    /// <summary>While the server is away, the browser has reason to complain.</summary>
    public async Task WithoutComplaintsAsync(Func<Task> action)
    {
        _deaf = true;
        await action();
        _deaf = false;
    }

    public void AssertNoComplaints() => Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(string? complaint)
    {
        if (complaint is not null && !_deaf)
        {
            _complaints.Enqueue(complaint);
        }
    }

    private bool IsExpected(IConsoleMessage message) =>
        message.Text.StartsWith("Failed to load resource: the server responded with a status of 40", StringComparison.Ordinal)
        && _refused.Any(url => message.Location.StartsWith(url, StringComparison.Ordinal));

    private bool IsOwn(string url) => url.StartsWith("data:", StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var to) && to.Authority == _address.Authority);
}
