using System.Buffers.Text;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Tests.Accounts;

/// <summary>Credentials are accepted only as issued, must be strong enough, and are valid for their own purpose only.</summary>
public sealed class CredentialTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly SignInOrigin Origin = new("192.0.2.7", "a test");
    private readonly AccountsFixture _accounts = new();

    [Theory]
    [InlineData(" Two blanks around it ", "Two blanks around it")]
    [InlineData("Capitals Count Here", "capitals count here")]
    [InlineData("the last sign counts too!", "the last sign counts too?")]
    [InlineData("the last sign counts too!", "the last sign counts too")]
    public async Task Password_OtherThanAsTyped_IsRefused(string password, string other)
    {
        await _accounts.AddAsync("anna", password: password);

        Assert.IsType<InvalidCredentials>((await _accounts.SignInAsync("anna", other)).Error);
        Assert.True((await _accounts.SignInAsync("anna", password)).IsOk);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(AccountRules.MaxPasswordLength)]
    public async Task Password_Long_CountsToItsLastSign(int length)
    {
        var password = string.Concat(Enumerable.Repeat("seven cats on a mat ", 20))[..(length - 1)] + "x";
        await _accounts.AddAsync("anna", password: password);

        Assert.IsType<InvalidCredentials>((await _accounts.SignInAsync("anna", password[..^1] + "y")).Error);
        Assert.True((await _accounts.SignInAsync("anna", password)).IsOk);
    }

    [Fact]
    public async Task Password_OfYearsAgo_IsStillGood()
    {
        await _accounts.AddAsync("anna");
        _accounts.Time.Advance(TimeSpan.FromDays(3650));

        Assert.True((await _accounts.SignInAsync("anna")).IsOk);
    }

    [Fact]
    public async Task Browser_NotUsed_IsSignedOutAfterFourteenDays()
    {
        await _accounts.AddAsync("anna");
        var session = (await _accounts.SignInAsync("anna")).Value;
        _accounts.Time.Advance(AuthService.SessionLifetime - TimeSpan.FromHours(1));
        Assert.NotNull(await _accounts.Auth.RevalidateAsync(session.Account.Id, session.Account.Stamp, session.Id, None));

        _accounts.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromDays(14), AuthService.SessionLifetime);
        Assert.Null(await _accounts.Auth.RevalidateAsync(session.Account.Id, session.Account.Stamp, session.Id, None));
    }

    [Fact]
    public async Task Sessions_EachSignIn_HasAnIdOfItsOwnWith128Bits()
    {
        await _accounts.AddAsync("anna");
        var ids = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add((await _accounts.SignInAsync("anna")).Value.Id);
        }

        Assert.Equal(20, ids.Count);
        Assert.All(ids, id => Assert.True(Base64Url.DecodeFromChars(id).Length * 8 >= 128));
    }

    [Fact]
    public async Task RecoveryCodes_HoldEnoughToBeHashedWithoutSalt()
    {
        var (_, codes) = await EnableTwoFactorAsync();

        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^([a-z2-7]{4}-){5}[a-z2-7]{4}$", code));   // five bits per character: 120, where 112 are required
    }

    [Fact]
    public async Task Link_ForAForgottenPassword_LeavesTheSecondFactorOn()
    {
        var (anna, codes) = await EnableTwoFactorAsync();
        var links = _accounts.Get<PasswordLinks>();
        var link = (await links.CreateAsync(Actor.System, anna.UserId!.Value, None)).Value;

        var needed = Assert.IsType<TwoFactorRequired>((await links.RedeemAsync(link, "a new one of mine", null, None)).Error);

        Assert.IsType<TwoFactorCodeInvalid>((await _accounts.Auth.SignInWithCodeAsync(needed.Ticket, "000000", Origin, None)).Error);
        Assert.True((await _accounts.Auth.SignInWithCodeAsync(needed.Ticket, codes[1], Origin, None)).IsOk);
        Assert.IsType<TwoFactorRequired>((await _accounts.SignInAsync("anna", "a new one of mine")).Error);
        Assert.IsType<TwoFactorRequired>((await _accounts.LogInAsync("anna", "a new one of mine")).Error);
        Assert.True((await _accounts.Auth.LogInAsync("anna", "a new one of mine", codes[0], Origin, None)).IsOk);
    }

    /// <summary>Presents each kind of issued token everywhere a token is accepted.</summary>
    [Fact]
    public async Task Tokens_OfEachKind_OpenNothingOfAnother()
    {
        var (anna, codes) = await EnableTwoFactorAsync();
        var ticket = Assert.IsType<TwoFactorRequired>((await _accounts.SignInAsync("anna")).Error).Ticket;
        var api = (await _accounts.Auth.LogInAsync("anna", AccountsFixture.GoodPassword, codes[0], Origin, None)).Value;
        var browser = (await _accounts.Auth.SignInWithCodeAsync(ticket, codes[1], Origin, None)).Value;
        var tokens = new Dictionary<string, string>
        {
            ["access"] = api.AccessToken, ["refresh"] = api.RefreshToken, ["ticket"] = ticket, ["device"] = browser.Device, ["session"] = browser.Id,
            ["key"] = (await _accounts.Get<ApiKeys>().AddAsync(anna, "script", [Permission.MediaView], null, None)).Value,
            ["link"] = (await _accounts.Get<PasswordLinks>().CreateAsync(Actor.System, anna.UserId!.Value, None)).Value, ["setup"] = _accounts.FirstRun.Token,
        };
        var opened = new List<string>();
        foreach (var (kind, token) in tokens)
        {
            void AddToken(string door, bool opens) => opened.AddRange(opens ? [$"{kind} at {door}"] : []);
            AddToken("access", await _accounts.ReadAsync(token) is not null);
            AddToken("key", await _accounts.Get<ApiKeys>().ValidateAsync(token, None) is not null);
            AddToken("device", _accounts.Auth.ReadDeviceId(token) is not null);
            AddToken("link", await _accounts.Get<PasswordLinks>().FindUserNameAsync(token, None) is not null);
            AddToken("setup", _accounts.FirstRun.IsValidToken(token));
            AddToken("session", await _accounts.Auth.RevalidateAsync(anna.UserId.Value, browser.Account.Stamp, token, None) is not null);
            AddToken("ticket", (await _accounts.Auth.SignInWithCodeAsync(token, "000000", Origin, None)).Error is not TwoFactorExpired);
            if (kind != "refresh")
            {
                AddToken("refresh", (await _accounts.Auth.RefreshAsync(token, null, None)).IsOk);
            }
        }

        Assert.Equal(["access at access", "ticket at ticket", "device at device", "session at session", "key at key", "link at link", "setup at setup"], opened);
    }

    public void Dispose() => _accounts.Dispose();

    private async Task<(Actor Anna, IReadOnlyList<string> Codes)> EnableTwoFactorAsync()
    {
        var anna = await _accounts.AddAsync("anna");
        var factor = _accounts.Get<TwoFactorService>();
        var offer = (await factor.BeginSetupAsync(anna, AccountsFixture.GoodPassword, None)).Value;
        return (anna, (await factor.EnableAsync(anna, AccountsFixture.CodeFor(offer.Secret, _accounts.Time.GetUtcNow()), None)).Value);
    }
}
