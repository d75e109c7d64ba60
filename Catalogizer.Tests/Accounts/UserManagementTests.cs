using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Accounts;

public sealed class UserManagementTests : IDisposable
{
    private readonly AccountsFixture _fixture = new();

    private static CancellationToken None => CancellationToken.None;

    private TwoFactorService TwoFactor => _fixture.Get<TwoFactorService>();

    private ApiKeys Keys => _fixture.Get<ApiKeys>();

    private PasswordLinks Links => _fixture.Get<PasswordLinks>();

    [Fact]
    public async Task Invite_Link_SetsThePasswordOnceAndKeepsNoSecret()
    {
        var invited = (await _fixture.Users.InviteAsync(Actor.System, "anna", Role.Editor, None)).Value;
        var token = (await Links.CreateAsync(Actor.System, invited.Id, None)).Value;

        Assert.True(invited.Invited);
        Assert.IsType<InvalidCredentials>((await _fixture.SignInAsync("anna", "")).Error);
        Assert.Equal("anna", await Links.FindUserNameAsync(token, None));
        Assert.DoesNotContain(token, (await _fixture.ReadAsync(db => Task.FromResult(db.PasswordLinks.Single()))).Hash, StringComparison.Ordinal);
        Assert.IsType<InvalidError>((await Links.RedeemAsync(token, "short", null, None)).Error);
        Assert.Equal("anna", (await Links.RedeemAsync(token, AccountsFixture.GoodPassword, "192.0.2.7", None)).Value.Name);
        Assert.Equal(["accounts.useLink", "accounts.signIn"], (await _fixture.ReadAuditAsync()).TakeLast(2).Select(entry => entry.Action));

        Assert.True((await _fixture.SignInAsync("anna")).IsOk);
        Assert.Null(await Links.FindUserNameAsync(token, None));
        Assert.IsType<PasswordLinkExpired>((await Links.RedeemAsync(token, "another password", null, None)).Error);
        Assert.False(Assert.Single(await _fixture.Users.ListAsync(Actor.System, None)).Invited);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("code")]
    [InlineData("api")]
    [InlineData("set-up")]
    [InlineData("link")]
    public async Task LastSignIn_EveryDoor_IsSet(string door)
    {
        var secret = door == "code" ? (await EnableTwoFactorAsync()).Secret : "";
        var id = door is "code" or "set-up" ? 0 : (await _fixture.AddAsync("anna")).UserId!.Value;
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        switch (door)
        {
            case "password":
                await _fixture.SignInAsync("anna");
                break;
            case "code":
                await _fixture.Auth.SignInWithCodeAsync(Assert.IsType<TwoFactorRequired>((await _fixture.SignInAsync("anna")).Error).Ticket, CreateCode(secret), Origin, None);
                break;
            case "api":
                await _fixture.LogInAsync("anna");
                break;
            case "set-up":
                await _fixture.Auth.OpenSessionAsync((await _fixture.FirstRun.CompleteAsync(_fixture.FirstRun.Token, "anna", AccountsFixture.GoodPassword, null, None)).Value, Origin, None);
                break;
            default:
                var token = (await Links.CreateAsync(Actor.System, id, None)).Value;
                await _fixture.Auth.OpenSessionAsync((await Links.RedeemAsync(token, "another password", null, None)).Value, Origin, None);
                break;
        }

        Assert.Equal(_fixture.Time.GetUtcNow(), Assert.Single(await _fixture.Users.ListAsync(Actor.System, None)).LastSignInAt);
    }

    [Fact]
    public async Task Link_NewerOneOrThreeDays_EndsIt()
    {
        var anna = await _fixture.AddAsync("anna");
        var first = (await Links.CreateAsync(Actor.System, anna.UserId!.Value, None)).Value;
        var second = (await Links.CreateAsync(Actor.System, anna.UserId.Value, None)).Value;

        Assert.Null(await Links.FindUserNameAsync(first, None));
        Assert.NotNull(await Links.FindUserNameAsync(second, None));
        _fixture.Time.Advance(PasswordLinks.Lifetime);
        Assert.Null(await Links.FindUserNameAsync(second, None));
        Assert.Null(await Links.FindUserNameAsync(null, None));
    }

