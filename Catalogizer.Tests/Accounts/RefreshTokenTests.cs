using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Tests.Accounts;

public sealed class RefreshTokenTests : IDisposable
{
    private readonly AccountsFixture _accounts = new();

    [Fact]
    public async Task Refresh_GoodToken_GivesNewOnes()
    {
        var first = await CreateTokensAsync();
        _accounts.Time.Advance(TimeSpan.FromDays(29));

        var second = (await RefreshAsync(first.RefreshToken)).Value;

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.NotNull(await _accounts.ReadAsync(second.AccessToken));
    }

    [Fact]
    public async Task Refresh_SpentToken_EndsTheFamily()
    {
        var first = await CreateTokensAsync();
        var second = (await RefreshAsync(first.RefreshToken)).Value;

        var reused = await RefreshAsync(first.RefreshToken);
        var afterwards = await RefreshAsync(second.RefreshToken);

        Assert.IsType<RefreshTokenInvalid>(reused.Error);
        Assert.IsType<RefreshTokenInvalid>(afterwards.Error);
        Assert.Contains(await _accounts.ReadAuditAsync(), row => row.Action == "accounts.refreshReused");
    }

    [Fact]
    public async Task Refresh_SpentToken_LeavesOtherSignInsAlone()
    {
        var stolen = await CreateTokensAsync();
        var other = (await _accounts.LogInAsync("anna")).Value;
        await RefreshAsync(stolen.RefreshToken);
        await RefreshAsync(stolen.RefreshToken);

        Assert.True((await RefreshAsync(other.RefreshToken)).IsOk);
    }

