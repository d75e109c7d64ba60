using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Tests.Accounts;

public sealed class LockoutTests : IDisposable
{
    private readonly AccountsFixture _accounts = new();

    [Fact]
    public async Task SignIn_RightPassword_OpensASession()
    {
        var anna = await _accounts.AddAsync("anna", Role.Editor);

        var session = await _accounts.SignInAsync("ANNA");

        Assert.Equal(anna.UserId, session.Value.Account.Id);
        Assert.Equal(["media.view", "sources.view", "sources.paths", "media.edit"], session.Value.Account.Permissions);
    }

    [Fact]
    public async Task SignIn_WrongNameOrWrongPasswordOrDisabled_GivesOneAnswer()
    {
        await _accounts.AddAsync("anna");
        var bob = await _accounts.AddAsync("bob");
        await _accounts.Users.SetDisabledAsync(Actor.System, bob.UserId!.Value, disabled: true, CancellationToken.None);

        var wrongPassword = await _accounts.SignInAsync("anna", "not it at all");
        var wrongName = await _accounts.SignInAsync("nobody");
        var disabled = await _accounts.SignInAsync("bob");

        Assert.IsType<InvalidCredentials>(wrongPassword.Error);
        Assert.Equal(wrongPassword.Error, wrongName.Error);
        Assert.Equal(wrongPassword.Error, disabled.Error);
    }

    [Fact]
    public async Task SignIn_BeforeTheFifthFailure_IsOpen()
    {
        await _accounts.AddAsync("anna");
        await FailAsync("anna", 4);

        Assert.True((await _accounts.SignInAsync("anna")).IsOk);
    }

    [Fact]
    public async Task SignIn_AfterASuccess_CountsFromZero()
    {
        await _accounts.AddAsync("anna");
        await FailAsync("anna", 4);
        await _accounts.SignInAsync("anna");
        await FailAsync("anna", 4);

        Assert.True((await _accounts.SignInAsync("anna")).IsOk);
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("nobody")]
    public async Task SignIn_WhileLocked_IsRefusedEvenWithTheRightPassword(string name)
    {
        await _accounts.AddAsync("anna");
        await FailAsync(name, 5);
        _accounts.Time.Advance(TimeSpan.FromSeconds(299));

        var locked = Assert.IsType<SignInLocked>((await _accounts.SignInAsync(name)).Error);

        Assert.Equal(TimeSpan.FromSeconds(1), locked.RetryAfter);
    }

    [Fact]
    public async Task SignIn_AfterTheLock_IsOpenAgain()
    {
        await _accounts.AddAsync("anna");
        await FailAsync("anna", 5);
        _accounts.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.True((await _accounts.SignInAsync("anna")).IsOk);
    }

    [Fact]
    public async Task SignIn_AfterARestart_IsStillLocked()
    {
        await _accounts.AddAsync("anna");
        await FailAsync("anna", 5);

        _accounts.Restart();

        Assert.IsType<SignInLocked>((await _accounts.SignInAsync("anna")).Error);
    }

    [Fact]
    public async Task SignIn_GuessesSideBySide_AreCountedOneByOne()
    {
        await _accounts.AddAsync("anna");

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _accounts.SignInAsync("anna", "not it at all")));

        Assert.Equal(5, results.Count(result => result.Error is InvalidCredentials));
        Assert.Equal(7, results.Count(result => result.Error is SignInLocked));
    }

    [Fact]
    public async Task SignIn_PasswordOfAMegabyte_IsRefusedWithoutHashingIt() =>
        Assert.IsType<InvalidCredentials>((await _accounts.SignInAsync("nobody", new string('x', 1_000_000))).Error);

    [Fact]
    public async Task SignIn_EveryOutcome_WritesAnAuditRowWithoutSecrets()
    {
        await _accounts.AddAsync("anna");
        await _accounts.SignInAsync("anna");
        await FailAsync("anna", 5);
        await _accounts.SignInAsync("a password in the wrong field");

        var rows = (await _accounts.ReadAuditAsync()).Where(row => row.Action.StartsWith("accounts.", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            ["accounts.signIn", .. Enumerable.Repeat("accounts.signInFailed", 5), "accounts.lock", "accounts.signInFailed"],
            rows.Select(row => row.Action));
        Assert.All(rows, row => Assert.Equal("192.0.2.7", row.Address));
        Assert.Equal("unknown", rows[^1].UserName);
    }

    public void Dispose() => _accounts.Dispose();

    private async Task FailAsync(string name, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await _accounts.SignInAsync(name, "not it at all");
        }
    }
}
