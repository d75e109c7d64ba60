using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Accounts;

public sealed class AccountPartsTests : PageTest
{
    private readonly AccountsFixture _fixture;

    public AccountPartsTests()
        : this(new AccountsFixture())
    {
    }

    private AccountPartsTests(AccountsFixture fixture)
        : base(fixture.Time, services => services
            .AddSingleton(fixture.Users)
            .AddSingleton(fixture.Auth)
            .AddSingleton(fixture.Get<PasswordLinks>())
            .AddSingleton(fixture.Get<TwoFactorService>())
            .AddSingleton(fixture.Get<ApiKeys>())) => _fixture = fixture;

    [Fact]
    public async Task UserManagement_Admin_ListsInvitesAndShowsTheLinkOnce()
    {
        var root = await _fixture.AddAsync("root", Role.Admin);
        SignIn(root);
        var page = Render<UserManagement>();
        page.WaitForAssertion(() => Assert.Equal(["root"], page.FindAll(".person h2").Select(h => h.TextContent.Trim())));

        await page.Find(".page-actions button").ClickAsync(new());
        await page.Find("#username").ChangeAsync(new() { Value = "anna" });
        await page.Find(".dialog-form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal(["anna", "root"], page.FindAll(".person h2").Select(h => h.TextContent.Trim())));
        var link = page.Find(".copy-field input").GetAttribute("value")!;
        Assert.Equal("anna", await _fixture.Get<PasswordLinks>().FindUserNameAsync(link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], default));
    }

    [Fact]
    public async Task UserManagement_LastAdminDisabled_SaysWhyNot()
    {
        var root = await _fixture.AddAsync("root", Role.Admin);
        SignIn(root);
        var page = Render<UserManagement>();
        page.WaitForElement(".person-actions button");

        await page.Find(".person-actions button").ClickAsync(new());
        await page.FindAll("button").Single(b => b.TextContent == "Disable").ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("last administrator", page.Find(".notice-danger").TextContent, StringComparison.Ordinal));
        Assert.False(Assert.Single(await _fixture.Users.ListAsync(Actor.System, default)).Disabled);
    }

    [Fact]
    public void UserManagement_WithoutThePermission_ShowsNoName()
    {
        var page = Render<UserManagement>();

        page.WaitForAssertion(() => Assert.Contains("permission", page.Find(".face-failed").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ApiKeyList_MakeAndRemove_ShowsTheKeyOnce()
    {
        var edda = await _fixture.AddAsync("edda", Role.Editor);
        var list = Render<ApiKeyList>(p => p.Add(c => c.Actor, edda));
        Assert.Equal(Permission.For(Role.Editor).Count, list.FindAll("input[type=checkbox]").Count);

        await list.Find("form").SubmitAsync();
        Assert.NotEmpty(list.FindAll(".field-error"));
        await list.Find("#name").ChangeAsync(new() { Value = "script" });
        await list.Find("input[type=checkbox]").ChangeAsync(new() { Value = true });
        await list.Find("form").SubmitAsync();

        list.WaitForAssertion(() => Assert.NotNull(list.Find(".copy-field input")));
        Assert.NotNull(await _fixture.Get<ApiKeys>().ValidateAsync(list.Find(".copy-field input").GetAttribute("value")!, default));
        await list.Find(".lines button").ClickAsync(new());
        list.WaitForAssertion(() => Assert.Empty(list.FindAll(".lines, .copy-field input")));
    }

    [Fact]
    public async Task TwoFactorPanel_SetUp_DrawsTheCodeAndShowsRecoveryCodes()
    {
        var edda = await _fixture.AddAsync("edda", Role.Editor);
        var panel = Render<TwoFactorPanel>(p => p.Add(c => c.Actor, edda));

        await panel.Find("form").SubmitAsync();
        panel.WaitForAssertion(() => Assert.Contains("not right", panel.Find("#factorPassword-error").TextContent, StringComparison.Ordinal));
        await panel.Find("#factorPassword").ChangeAsync(new() { Value = AccountsFixture.GoodPassword });
        await panel.Find("form").SubmitAsync();
        panel.WaitForElement("svg");
        Assert.NotEmpty(panel.FindAll(".factor-code svg path, .factor-code svg rect"));
        await panel.Find("#code").ChangeAsync(new() { Value = "000000" });
        await panel.Find("form").SubmitAsync();

        panel.WaitForAssertion(() => Assert.Contains("not right", panel.Find(".field-error").TextContent, StringComparison.Ordinal));
        Assert.Equal((false, 0), await _fixture.Get<TwoFactorService>().GetStateAsync(edda, default));
    }

    private void SignIn(Actor actor) => Visitor.SetAuthorized(actor.Name).SetClaims(
        [new Claim("user_id", $"{actor.UserId}"), new Claim("username", actor.Name), .. actor.Permissions.Select(p => new Claim("permissions", p))]);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _fixture.Dispose();
        }
    }
}
