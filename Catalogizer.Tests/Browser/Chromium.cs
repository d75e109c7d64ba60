using Microsoft.Playwright;

namespace Catalogizer.Tests.Browser;

/// <summary>One browser for all tests that need one; they do not run side by side.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium",
            Args = ["--no-sandbox"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A visitor of their own: no cookies, nothing kept, every complaint noted.</summary>
    public async Task<Visitor> VisitAsync(Uri address, string? theme = null)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString(), ReducedMotion = ReducedMotion.Reduce });
        if (theme is not null)
        {
            await context.AddCookiesAsync([new Cookie { Name = "catalogizer-theme", Value = theme, Url = address.ToString() }]);
        }

        return await Visitor.OpenAsync(context, address);
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Browser";
}
