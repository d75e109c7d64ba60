using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Api;

[Trait("Category", "Server")]
public sealed class UsersApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Invite_LinkOpened_PersonChoosesAndSignsIn()
    {
        var added = await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync("/api/v1/users", new { username = "ines", role = "editor", invite = true }));
        Assert.Equal((true, "editor"), (added.GetProperty("invited").GetBoolean(), added.GetProperty("role").GetString()));
        var id = added.GetProperty("id").GetInt64();
        var made = await api.Admin.PostAsync($"/api/v1/users/{id}/link", null);
        Assert.Contains("no-store", made.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        var link = (await ApiServer.AssertOkAsync(made)).GetProperty("link").GetString()!;
        Assert.StartsWith(api.Server.Address.ToString(), link, StringComparison.Ordinal);

        var browser = api.Server.CreateBrowser();
        var set = await TestServer.SubmitAsync(browser, new Uri(link).PathAndQuery, ("Form.Password", "a password of ines"), ("Form.Repeat", "a password of ines"));
        Assert.Equal((HttpStatusCode.Redirect, api.Server.Address), (set.StatusCode, set.Headers.Location));
        Assert.Equal("ines", (await TestServer.ReadJsonAsync(await browser.GetAsync("/api/v1/auth/me"))).GetProperty("username").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TestServer.LogInAsync(api.Server.CreateBrowser(), "ines", "a password of ines")).StatusCode);
        Assert.DoesNotContain(api.Server.LogMessages, line => line.Contains(link[(link.IndexOf("token=", StringComparison.Ordinal) + 6)..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Change_RoleGrantsAndDisabled_IsPartial()
    {
        var id = (await ApiServer.AssertOkAsync(await api.Admin.PostAsJsonAsync("/api/v1/users", new { username = "carla", password = AccountsFixture.GoodPassword, role = "viewer" }))).GetProperty("id").GetInt64();

        var granted = await ApiServer.AssertOkAsync(await api.Admin.PutAsJsonAsync($"/api/v1/users/{id}", new { role = "editor", permissions = new[] { Permission.JobsManage } }));
        var disabled = await ApiServer.AssertOkAsync(await api.Admin.PutAsJsonAsync($"/api/v1/users/{id}", new { disabled = true }));

        Assert.Equal(Permission.JobsManage, Assert.Single(granted.GetProperty("grants").EnumerateArray()).GetString());
        Assert.Equal(("editor", true, 1), (disabled.GetProperty("role").GetString(), disabled.GetProperty("disabled").GetBoolean(), disabled.GetProperty("grants").GetArrayLength()));
        await ApiServer.AssertInvalidAsync(await api.Admin.PutAsJsonAsync($"/api/v1/users/{id}", new { }), "role");
        await ApiServer.AssertInvalidAsync(await api.Admin.PutAsJsonAsync($"/api/v1/users/{id}", new { permissions = new[] { "everything" } }), "permissions");
        Assert.Equal(HttpStatusCode.NoContent, (await api.Admin.DeleteAsync($"/api/v1/users/{id}")).StatusCode);
        await ApiServer.AssertProblemAsync(await api.Admin.DeleteAsync($"/api/v1/users/{id}"), 404);
    }

    [Fact]
    public async Task LastAdmin_CannotGo()
    {
        var id = (await api.GetAsync("users")).EnumerateArray().Single(u => u.GetProperty("username").GetString() == "root").GetProperty("id").GetInt64();

        await ApiServer.AssertProblemAsync(await api.Admin.DeleteAsync($"/api/v1/users/{id}"), 409);
        await ApiServer.AssertProblemAsync(await api.Admin.PutAsJsonAsync($"/api/v1/users/{id}", new { role = "viewer" }), 403);
        await ApiServer.AssertProblemAsync(await api.Admin.PutAsJsonAsync($"/api/v1/users/{id}", new { disabled = true }), 409);
        Assert.Equal(HttpStatusCode.OK, (await api.Admin.GetAsync("/api/v1/auth/me")).StatusCode);
    }

    [Fact]
    public async Task ApiKey_AsBearer_MayWhatItsScopesSay()
    {
        var edda = (await api.GetAsync("users")).EnumerateArray().Single(u => u.GetProperty("username").GetString() == "edda").GetProperty("id").GetInt64();
        var key = (await api.Server.Get<ApiKeys>().AddAsync(new Actor(edda, "edda", Permission.For(Role.Editor)) { Session = "of a browser" }, "script", [Permission.MediaView], null, default)).Value;
        var script = api.Server.CreateBrowser();
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/v1/media")).StatusCode);
        await ApiServer.AssertProblemAsync(await script.GetAsync("/api/v1/sources"), 403);
        await ApiServer.AssertProblemAsync(await script.PutAsJsonAsync("/api/v1/media/999999", new { }), 403);
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key[..^1]);
        await ApiServer.AssertProblemAsync(await script.GetAsync("/api/v1/media"), 401);
        Assert.DoesNotContain(api.Server.LogMessages, line => line.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoFactor_SignInPage_AsksForTheCode()
    {
        await api.Server.AddUserAsync("zoe", Role.Viewer);
        var id = (await api.GetAsync("users")).EnumerateArray().Single(u => u.GetProperty("username").GetString() == "zoe").GetProperty("id").GetInt64();
        var (factor, zoe) = (api.Server.Get<TwoFactorService>(), new Actor(id, "zoe", []) { Session = "of a browser" });
        var offer = (await factor.BeginSetupAsync(zoe, AccountsFixture.GoodPassword, default)).Value;
        var codes = (await factor.EnableAsync(zoe, AccountsFixture.CodeFor(offer.Secret, DateTimeOffset.UtcNow), default)).Value;

        var browser = api.Server.CreateBrowser();
        var second = await (await TestServer.SignInAsync(browser, "zoe")).Content.ReadAsStringAsync();
        Assert.Contains("name=\"Form.Code\"", second, StringComparison.Ordinal);
        Assert.DoesNotContain(AccountsFixture.GoodPassword, second, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);
        var response = await browser.PostAsync("/sign-in", new FormUrlEncodedContent(
        [
            .. TestServer.ReadHiddenFields(second),
            KeyValuePair.Create("Form.Code", codes[0]),
        ]));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/auth/me")).StatusCode);

        // A password link replaces the password, but not the two-factor code.
        var link = (await api.Server.Get<PasswordLinks>().CreateAsync(Actor.System, id, default)).Value;
        var other = api.Server.CreateBrowser();
        var set = await (await TestServer.SubmitAsync(other, $"/choose-password?token={link}", ("Form.Password", "a password of zoe"), ("Form.Repeat", "a password of zoe"))).Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/api/v1/auth/me")).StatusCode);
        Assert.Contains("action=\"sign-in\"", set, StringComparison.Ordinal);
        await other.PostAsync("/sign-in", new FormUrlEncodedContent([.. TestServer.ReadHiddenFields(set), KeyValuePair.Create("Form.Code", codes[2])]));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/v1/auth/me")).StatusCode);

        await ApiServer.AssertProblemAsync(await TestServer.LogInAsync(api.Server.CreateBrowser(), "zoe"), 401);
        var script = await api.Server.CreateBrowser().PostAsJsonAsync("/api/v1/auth/login", new { username = "zoe", password = "a password of zoe", code = codes[1] });
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
    }
}
