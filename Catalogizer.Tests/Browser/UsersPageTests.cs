using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>User management and account settings in a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class UsersPageTests : IAsyncLifetime
{
    private readonly TestServer _server = new()
    {
        Settings =
        [
            "--Catalogizer:Admin:UserName=anna", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Catalogizer:SignIn:AttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning",
        ],
    };

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        await _server.AddUserAsync("vera", Role.Viewer);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Invited_ChoosesAPassword_ComesInAndIsShutOutAgain()
    {
        await using var admin = await VisitAsync("anna");
        await admin.NavigateAsync("/");
        await admin.Link("People").ClickAsync();
        await Expect(admin.Heading("People")).ToBeVisibleAsync();
        await admin.WaitUntilInteractiveAsync();
        await admin.Button("Invite somebody").ClickAsync();
        await admin.Page.FillAsync("#username", "bert");
        await admin.Page.GetByRole(AriaRole.Dialog).GetByText("Editor", new() { Exact = true }).ClickAsync();
        await admin.Page.PressAsync("#username", "Enter");
        var link = await admin.Page.GetByLabel("Link", new() { Exact = true }).InputValueAsync();
        await admin.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await admin.Button("Copy link").ClickAsync();
        await Expect(admin.Page.Locator(".copy-field [role=status]")).ToHaveTextAsync("Copied");
        Assert.Equal(link, await admin.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));

        await using var bert = await Chromium.VisitAsync(_server.Address);
        await bert.Page.GotoAsync(link);
        await bert.Page.FillAsync("#password", "a password of bert");
        await bert.Page.FillAsync("#repeat", "a password of bert");
        await bert.Button("Set password and sign in").ClickAsync();
        await Expect(bert.Heading("Home")).ToBeVisibleAsync();
        await Expect(bert.Link("People")).ToHaveCountAsync(0);
        var other = await bert.OpenTabAsync("/account");
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Keys for scripts" })).ToBeVisibleAsync();

        await admin.NavigateAsync("/admin/users");
        await admin.Button("Change bert").ClickAsync();
        await admin.Button("Disable").ClickAsync();
        await Expect(admin.Page.Locator(".person", new() { HasText = "bert" }).GetByText("disabled", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(bert.Heading("Please sign in")).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Please sign in" })).ToBeVisibleAsync();
        admin.AssertNoErrors();
        bert.AssertNoErrors();
    }

    [Fact]
    public async Task SignOut_InOneTab_EndsTheOthers()
    {
        await using var visitor = await VisitAsync("vera");
        var other = await visitor.OpenTabAsync("/account");
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Keys for scripts" })).ToBeVisibleAsync();

        await visitor.NavigateAsync("/");
        await visitor.Button("Account of vera").ClickAsync();
        await visitor.Button("Sign out").ClickAsync();

        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Please sign in" })).ToBeVisibleAsync();
        await other.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await other.FillAsync("#username", "vera");
        await other.FillAsync("#password", AccountsFixture.GoodPassword);
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(other).ToHaveURLAsync("/account");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Account_KeyAndPassword_AreMadeAndChanged()
    {
        await using var visitor = await VisitAsync("vera");
        var page = visitor.Page;
        await visitor.NavigateAsync("/account");
        await page.FillAsync("#name", "backup script");
        await page.GetByLabel("media.view").CheckAsync();
        await visitor.Button("Make a key").ClickAsync();
        await Expect(page.GetByLabel("Key", new() { Exact = true })).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^ctlg_"));
        await visitor.ReloadAsync(() => page.ReloadAsync());
        await Expect(page.GetByText("backup script")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Key", new() { Exact = true })).ToHaveCountAsync(0);

        await page.FillAsync("#currentPassword", AccountsFixture.GoodPassword);
        await page.FillAsync("#password", "another good one");
        await page.FillAsync("#repeat", "another good one");
        await visitor.Button("Change the password").ClickAsync();
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        await visitor.SignInAsync("vera", "another good one");
        await Expect(visitor.Heading("Home")).ToBeVisibleAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Pages_EveryWidth_Fit()
    {
        await _server.AddUserAsync("somebody-with-a-name-as-long-as-names-may-become-and-no-space", Role.Editor);
        var vera = (await _server.Users.ListAsync(Actor.System, default)).Single(u => u.Username == "vera").Id;
        await _server.Users.SetGrantsAsync(Actor.System, vera, [Permission.JobsManage, Permission.SystemView], default);
        await _server.Users.InviteAsync(Actor.System, "gast", Role.Viewer, default);
        await _server.Users.SetDisabledAsync(Actor.System, (await _server.Users.ListAsync(Actor.System, default)).Single(u => u.Username == "gast").Id, true, default);
        for (var i = 0; i < 5; i++)
        {
            await TestServer.LogInAsync(_server.CreateBrowser(), "vera", "not it at all");
        }

        await using var visitor = await VisitAsync("anna");
        await visitor.NavigateAsync("/admin/users");
        await visitor.AssertFitsAsync("people");
        await visitor.Button("Invite somebody").ClickAsync();
        await visitor.AssertFitsAsync("people-invite");
        await visitor.Button("Cancel").First.ClickAsync();
        await visitor.Button("Change vera").ClickAsync();
        await visitor.AssertFitsAsync("people-change");
        await visitor.NavigateAsync("/account");
        await visitor.Page.FillAsync("#name", "backup script");
        await visitor.Page.GetByLabel("media.view").CheckAsync();
        await visitor.Button("Make a key").ClickAsync();
        await visitor.Page.FillAsync("#factorPassword", AccountsFixture.GoodPassword);
        await visitor.Page.PressAsync("#factorPassword", "Enter");
        await Expect(visitor.Page.Locator(".factor-code svg")).ToBeVisibleAsync();
        await visitor.AssertFitsAsync("account");
        var secret = (await visitor.Page.Locator(".factor-secret").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await visitor.Page.FillAsync("#code", AccountsFixture.CodeFor(secret, DateTimeOffset.UtcNow));
        await visitor.Page.PressAsync("#code", "Enter");
        await Expect(visitor.Page.Locator(".recovery li")).ToHaveCountAsync(10);
        await visitor.AssertFitsAsync("account-codes");
        var token = (await _server.Get<PasswordLinks>().CreateAsync(Actor.System, vera, default)).Value;
        await visitor.Page.GotoAsync($"/choose-password?token={token}");
        await visitor.AssertFitsAsync("choose-password");
        visitor.AssertNoErrors();
    }

    private Task<Visitor> VisitAsync(string name) => Chromium.VisitAsync(_server.Address, name, AccountsFixture.GoodPassword);
}
