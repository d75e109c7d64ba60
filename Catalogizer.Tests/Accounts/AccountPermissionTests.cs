using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Accounts;

/// <summary>Who may change which account: users cannot grant, revoke or reset what they do not hold themselves.</summary>
public sealed class AccountPermissionTests : IDisposable
{
    private const string OtherPassword = "another good password";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly AccountsFixture _fixture = new();

    /// <summary>Each action of each actor on each target.</summary>
    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var table = new TheoryData<string, string, string>();
            foreach (var actor in (string[])["helper", "admin"])
            {
                foreach (var target in (string[])["viewer", "editor", "granted", "admin", "own"])
                {
                    foreach (var action in Actions.Keys)
                    {
                        table.Add(actor, target, action);
                    }
                }
            }

            return table;
        }
    }

    private static readonly Dictionary<string, Func<AccountsFixture, Actor, long, Task<Error?>>> Actions = new()
    {
        ["make a viewer"] = async (f, actor, id) => (await f.Users.SetRoleAsync(actor, id, Role.Viewer, None)).Error,
        ["make an editor"] = async (f, actor, id) => (await f.Users.SetRoleAsync(actor, id, Role.Editor, None)).Error,
        ["make an admin"] = async (f, actor, id) => (await f.Users.SetRoleAsync(actor, id, Role.Admin, None)).Error,
        ["grant nothing"] = async (f, actor, id) => (await f.Users.SetGrantsAsync(actor, id, [], None)).Error,
        ["grant users.manage"] = async (f, actor, id) => (await f.Users.SetGrantsAsync(actor, id, [Permission.UsersManage], None)).Error,
        ["grant jobs.manage"] = async (f, actor, id) => (await f.Users.SetGrantsAsync(actor, id, [Permission.JobsManage], None)).Error,
        ["set the password"] = async (f, actor, id) => (await f.Users.SetPasswordAsync(actor, id, OtherPassword, None)).Error,
        ["make a link"] = async (f, actor, id) => (await f.Get<PasswordLinks>().CreateAsync(actor, id, None)).Error,
        ["clear the second factor"] = async (f, actor, id) => (await f.Users.ClearTwoFactorAsync(actor, id, None)).Error,
        ["end the keys"] = async (f, actor, id) => (await f.Users.RemoveKeysAsync(actor, id, None)).Error,
        ["unlock"] = async (f, actor, id) => (await f.Users.UnlockAsync(actor, id, None)).Error,
        ["disable"] = async (f, actor, id) => (await f.Users.SetDisabledAsync(actor, id, true, None)).Error,
        ["remove"] = async (f, actor, id) => await f.Users.RemoveAsync(actor, id, None),
    };

    /// <summary>Actions that users may not apply to their own account: they would skip the password check or raise the user's permissions.</summary>
    private static readonly string[] ActionsOnOthers =
        ["make a viewer", "make an editor", "make an admin", "grant nothing", "grant users.manage", "grant jobs.manage", "set the password", "make a link", "clear the second factor"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Account_OfAnother_IsChangedOnlyByWhoMayAsMuch(string who, string whose, string action)
    {
        await _fixture.AddAsync("root", Role.Admin);
        var actor = who == "admin" ? await _fixture.AddAsync("anna", Role.Admin) : await AddUserManagerAsync();
        var target = whose switch
        {
            "own" => actor,
            "admin" => await _fixture.AddAsync("ada", Role.Admin),
            "editor" => await _fixture.AddAsync("edda", Role.Editor),
            _ => await _fixture.AddAsync("vera"),
        };
        if (whose == "granted")
        {
            await _fixture.Users.SetGrantsAsync(Actor.System, target.UserId!.Value, [Permission.SystemView], None);
        }

        var before = await ReadAccessStateAsync();
        var error = await Actions[action](_fixture, actor, target.UserId!.Value);

        // The helper is a viewer who manages accounts: not an editor, and without system.view and jobs.manage.
        var more = who == "helper" && (whose is "admin" or "editor" or "granted" || action is "make an editor" or "make an admin" or "grant jobs.manage");
        Assert.Equal(whose == "own" && ActionsOnOthers.Contains(action) ? typeof(OwnAccountChangeDenied) : more ? typeof(InsufficientPermissions) : null, error?.GetType());
        if (error is not null)
        {
            Assert.Equal(before, await ReadAccessStateAsync());
        }
    }

    [Theory]
    [InlineData(Role.Viewer, true)]
    [InlineData(Role.Editor, false)]
    [InlineData(Role.Admin, false)]
    public async Task Account_New_MayNoMoreThanItsMaker(Role role, bool made)
    {
        var helper = await AddUserManagerAsync();

        Assert.Equal(made ? null : typeof(InsufficientPermissions), (await _fixture.Users.AddAsync(helper, "new", OtherPassword, role, None)).Error?.GetType());
        Assert.Equal(made ? null : typeof(InsufficientPermissions), (await _fixture.Users.InviteAsync(helper, "newer", role, None)).Error?.GetType());
        Assert.Equal(made ? 3 : 1, (await _fixture.Users.ListAsync(Actor.System, None)).Count);
    }

    [Fact]
    public async Task OwnAccount_WithoutABrowser_IsNotTouched()
    {
        var anna = await _fixture.AddAsync("anna", Role.Admin);
        var key = (await _fixture.Get<ApiKeys>().AddAsync(anna, "kept", [Permission.MediaView], null, None)).Value;
        var (script, keys, factor) = (anna with { Session = null }, _fixture.Get<ApiKeys>(), _fixture.Get<TwoFactorService>());
        var before = await ReadAccessStateAsync();

        foreach (var call in (Func<Task>[])
        [
            () => _fixture.Users.ChangePasswordAsync(script, AccountsFixture.GoodPassword, OtherPassword, None),
            () => factor.GetStateAsync(script, None), () => factor.BeginSetupAsync(script, AccountsFixture.GoodPassword, None), () => factor.EnableAsync(script, "123456", None),
            () => factor.DisableAsync(script, AccountsFixture.GoodPassword, "123456", None), () => factor.RegenerateRecoveryCodesAsync(script, AccountsFixture.GoodPassword, "123456", None),
            () => _fixture.Auth.ListSessionsAsync(script, None), () => _fixture.Auth.EndSessionAsync(script, "any", None),
            () => keys.ListAsync(script, None), () => keys.AddAsync(script, "x", [Permission.MediaView], null, None), () => keys.RemoveAsync(script, 1, None),
        ])
        {
            await Assert.ThrowsAsync<PermissionDeniedException>(call);
        }

        Assert.NotNull(await keys.ValidateAsync(key, None));
        Assert.Equal(before, await ReadAccessStateAsync());
    }

    [Fact]
    public async Task Key_ToManageAccounts_IsNeitherMadeNorObeyed()
    {
        var anna = await _fixture.AddAsync("anna", Role.Admin);
        var keys = _fixture.Get<ApiKeys>();

        Assert.Equal("scopes", (await keys.AddAsync(anna, "x", [Permission.MediaView, Permission.UsersManage], null, None)).Error?.Field);
        var key = (await keys.AddAsync(anna, "x", [Permission.MediaView], null, None)).Value;
        await _fixture.ReadAsync(async db =>
        {
            // Scopes as stored by an older version, which allowed this one.
            db.ApiKeys.Single().Scopes = $"{Permission.MediaView} {Permission.UsersManage}";
            return await db.SaveChangesAsync();
        });

        Assert.Equal([Permission.MediaView], (await keys.ValidateAsync(key, None))!.Account.Permissions);
    }

    [Theory]
    [InlineData("set the password")]
    [InlineData("clear the second factor")]
    [InlineData("disable")]
    [InlineData("remove")]
    [InlineData("make an editor")]
    [InlineData("grant jobs.manage")]
    [InlineData("use a link")]
    [InlineData("change it oneself")]
    public async Task EndOfAccess_Any_EndsCookieTokensAndKeys(string action)
    {
        var vera = await _fixture.AddAsync("vera");
        var id = vera.UserId!.Value;
        var browser = (await _fixture.SignInAsync("vera")).Value;
        var tokens = (await _fixture.LogInAsync("vera")).Value;
        var key = (await _fixture.Get<ApiKeys>().AddAsync(vera, "script", [Permission.MediaView], null, None)).Value;
        Assert.NotNull(await _fixture.Auth.RevalidateAsync(id, browser.Account.Stamp, browser.Id, None));
        var link = (await _fixture.Get<PasswordLinks>().CreateAsync(Actor.System, id, None)).Value;

        Assert.Null(action switch
        {
            "use a link" => (await _fixture.Get<PasswordLinks>().RedeemAsync(link, OtherPassword, null, None)).Error,
            "change it oneself" => (await _fixture.Users.ChangePasswordAsync(vera, AccountsFixture.GoodPassword, OtherPassword, None)).Error,
            _ => await Actions[action](_fixture, Actor.System, id),
        });

        Assert.Null(await _fixture.Auth.RevalidateAsync(id, browser.Account.Stamp, browser.Id, None));
        Assert.Null(await _fixture.ReadAsync(tokens.AccessToken));
        Assert.IsType<RefreshTokenInvalid>((await _fixture.Auth.RefreshAsync(tokens.RefreshToken, null, None)).Error);
        Assert.Null(await _fixture.Get<ApiKeys>().ValidateAsync(key, None));
    }

    [Fact]
    public async Task Keys_OfAnother_AreSeenAndEndedTogether()
    {
        var (admin, vera) = (await _fixture.AddAsync("anna", Role.Admin), await _fixture.AddAsync("vera"));
        var keys = _fixture.Get<ApiKeys>();
        var made = new[] { await keys.AddAsync(vera, "one", [Permission.MediaView], null, None), await keys.AddAsync(vera, "two", [Permission.MediaView], null, None) };

        Assert.Equal(["two", "one"], (await keys.ListForUserAsync(admin, vera.UserId!.Value, None)).Value.Select(k => k.Name));
        Assert.IsType<NotFoundError>((await keys.ListForUserAsync(admin, 99, None)).Error);
        await Assert.ThrowsAsync<PermissionDeniedException>(() => keys.ListForUserAsync(vera, vera.UserId.Value, None));
        Assert.Equal(0, (await _fixture.Users.RemoveKeysAsync(admin, vera.UserId.Value, None)).Value.Keys);

        Assert.All(await Task.WhenAll(made.Select(key => keys.ValidateAsync(key.Value, None))), Assert.Null);
        Assert.Contains("one", Assert.Single(await _fixture.ReadAuditAsync(), row => row.Action == "users.removeKeys").Before, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>Adds a viewer who may manage accounts.</summary>
    private async Task<Actor> AddUserManagerAsync()
    {
        var helper = await _fixture.AddAsync("hilda");
        var grants = (await _fixture.Users.SetGrantsAsync(Actor.System, helper.UserId!.Value, [Permission.UsersManage], None)).Value.Grants;
        return helper with { Permissions = [.. helper.Permissions, .. grants] };
    }

    /// <summary>All stored data that decides who has access.</summary>
    private async Task<List<string>> ReadAccessStateAsync() => await _fixture.ReadAsync(db => Task.FromResult<List<string>>(
    [
        .. db.Users.ToList().Select(u => $"{u.Id} {u.UserName} {u.Role} {u.Disabled} {u.PasswordHash} {u.SecurityStamp} {u.TwoFactorEnabled} {u.LockoutEnd}"),
        .. db.UserClaims.ToList().Select(c => $"{c.UserId} {c.ClaimType} {c.ClaimValue}"),
        .. db.UserTokens.ToList().Select(t => $"{t.UserId} {t.LoginProvider} {t.Name} {t.Value}"),
        .. db.ApiKeys.ToList().Select(k => $"{k.UserId} {k.Hash} {k.Scopes}"),
        .. db.PasswordLinks.ToList().Select(l => $"{l.UserId} {l.Hash}"),
    ]));
}