    [Fact]
    public async Task Refresh_SameTokenSideBySide_IsGoodOnce()
    {
        var tokens = await CreateTokensAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(tokens.RefreshToken)));

        Assert.Single(results, result => result.IsOk);
    }

    [Fact]
    public async Task Refresh_AfterThirtyDays_IsRefused()
    {
        var tokens = await CreateTokensAsync();
        _accounts.Time.Advance(TimeSpan.FromDays(30));

        Assert.IsType<RefreshTokenInvalid>((await RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Fact]
    public async Task Refresh_UnknownToken_IsRefused() => Assert.IsType<RefreshTokenInvalid>((await RefreshAsync("made up")).Error);

    [Fact]
    public async Task Refresh_WhileLockedByGuesses_StillWorks()
    {
        var tokens = await CreateTokensAsync();
        for (var i = 0; i < 5; i++)
        {
            await _accounts.SignInAsync("anna", "not it at all");
        }

        Assert.True((await RefreshAsync(tokens.RefreshToken)).IsOk);
    }

    [Fact]
    public async Task LogIn_Database_HoldsOnlyTheHash()
    {
        var tokens = await CreateTokensAsync();

        var rows = await _accounts.ReadAsync(db => db.RefreshTokens.ToListAsync());

        Assert.Matches("^[0-9a-f]{64}$", Assert.Single(rows).Hash);
        Assert.NotEqual(tokens.RefreshToken, rows[0].Hash);
    }

    [Fact]
    public async Task Session_OverTheApi_IsListedAndEndsItsTokens()
    {
        var tokens = await CreateTokensAsync();
        var anna = await AddAnnaAsync();

        var session = Assert.Single(await _accounts.Auth.ListSessionsAsync(anna, default));
        Assert.Equal((SessionKind.Api, "192.0.2.7", "a script"), (session.Kind, session.Address, session.Browser));
        await _accounts.Auth.EndSessionAsync(anna, session.Id, default);

        Assert.Null(await _accounts.ReadAsync(tokens.AccessToken));
        Assert.IsType<RefreshTokenInvalid>((await RefreshAsync(tokens.RefreshToken)).Error);
        Assert.Empty(await _accounts.Auth.ListSessionsAsync(anna, default));
    }

    [Fact]
    public async Task Refresh_SpentToken_EndsTheAccessTokensOfTheFamily()
    {
        var first = await CreateTokensAsync();
        var second = (await RefreshAsync(first.RefreshToken)).Value;
        var other = (await _accounts.LogInAsync("anna")).Value;

        await RefreshAsync(first.RefreshToken);

        Assert.Null(await _accounts.ReadAsync(first.AccessToken));
        Assert.Null(await _accounts.ReadAsync(second.AccessToken));
        Assert.NotNull(await _accounts.ReadAsync(other.AccessToken));
    }

    [Fact]
    public async Task SignOut_OfAToken_EndsItsFamilyAlone()
    {
        var tokens = await CreateTokensAsync();
        var other = (await _accounts.LogInAsync("anna")).Value;
        var held = (await _accounts.Auth.ValidateTokenAsync(tokens.AccessToken, default))!;

        await _accounts.Auth.SignOutAsync(held.Account.ToActor(), held.Session, default);

        Assert.Null(await _accounts.ReadAsync(tokens.AccessToken));
        Assert.IsType<RefreshTokenInvalid>((await RefreshAsync(tokens.RefreshToken)).Error);
        Assert.NotNull(await _accounts.ReadAsync(other.AccessToken));
    }

    [Fact]
    public async Task Refresh_AgainAndAgain_EndsAfterNinetyDays()
    {
        var tokens = await CreateTokensAsync();
        for (var day = 25; day <= 75; day += 25)
        {
            _accounts.Time.Advance(TimeSpan.FromDays(25));
            tokens = (await RefreshAsync(tokens.RefreshToken)).Value;
        }

        _accounts.Time.Advance(TimeSpan.FromDays(15) - TimeSpan.FromMinutes(5));
        tokens = (await RefreshAsync(tokens.RefreshToken)).Value;
        _accounts.Time.Advance(TimeSpan.FromMinutes(6));

        Assert.IsType<RefreshTokenInvalid>((await RefreshAsync(tokens.RefreshToken)).Error);
        Assert.Null(await _accounts.ReadAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Browser_UsedAgainAndAgain_IsSignedOutAfterNinetyDays()
    {
        await _accounts.AddAsync("anna");
        var session = (await _accounts.SignInAsync("anna")).Value;
        for (var day = 0; day < 90; day += 10)
        {
            _accounts.Time.Advance(TimeSpan.FromDays(10));
            Assert.NotNull(await _accounts.Auth.RevalidateAsync(session.Account.Id, session.Account.Stamp, session.Id, default));
            await _accounts.Auth.RenewSessionAsync(session.Account.Id, session.Id, default);
        }

        _accounts.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await _accounts.Auth.RevalidateAsync(session.Account.Id, session.Account.Stamp, session.Id, default));
    }

    [Fact]
    public async Task TwoFactor_Changed_EndsEveryOtherSession()
    {
        var tokens = await CreateTokensAsync();
        var (own, other) = ((await _accounts.SignInAsync("anna")).Value, (await _accounts.SignInAsync("anna")).Value);
        var anna = await AddAnnaAsync() with { Session = own.Id };
        var factor = _accounts.Get<TwoFactorService>();
        var secret = (await factor.BeginSetupAsync(anna, AccountsFixture.GoodPassword, default)).Value.Secret;

        Assert.True((await factor.EnableAsync(anna, AccountsFixture.CodeFor(secret, _accounts.Time.GetUtcNow()), default)).IsOk);

        Assert.NotNull(await _accounts.Auth.RevalidateAsync(own.Account.Id, own.Account.Stamp, own.Id, default));
        Assert.Null(await _accounts.Auth.RevalidateAsync(own.Account.Id, own.Account.Stamp, other.Id, default));
        Assert.Null(await _accounts.ReadAsync(tokens.AccessToken));
        Assert.IsType<RefreshTokenInvalid>((await RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Fact]
    public async Task Scripts_Many_EndNoBrowser()
    {
        await _accounts.AddAsync("anna");
        var browser = (await _accounts.SignInAsync("anna")).Value;
        for (var i = 0; i < 60; i++)
        {
            _accounts.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.True((await _accounts.LogInAsync("anna")).IsOk);
        }

        Assert.NotNull(await _accounts.Auth.RevalidateAsync(browser.Account.Id, browser.Account.Stamp, browser.Id, default));
        Assert.Equal(51, (await _accounts.Auth.ListSessionsAsync(await AddAnnaAsync(), default)).Count);
    }

    public void Dispose() => _accounts.Dispose();

    private async Task<Actor> AddAnnaAsync() =>
        new((await _accounts.ReadAsync(db => db.Users.SingleAsync())).Id, "anna", []) { Session = "of a browser" };

    private Task<Result<ApiTokens>> RefreshAsync(string token) => _accounts.Auth.RefreshAsync(token, "192.0.2.7", CancellationToken.None);

    private async Task<ApiTokens> CreateTokensAsync()
    {
        await _accounts.AddAsync("anna");
        return (await _accounts.LogInAsync("anna")).Value;
    }
}
