using Microsoft.Playwright;

namespace Catalogizer.Tests.Browser;

/// <summary>One browser process for the whole run. Visitors share only the process, so their tests run in parallel.</summary>
internal static class Chromium
{
    private static readonly Lazy<Task<IBrowser>> Browser = new(StartAsync);

    /// <summary>A visitor without cookies, except the one that selects a given theme.</summary>
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

    /// <summary>A visitor who is signed in without the form, which has its own tests.</summary>
    public static async Task<Visitor> VisitAsync(Uri address, string name, string password)
    {
        var visitor = await VisitAsync(address);
        await visitor.AddSessionCookieAsync(name, password);
        return visitor;
    }

    private static async Task<IBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => playwright.Dispose();     // also ends the browser
        Assertions.SetDefaultExpectTimeout(Visitor.TimeoutMilliseconds);
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium-headless-shell",
            Args = ["--no-sandbox"],
        });
    }
}
