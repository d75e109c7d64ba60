using System.Globalization;
using System.Net;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components;

namespace Catalogizer.Tests.Accounts;

/// <summary>Blazor circuits: which user they belong to, and when they end.</summary>
[Trait("Category", "Server")]
public sealed class CircuitTests(AuthApiTests.ServerFixture fixture) : IClassFixture<AuthApiTests.ServerFixture>, IDisposable
{
    private const string SignInPrompt = "Please sign in";

    private readonly TestServer _server = fixture.Server;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromMinutes(10));

    /// <summary>Unique per test, because all tests of the class share one server.</summary>
    private readonly string _vera = $"vera-{Guid.NewGuid():N}";

    public void Dispose() => _timeout.Dispose();

    /// <summary>No page shows any of many concurrent users the data of another user.</summary>
    [Fact]
    public async Task ManyPeople_ManyPages_EachSeesOnlyTheirOwn()
    {
        var (people, rounds) = (20, int.TryParse(Environment.GetEnvironmentVariable("CIRCUITS"), CultureInfo.InvariantCulture, out var asked) ? asked / 4 : 1);
        var names = Enumerable.Range(0, people).Select(i => $"marker{i:00}{Guid.NewGuid():N}").ToList();
        var cookies = new List<string>();
        foreach (var name in names)
        {
            await _server.AddUserAsync(name, Role.Viewer);
            cookies.Add(await _server.GetCookieAsync(name));
            await _server.Get<ApiKeys>().AddAsync(new Actor(await FindIdAsync(name), name, Permission.For(Role.Viewer)) { Session = "of a browser" }, "key" + name, [Permission.MediaView], null, _timeout.Token);
        }

        var browser = _server.CreateBrowser();
        var (opened, foreign) = (0, new List<string>());
        for (var round = 0; round < rounds; round++)
        {
            var circuits = await Task.WhenAll(names.SelectMany((name, i) => Pages(name).Select(async page =>
                (Name: name, Page: page, Circuit: await BlazorCircuitClient.OpenAsync(browser, cookies[i], page, _timeout.Token)))));
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
        await _server.AddUserAsync(_vera, Role.Viewer);
        await _server.AddUserAsync("otto-" + _vera, Role.Viewer);
        var (cookie, id) = (await _server.GetCookieAsync(_vera), await FindIdAsync(_vera));
        var browser = _server.CreateBrowser();
        await using var one = await BlazorCircuitClient.OpenAsync(browser, cookie, CatalogUrls.Account, _timeout.Token);
        await using var other = await BlazorCircuitClient.OpenAsync(browser, cookie, CatalogUrls.Library(), _timeout.Token);
        await using var somebodyElse = await BlazorCircuitClient.OpenAsync(browser, await _server.GetCookieAsync("otto-" + _vera), CatalogUrls.Account, _timeout.Token);
        await one.WaitForTextAsync("Keys for scripts");
        await other.WaitForTextAsync(_vera);
        await somebodyElse.WaitForTextAsync("Keys for scripts");

        await (how switch
        {
            "sign out" => SignOutAsync(cookie),
            "disable" => _server.Users.SetDisabledAsync(Actor.System, id, true, _timeout.Token),
            "role" => _server.Users.SetRoleAsync(Actor.System, id, Role.Editor, _timeout.Token),
            "grants" => _server.Users.SetGrantsAsync(Actor.System, id, [Permission.JobsManage], _timeout.Token),
            "password" => _server.Users.SetPasswordAsync(Actor.System, id, "another good password", _timeout.Token),
            _ => _server.Users.RemoveAsync(Actor.System, id, _timeout.Token),
        });

        await one.WaitForTextAsync(SignInPrompt);
        await other.WaitForTextAsync(SignInPrompt);
        Assert.False(somebodyElse.HasRendered(SignInPrompt));
        Assert.Equal((null, null), (one.ErrorMessage, other.ErrorMessage));
    }

    [Fact]
    public async Task Circuit_OfAPageMadeForSomebodyElse_ShowsNothingOfTheirs()
    {
        await _server.AddUserAsync(_vera, Role.Viewer);
        var viewer = await _server.GetCookieAsync(_vera);
        var browser = _server.CreateBrowser();

        // The page is prerendered for the admin; its component markers are then sent with the viewer's cookie.
        await using var circuit = await BlazorCircuitClient.OpenAsync(browser, await _server.GetCookieAsync("root"), CatalogUrls.Users, _timeout.Token, openedWith: viewer);
        await circuit.WaitForTextAsync("have access to this page");

        Assert.False(circuit.HasRendered("Invite somebody"));
    }

    public static string[] Pages(string name) => [CatalogUrls.Account, CatalogUrls.Library(), $"{CatalogUrls.Library()}?query={name}", CatalogUrls.Sources];

    private async Task<long> FindIdAsync(string name) => (await _server.Users.ListAsync(Actor.System, _timeout.Token)).Single(u => u.Username == name).Id;

    private async Task SignOutAsync(string cookie)
    {
        // As the menu's form does it, with the antiforgery token pair from a page of this session.
        var browser = _server.CreateBrowser();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        using var page = await browser.GetAsync(CatalogUrls.Account, _timeout.Token);
        var html = await page.Content.ReadAsStringAsync(_timeout.Token);
        var pair = page.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("catalogizer.antiforgery=", StringComparison.Ordinal)).Split(';')[0];
        browser.DefaultRequestHeaders.Remove("Cookie");
        browser.DefaultRequestHeaders.Add("Cookie", $"{cookie}; {pair}");
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var response = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]), _timeout.Token);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }
}
