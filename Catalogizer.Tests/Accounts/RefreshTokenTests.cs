using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Tests.Accounts;

public sealed class RefreshTokenTests : IDisposable
{
    private readonly AccountsFixture _accounts = new();

    [Fact]
    public async Task Refresh_GoodToken_GivesNewOnes()
    {
        var first = await TokensAsync();
        _accounts.Time.Advance(TimeSpan.FromDays(29));

        var second = (await RefreshAsync(first.RefreshToken)).Value;

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.NotNull(await _accounts.ReadAsync(second.AccessToken));
    }

    [Fact]
    public async Task Refresh_SpentToken_EndsTheFamily()
    {
        var first = await TokensAsync();
        var second = (await RefreshAsync(first.RefreshToken)).Value;

        var reused = await RefreshAsync(first.RefreshToken);
        var afterwards = await RefreshAsync(second.RefreshToken);

        Assert.IsType<RefreshRefused>(reused.Error);
        Assert.IsType<RefreshRefused>(afterwards.Error);
        Assert.Contains(await _accounts.AuditAsync(), row => row.Action == "accounts.refreshReused");
    }

    [Fact]
    public async Task Refresh_SpentToken_LeavesOtherSignInsAlone()
    {
        var stolen = await TokensAsync();
        var other = (await _accounts.LogInAsync("anna")).Value;
        await RefreshAsync(stolen.RefreshToken);
        await RefreshAsync(stolen.RefreshToken);

        Assert.True((await RefreshAsync(other.RefreshToken)).IsOk);
    }

    [Fact]
    public async Task Refresh_SameTokenSideBySide_IsGoodOnce()
    {
        var tokens = await TokensAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(tokens.RefreshToken)));

        Assert.Single(answers, answer => answer.IsOk);
    }

    [Fact]
    public async Task Refresh_AfterThirtyDays_IsRefused()
    {
        var tokens = await TokensAsync();
        _accounts.Time.Advance(TimeSpan.FromDays(30));

        Assert.IsType<RefreshRefused>((await RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Fact]
    public async Task Refresh_UnknownToken_IsRefused() => Assert.IsType<RefreshRefused>((await RefreshAsync("made up")).Error);

    [Fact]
    public async Task Refresh_WhileLockedByGuesses_StillWorks()
    {
        var tokens = await TokensAsync();
        for (var i = 0; i < 5; i++)
        {
            await _accounts.SignInAsync("anna", "not it at all");
        }

        Assert.True((await RefreshAsync(tokens.RefreshToken)).IsOk);
    }

    [Fact]
    public async Task LogIn_Database_HoldsOnlyTheHash()
    {
        var tokens = await TokensAsync();

        var rows = await _accounts.ReadAsync(db => db.RefreshTokens.ToListAsync());

        Assert.Matches("^[0-9a-f]{64}$", Assert.Single(rows).Hash);
        Assert.NotEqual(tokens.RefreshToken, rows[0].Hash);
    }

    public void Dispose() => _accounts.Dispose();

    private Task<Result<ApiTokens>> RefreshAsync(string token) => _accounts.Auth.RefreshAsync(token, "192.0.2.7", CancellationToken.None);

    private async Task<ApiTokens> TokensAsync()
    {
        await _accounts.AddAsync("anna");
        return (await _accounts.LogInAsync("anna")).Value;
    }
}
