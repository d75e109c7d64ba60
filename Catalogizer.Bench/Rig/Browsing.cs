using Microsoft.Playwright;

namespace Catalogizer.Bench.Rig;

/// <summary>Pages in a real browser.</summary>
internal static class Browsing
{
    public static async Task<IBrowser> ChromiumAsync(this IPlaywright playwright)
    {
        await Tool.NeedAsync("chromium", "chromium");
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    /// <summary>Gives the page's browser what keeps somebody signed in.</summary>
    public static async Task SignInAsync(this IPage page, ServedApp server)
    {
        var sent = await server.SignInAsync();
        await page.Context.AddCookiesAsync(sent.GetAllCookies().Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = server.Address.ToString() }));
    }
}
