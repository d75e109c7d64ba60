using Microsoft.Playwright;

namespace Catalogizer.Tests.Browser;

/// <summary>One browser process for the whole run. Visitors share nothing but the process, so their tests run side by side.</summary>
internal static class Chromium
{
    private static readonly Lazy<Task<IBrowser>> Browser = new(StartAsync);

    /// <summary>A visitor without cookies, or with the one that chooses a theme.</summary>
    public static async Task<Visitor> VisitAsync(Uri address, string? theme = null)
    {
        var browser = await Browser.Value;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString(), ReducedMotion = ReducedMotion.Reduce });
        if (theme is not null)
        {
            await context.AddCookiesAsync([new Cookie { Name = "catalogizer-theme", Value = theme, Url = address.ToString() }]);
        }

        return await Visitor.OpenAsync(context, address);
    }

    /// <summary>A visitor who has signed in, without the form: that has tests of its own.</summary>
    public static async Task<Visitor> VisitAsync(Uri address, string name, string password)
    {
        var visitor = await VisitAsync(address);
        await visitor.AddSessionCookieAsync(name, password);
        return visitor;
    }

    private static async Task<IBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => playwright.Dispose();     // ends the browser too
        Assertions.SetDefaultExpectTimeout(Visitor.TimeoutMilliseconds);
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium-headless-shell",
            Args = ["--no-sandbox"],
        });
    }
}