    [Fact]
    public async Task Link_UsedSideBySide_WorksOnce()
    {
        var anna = await _fixture.AddAsync("anna");
        var token = (await Links.CreateAsync(Actor.System, anna.UserId!.Value, None)).Value;

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Links.RedeemAsync(token, "the new password " + i, null, None)));

        Assert.Single(results, result => result.IsOk);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("disable")]
    [InlineData("remove")]
    public async Task LastAdmin_TwoGoAtOnce_OneStays(string how)
    {
        var admins = new[] { await _fixture.AddAsync("anna", Role.Admin), await _fixture.AddAsync("ben", Role.Admin) };
        await _fixture.Users.InviteAsync(Actor.System, "never came", Role.Admin, None);
        await _fixture.Users.InviteAsync(Actor.System, "carl", Role.Admin, None);

        var results = await Task.WhenAll(admins.Select(async admin => how switch
        {
            "role" => (await _fixture.Users.SetRoleAsync(Actor.System, admin.UserId!.Value, Role.Viewer, None)).Error,
            "disable" => (await _fixture.Users.SetDisabledAsync(Actor.System, admin.UserId!.Value, true, None)).Error,
            _ => await _fixture.Users.RemoveAsync(Actor.System, admin.UserId!.Value, None),
        }));

        Assert.Single(results, result => result is LastAdminRequired);
        Assert.Single(await _fixture.Users.ListAsync(Actor.System, None), u => u is { Role: Role.Admin, Disabled: false, Invited: false });
    }

    [Fact]
    public async Task Grants_BeyondTheRole_CountAtOnceAndEndWhatWasSignedIn()
    {
        var anna = await _fixture.AddAsync("anna");
        var tokens = (await _fixture.LogInAsync("anna")).Value;

        var granted = (await _fixture.Users.SetGrantsAsync(Actor.System, anna.UserId!.Value, [Permission.JobsManage, Permission.MediaView], None)).Value;

        Assert.Equal([Permission.JobsManage], granted.Grants);
        Assert.Null(await _fixture.ReadAsync(tokens.AccessToken));
        Assert.Contains(Permission.JobsManage, (await _fixture.SignInAsync("anna")).Value.Account.Permissions);
        Assert.IsType<InvalidError>((await _fixture.Users.SetGrantsAsync(Actor.System, anna.UserId.Value, ["everything"], None)).Error);
        Assert.Empty((await _fixture.Users.SetGrantsAsync(Actor.System, anna.UserId.Value, [], None)).Value.Grants);
    }

    [Fact]
    public async Task Unlock_AfterWrongGuesses_LetsInAndSignsNobodyOut()
    {
        var anna = await _fixture.AddAsync("anna");
        var tokens = (await _fixture.LogInAsync("anna")).Value;
        for (var i = 0; i < 5; i++)
        {
            await _fixture.SignInAsync("anna", "not it at all");
        }

        Assert.NotNull(Assert.Single(await _fixture.Users.ListAsync(Actor.System, None)).LockedUntil);
        await _fixture.Users.UnlockAsync(Actor.System, anna.UserId!.Value, None);

        Assert.True((await _fixture.SignInAsync("anna")).IsOk);
        Assert.NotNull(await _fixture.ReadAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Users_WithoutThePermission_NothingRuns()
    {
        var vera = await _fixture.AddAsync("vera", Role.Editor);
        var calls = new Func<Task>[]
        {
            () => _fixture.Users.ListAsync(vera, None), () => _fixture.Users.InviteAsync(vera, "x", Role.Admin, None), () => _fixture.Users.SetRoleAsync(vera, vera.UserId!.Value, Role.Admin, None),
            () => _fixture.Users.SetGrantsAsync(vera, vera.UserId!.Value, Permission.All, None), () => _fixture.Users.UnlockAsync(vera, vera.UserId!.Value, None),
            () => _fixture.Users.ClearTwoFactorAsync(vera, vera.UserId!.Value, None), () => _fixture.Users.SetPasswordAsync(vera, vera.UserId!.Value, "another password", None),
            () => _fixture.Users.RemoveAsync(vera, vera.UserId!.Value, None), () => Links.CreateAsync(vera, vera.UserId!.Value, None),
        };

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<PermissionDeniedException>(call);
        }

        Assert.Single(await _fixture.Users.ListAsync(Actor.System, None));
    }

    /// <summary>The test vectors of RFC 6238, shortened to six digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Make_TheStandardsTimes_GivesTheStandardsCodes(long seconds, string code) =>
        Assert.Equal(code, TotpCode.Generate("12345678901234567890"u8.ToArray(), TotpCode.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void Base32_TheStandardsText_IsSpelledSo() => Assert.Equal("MZXW6YTBOI", TotpCode.ToBase32("foobar"u8.ToArray()));

    [Fact]
    public async Task TwoFactor_On_AsksForACodeAtEveryDoor()
    {
        var (anna, secret, codes) = await EnableTwoFactorAsync();

        var step = Assert.IsType<TwoFactorRequired>((await _fixture.SignInAsync("anna")).Error);
        Assert.IsType<TwoFactorRequired>((await _fixture.LogInAsync("anna")).Error);
        Assert.IsType<InvalidCredentials>((await _fixture.SignInAsync("anna", "not it at all")).Error);
        Assert.IsType<TwoFactorCodeInvalid>((await _fixture.Auth.SignInWithCodeAsync(step.Ticket, "000000", Origin, None)).Error);
        _fixture.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await _fixture.Auth.SignInWithCodeAsync(step.Ticket, CreateCode(secret), Origin, None)).IsOk);
        Assert.IsType<TwoFactorCodeInvalid>((await _fixture.Auth.SignInWithCodeAsync(step.Ticket, CreateCode(secret), Origin, None)).Error);
        Assert.True((await _fixture.Auth.LogInAsync("anna", AccountsFixture.GoodPassword, codes[0].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal), Origin, None)).IsOk);
        Assert.IsType<TwoFactorCodeInvalid>((await _fixture.Auth.LogInAsync("anna", AccountsFixture.GoodPassword, codes[0], Origin, None)).Error);
        Assert.Equal((true, 9), await TwoFactor.GetStateAsync(anna, None));
    }

    [Fact]
    public async Task TwoFactor_TicketTooOldAlteredOrOfAChangedAccount_IsRefused()
    {
        var (anna, secret, _) = await EnableTwoFactorAsync();
        var ticket = Assert.IsType<TwoFactorRequired>((await _fixture.SignInAsync("anna")).Error).Ticket;

        Assert.IsType<TwoFactorExpired>((await _fixture.Auth.SignInWithCodeAsync(ticket[..^4] + "AAAA", CreateCode(secret), Origin, None)).Error);
        Assert.IsType<TwoFactorExpired>((await _fixture.Auth.SignInWithCodeAsync("", CreateCode(secret), Origin, None)).Error);
        Assert.IsType<TwoFactorExpired>((await _fixture.Auth.SignInWithCodeAsync(null, CreateCode(secret), Origin, None)).Error);
        _fixture.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.IsType<TwoFactorExpired>((await _fixture.Auth.SignInWithCodeAsync(ticket, CreateCode(secret), Origin, None)).Error);

        var fresh = Assert.IsType<TwoFactorRequired>((await _fixture.SignInAsync("anna")).Error).Ticket;
        await _fixture.Users.SetPasswordAsync(Actor.System, anna.UserId!.Value, "another password", None);
        Assert.False((await _fixture.Auth.SignInWithCodeAsync(fresh, CreateCode(secret), Origin, None)).IsOk);
    }

    [Fact]
    public async Task TwoFactor_Guessed_LocksLikeAPassword()
    {
        var (_, secret, _) = await EnableTwoFactorAsync();
        var ticket = Assert.IsType<TwoFactorRequired>((await _fixture.SignInAsync("anna")).Error).Ticket;
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<TwoFactorCodeInvalid>((await _fixture.Auth.SignInWithCodeAsync(ticket, i.ToString("000000", CultureInfo.InvariantCulture), Origin, None)).Error);
        }

        _fixture.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.IsType<SignInLocked>((await _fixture.Auth.SignInWithCodeAsync(ticket, CreateCode(secret), Origin, None)).Error);
    }

    [Fact]
    public async Task TwoFactor_TurnOff_TakesThePasswordAndACode()
    {
        const string password = AccountsFixture.GoodPassword;
        var (anna, secret, codes) = await EnableTwoFactorAsync();

        Assert.Equal("code", (await TwoFactor.DisableAsync(anna, password, "000000", None))?.Field);
        Assert.Equal("currentPassword", (await TwoFactor.DisableAsync(anna, "not it at all", codes[1], None))?.Field);
        Assert.Equal("code", (await TwoFactor.RegenerateRecoveryCodesAsync(anna, password, null, None)).Error?.Field);
        Assert.Equal("currentPassword", (await TwoFactor.RegenerateRecoveryCodesAsync(anna, null, codes[1], None)).Error?.Field);
        await _fixture.Users.UnlockAsync(Actor.System, anna.UserId!.Value, None);
        Assert.IsType<InvalidError>((await TwoFactor.EnableAsync(anna, CreateCode(secret), None)).Error);
        var renewed = (await TwoFactor.RegenerateRecoveryCodesAsync(anna, password, codes[1], None)).Value;
        Assert.IsType<InvalidError>(await TwoFactor.DisableAsync(anna, password, codes[2], None));
        Assert.Null(await TwoFactor.DisableAsync(anna, password, renewed[0], None));

        Assert.True((await _fixture.SignInAsync("anna")).IsOk);
        Assert.Equal((false, 0), await TwoFactor.GetStateAsync(anna, None));
    }

    [Fact]
    public async Task TwoFactor_Kept_HoldsNeitherSecretNorCodes()
    {
        var (anna, secret, codes) = await EnableTwoFactorAsync();

        var storedTokens = await _fixture.ReadAsync(db => Task.FromResult(db.UserTokens.Select(t => t.Name + " " + t.Value).ToList()));

        Assert.DoesNotContain(storedTokens, row => row.Contains(secret, StringComparison.OrdinalIgnoreCase) || codes.Any(code => row.Contains(code, StringComparison.OrdinalIgnoreCase)));
        await _fixture.Users.ClearTwoFactorAsync(Actor.System, anna.UserId!.Value, None);
        Assert.True((await _fixture.SignInAsync("anna")).IsOk);
    }

    [Fact]
    public async Task ApiKey_Scoped_MayWhatBothItAndItsOwnerMay()
    {
        var edda = await _fixture.AddAsync("edda", Role.Editor);

        var key = (await Keys.AddAsync(edda, " backup script ", [Permission.MediaEdit, Permission.MediaView], TimeSpan.FromDays(1), None)).Value;

        Assert.StartsWith(ApiKeys.Prefix, key, StringComparison.Ordinal);
        Assert.Equal([Permission.MediaEdit, Permission.MediaView], (await Keys.ValidateAsync(key, None))!.Account.Permissions.Order());
        var view = Assert.Single(await Keys.ListAsync(edda, None));
        Assert.Equal(("backup script", _fixture.Time.GetUtcNow(), false), (view.Name, view.LastUsedAt, view.Expired));
        Assert.DoesNotContain(key, (await _fixture.ReadAsync(db => Task.FromResult(db.ApiKeys.Single()))).Hash, StringComparison.Ordinal);
        Assert.Null(await Keys.ValidateAsync(key + "x", None));
        _fixture.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await Keys.ValidateAsync(key, None));
    }

    [Fact]
    public async Task ApiKey_OwnerDisabledOrKeyRemoved_OpensNothing()
    {
        var edda = await _fixture.AddAsync("edda", Role.Editor);
        var other = await _fixture.AddAsync("other");
        var key = (await Keys.AddAsync(edda, "one", [Permission.MediaView], null, None)).Value;
        var id = Assert.Single(await Keys.ListAsync(edda, None)).Id;

        Assert.IsType<NotFoundError>(await Keys.RemoveAsync(other, id, None));
        await _fixture.Users.SetDisabledAsync(Actor.System, edda.UserId!.Value, true, None);
        Assert.Null(await Keys.ValidateAsync(key, None));
        await _fixture.Users.SetDisabledAsync(Actor.System, edda.UserId.Value, false, None);
        Assert.Null(await Keys.ValidateAsync(key, None));
        Assert.Empty(await Keys.ListAsync(edda, None));

        var next = (await Keys.AddAsync(edda, "two", [Permission.MediaView], null, None)).Value;
        Assert.Null(await Keys.RemoveAsync(edda, Assert.Single(await Keys.ListAsync(edda, None)).Id, None));
        Assert.Null(await Keys.ValidateAsync(next, None));
    }

    [Fact]
    public async Task ApiKey_MoreThanItsMakerMay_IsRefused()
    {
        var vera = await _fixture.AddAsync("vera");

        await Assert.ThrowsAsync<PermissionDeniedException>(() => Keys.AddAsync(vera, "x", [Permission.SourcesManage], null, None));
        Assert.IsType<InvalidError>((await Keys.AddAsync(vera, "x", [], null, None)).Error);
        Assert.IsType<InvalidError>((await Keys.AddAsync(vera, "x", ["everything"], null, None)).Error);
        Assert.IsType<InvalidError>((await Keys.AddAsync(vera, new string('x', 65), [Permission.MediaView], null, None)).Error);
        Assert.Empty(await Keys.ListAsync(vera, None));
    }

    [Fact]
    public async Task Sessions_Listed_ShowWhereAndEndOneByOne()
    {
        var anna = await _fixture.AddAsync("anna");
        var first = (await _fixture.SignInAsync("anna")).Value;
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        var second = (await _fixture.SignInAsync("anna")).Value;
        var heard = new List<long>();
        using var listening = _fixture.Auth.OnChange(heard.Add);

        Assert.Equal([second.Id, first.Id], (await _fixture.Auth.ListSessionsAsync(anna, None)).Select(s => s.Id));
        await _fixture.Auth.RenewSessionAsync(anna.UserId!.Value, first.Id, None);
        await _fixture.Auth.EndSessionAsync(anna, second.Id, None);

        var left = Assert.Single(await _fixture.Auth.ListSessionsAsync(anna, None));
        Assert.Equal((first.Id, "192.0.2.7", "a test", TimeSpan.FromHours(1)), (left.Id, left.Address, left.Browser, left.RenewedAt - left.OpenedAt));
        Assert.Null(await _fixture.Auth.RevalidateAsync(anna.UserId.Value, second.Account.Stamp, second.Id, None));
        Assert.NotNull(await _fixture.Auth.RevalidateAsync(anna.UserId.Value, first.Account.Stamp, first.Id, None));
        Assert.Contains(anna.UserId.Value, heard);
    }

    [Fact]
    public async Task ChangePassword_GuessedFromAnOpenPage_Locks()
    {
        var anna = await _fixture.AddAsync("anna");
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<InvalidError>((await _fixture.Users.ChangePasswordAsync(anna, "not it at all", "another password", None)).Error);
        }

        Assert.IsType<SignInLocked>((await _fixture.Users.ChangePasswordAsync(anna, AccountsFixture.GoodPassword, "another password", None)).Error);
    }

    public void Dispose() => _fixture.Dispose();

    private static SignInOrigin Origin => new("192.0.2.7", "a test");

    private string CreateCode(string secret) => AccountsFixture.CodeFor(secret, _fixture.Time.GetUtcNow());

    private async Task<(Actor Anna, string Secret, IReadOnlyList<string> Codes)> EnableTwoFactorAsync()
    {
        var anna = await _fixture.AddAsync("anna");
        var offer = (await TwoFactor.BeginSetupAsync(anna, AccountsFixture.GoodPassword, None)).Value;
        Assert.Contains(offer.Secret, offer.Uri, StringComparison.Ordinal);
        return (anna, offer.Secret, (await TwoFactor.EnableAsync(anna, CreateCode(offer.Secret), None)).Value);
    }
}
