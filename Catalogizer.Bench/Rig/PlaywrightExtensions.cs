using Microsoft.Playwright;

namespace Catalogizer.Bench.Rig;

/// <summary>Helpers for pages in a real browser.</summary>
internal static class PlaywrightExtensions
{
    public static async Task<IBrowser> LaunchChromiumAsync(this IPlaywright playwright)
    {
        await ProcessRunner.EnsureInstalledAsync("chromium", "chromium");
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    /// <summary>Adds the cookies of a signed-in user to the page's browser context.</summary>
    public static async Task SignInAsync(this IPage page, ServedApp server)
    {
        var sent = await server.SignInAsync();
        await page.Context.AddCookiesAsync(sent.GetAllCookies().Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = server.Address.ToString() }));
    }
}
