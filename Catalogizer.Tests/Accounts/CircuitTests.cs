using System.Globalization;
using System.Net;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Accounts;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components;

namespace Catalogizer.Tests.Accounts;

/// <summary>Open pages: whose they are, and when they end.</summary>
[Trait("Category", "Server")]
public sealed class CircuitTests(AuthApiTests.Site site) : IClassFixture<AuthApiTests.Site>, IDisposable
{
    private const string Gone = "Please sign in";

    private readonly TestServer _server = site.Server;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(10));

    /// <summary>A name of the test's own, as the server is everyone's.</summary>
    private readonly string _vera = $"vera-{Guid.NewGuid():N}";

    public void Dispose() => _limit.Dispose();

    /// <summary>What each of many people sees holds nothing of any of the others, on any page, while things happen.</summary>
    [Fact]
    public async Task ManyPeople_ManyPages_EachSeesOnlyTheirOwn()
    {
        var (people, rounds) = (20, int.TryParse(Environment.GetEnvironmentVariable("CIRCUITS"), CultureInfo.InvariantCulture, out var asked) ? asked / 4 : 1);
        var names = Enumerable.Range(0, people).Select(i => $"marker{i:00}{Guid.NewGuid():N}").ToList();
        var cookies = new List<string>();
        foreach (var name in names)
        {
            await _server.AddAsync(name, Role.Viewer);
            cookies.Add(await _server.CookieAsync(name));
            await _server.Get<ApiKeys>().AddAsync(new Actor(await IdAsync(name), name, Permission.For(Role.Viewer)) { Session = "of a browser" }, "key" + name, [Permission.MediaView], null, _limit.Token);
        }

        var browser = _server.Browser();
        var (opened, foreign) = (0, new List<string>());
        for (var round = 0; round < rounds; round++)
        {
            var circuits = await Task.WhenAll(names.SelectMany((name, i) => Pages(name).Select(async page =>
                (Name: name, Page: page, Circuit: await BlazorCircuitClient.OpenAsync(browser, cookies[i], page, _limit.Token)))));
            await Task.WhenAll(circuits.Select(async one =>
            {
                await one.Circuit.WaitForTextAsync(one.Name);
                await one.Circuit.WaitForTextAsync(one.Page == CatalogUrls.Account ? "key" + one.Name : "</");
            }));
            opened += circuits.Length;
            foreach (var (name, page, circuit) in circuits)
            {
                foreign.AddRange(names.Where(other => other != name && circuit.HasRendered(other)).Select(other => $"{name} saw {other} on {page}"));
                Assert.Null(circuit.ErrorMessage);
                await circuit.DisposeAsync();
            }
        }

        Assert.Equal((people * rounds * 4, 0), (opened, foreign.Count));
    }

    [Theory]
    [InlineData("sign out")]
    [InlineData("disable")]
    [InlineData("role")]
    [InlineData("grants")]
    [InlineData("password")]
    [InlineData("remove")]
    public async Task OpenPages_WhenTheAccountChanges_AreForNobodyAtOnce(string how)
    {
        await _server.AddAsync(_vera, Role.Viewer);
        await _server.AddAsync("otto-" + _vera, Role.Viewer);
        var (cookie, id) = (await _server.CookieAsync(_vera), await IdAsync(_vera));
        var browser = _server.Browser();
        await using var one = await BlazorCircuitClient.OpenAsync(browser, cookie, CatalogUrls.Account, _limit.Token);
        await using var other = await BlazorCircuitClient.OpenAsync(browser, cookie, CatalogUrls.Library(), _limit.Token);
        await using var somebodyElse = await BlazorCircuitClient.OpenAsync(browser, await _server.CookieAsync("otto-" + _vera), CatalogUrls.Account, _limit.Token);
        await one.WaitForTextAsync("Keys for scripts");
        await other.WaitForTextAsync(_vera);
        await somebodyElse.WaitForTextAsync("Keys for scripts");

        await (how switch
        {
            "sign out" => SignOutAsync(cookie),
            "disable" => _server.Users.SetDisabledAsync(Actor.System, id, true, _limit.Token),
            "role" => _server.Users.SetRoleAsync(Actor.System, id, Role.Editor, _limit.Token),
            "grants" => _server.Users.SetGrantsAsync(Actor.System, id, [Permission.JobsManage], _limit.Token),
            "password" => _server.Users.SetPasswordAsync(Actor.System, id, "another good password", _limit.Token),
            _ => _server.Users.RemoveAsync(Actor.System, id, _limit.Token),
        });

        await one.WaitForTextAsync(Gone);
        await other.WaitForTextAsync(Gone);
        Assert.False(somebodyElse.HasRendered(Gone));
        Assert.Equal((null, null), (one.ErrorMessage, other.ErrorMessage));
    }

    [Fact]
    public async Task Circuit_OfAPageMadeForSomebodyElse_ShowsNothingOfTheirs()
    {
        await _server.AddAsync(_vera, Role.Viewer);
        var viewer = await _server.CookieAsync(_vera);
        var browser = _server.Browser();

        // The admin's page is drawn for the admin, and its marks are sent along with the viewer's cookie.
        await using var circuit = await BlazorCircuitClient.OpenAsync(browser, await _server.CookieAsync("root"), CatalogUrls.Users, _limit.Token, openedWith: viewer);
        await circuit.WaitForTextAsync("have access to this page");

        Assert.False(circuit.HasRendered("Invite somebody"));
    }

    public static string[] Pages(string name) => [CatalogUrls.Account, CatalogUrls.Library(), $"{CatalogUrls.Library()}?query={name}", CatalogUrls.Sources];

    private async Task<long> IdAsync(string name) => (await _server.Users.ListAsync(Actor.System, _limit.Token)).Single(u => u.Username == name).Id;

    private async Task SignOutAsync(string cookie)
    {
        // As the menu's form does it, with the antiforgery pair of a page of the session.
        var browser = _server.Browser();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        using var page = await browser.GetAsync(CatalogUrls.Account, _limit.Token);
        var html = await page.Content.ReadAsStringAsync(_limit.Token);
        var pair = page.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("catalogizer.antiforgery=", StringComparison.Ordinal)).Split(';')[0];
        browser.DefaultRequestHeaders.Remove("Cookie");
        browser.DefaultRequestHeaders.Add("Cookie", $"{cookie}; {pair}");
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var answer = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]), _limit.Token);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }
}
