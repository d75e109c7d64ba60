using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Accounts;

public sealed class FirstRunTests : IDisposable
{
    private readonly AccountsFixture _accounts = new();

    [Fact]
    public async Task Complete_RightToken_MakesAnAdminAndCloses()
    {
        var made = await CompleteAsync(_accounts.FirstRun.Token, "anna");

        Assert.Equal(Role.Admin, made.Value.Role);
        Assert.False(await _accounts.FirstRun.IsOpenAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("something else")]
    public async Task Complete_WrongToken_MakesNobody(string? token)
    {
        Assert.IsType<SetupTokenInvalid>((await CompleteAsync(token, "anna")).Error);
        Assert.True(await _accounts.FirstRun.IsOpenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Complete_Twice_IsOverTheSecondTime()
    {
        await CompleteAsync(_accounts.FirstRun.Token, "anna");

        Assert.IsType<SetupAlreadyCompleted>((await CompleteAsync(_accounts.FirstRun.Token, "mallory")).Error);
    }

    [Fact]
    public async Task Complete_SideBySide_MakesOneAdmin()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => CompleteAsync(_accounts.FirstRun.Token, $"anna{n}")));

        Assert.Single(results, result => result.IsOk);
        Assert.All(results.Where(result => !result.IsOk), result => Assert.IsType<SetupAlreadyCompleted>(result.Error));
        Assert.Single(await _accounts.Users.ListAsync(Actor.System, CancellationToken.None));
    }

    [Fact]
    public async Task Complete_ShortPassword_StaysOpen()
    {
        var made = await _accounts.FirstRun.CompleteAsync(_accounts.FirstRun.Token, "anna", "short", null, CancellationToken.None);

        Assert.Equal("password", made.Error?.Field);
        Assert.True(await _accounts.FirstRun.IsOpenAsync(CancellationToken.None));
    }

    [Fact]
    public void Token_OfAnEarlierStart_DoesNotFit()
    {
        var earlier = _accounts.FirstRun.Token;

        _accounts.Restart();

        Assert.False(_accounts.FirstRun.IsValidToken(earlier));
    }

    public void Dispose() => _accounts.Dispose();

    private Task<Result<Account>> CompleteAsync(string? token, string name) =>
        _accounts.FirstRun.CompleteAsync(token, name, AccountsFixture.GoodPassword, "192.0.2.7", CancellationToken.None);
}
