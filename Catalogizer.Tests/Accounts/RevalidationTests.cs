using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Tests.Accounts;

/// <summary>Issued tokens and sessions end when their account changes.</summary>
public sealed class RevalidationTests : IDisposable
{
    private readonly AccountsFixture _accounts = new();

    public static TheoryData<string> Changes => ["role", "disabled", "password", "own password", "removed"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Revalidate_AccountChanged_EndsTokenRefreshTokenAndSessionAtOnce(string change)
    {
        var anna = await _accounts.AddAsync("anna");
        var tokens = (await _accounts.LogInAsync("anna")).Value;
        var session = (await _accounts.SignInAsync("anna")).Value;
        Assert.NotNull(await _accounts.ReadAsync(tokens.AccessToken));
        Assert.NotNull(await RevalidateAsync(session));

        await ChangeAsync(anna, change);

        Assert.Null(await _accounts.ReadAsync(tokens.AccessToken));
        Assert.Null(await RevalidateAsync(session));
        Assert.False((await _accounts.Auth.RefreshAsync(tokens.RefreshToken, null, CancellationToken.None)).IsOk);
    }

    [Fact]
    public async Task Revalidate_LockedByGuesses_KeepsWhoIsSignedIn()
    {
        await _accounts.AddAsync("anna");
        var session = (await _accounts.SignInAsync("anna")).Value;
        for (var i = 0; i < 5; i++)
        {
            await _accounts.SignInAsync("anna", "not it at all");
        }

        Assert.NotNull(await RevalidateAsync(session));
        Assert.False((await _accounts.SignInAsync("anna")).IsOk);
    }

    [Fact]
    public async Task Revalidate_ChangedBehindOurBack_IsSeenWithinAMinute()
    {
        await _accounts.AddAsync("anna");
        var session = (await _accounts.SignInAsync("anna")).Value;
        Assert.NotNull(await RevalidateAsync(session));

        await _accounts.ReadAsync(async db =>
        {
            (await db.Users.SingleAsync()).Disabled = true;
            return await db.SaveChangesAsync();
        });
        _accounts.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await RevalidateAsync(session));
    }

    [Fact]
    public async Task SignOut_Session_EndsThatCookieAndNoOther()
    {
        var anna = await _accounts.AddAsync("anna");
        var here = (await _accounts.SignInAsync("anna")).Value;
        var there = (await _accounts.SignInAsync("anna")).Value;

        await _accounts.Auth.SignOutAsync(anna, here.Id, CancellationToken.None);

        Assert.Null(await RevalidateAsync(here));
        Assert.NotNull(await RevalidateAsync(there));
        Assert.Equal("accounts.signOut", (await _accounts.ReadAuditAsync())[^1].Action);
    }

    [Fact]
    public async Task Session_OfAnotherPerson_IsNotAccepted()
    {
        await _accounts.AddAsync("anna");
        await _accounts.AddAsync("bob");
        var anna = (await _accounts.SignInAsync("anna")).Value;
        var bob = (await _accounts.SignInAsync("bob")).Value;

        Assert.Null(await RevalidateAsync(bob with { Id = anna.Id }));
    }

    [Fact]
    public async Task Revalidate_ExtraGrant_IsAmongThePermissions()
    {
        var anna = await _accounts.AddAsync("anna");
        await _accounts.ReadAsync(db =>
        {
            db.UserClaims.Add(new IdentityUserClaim<long> { UserId = anna.UserId!.Value, ClaimType = "permissions", ClaimValue = "jobs.manage" });
            db.UserClaims.Add(new IdentityUserClaim<long> { UserId = anna.UserId!.Value, ClaimType = "permissions", ClaimValue = "no.such.right" });
            return db.SaveChangesAsync();
        });

        var session = (await _accounts.SignInAsync("anna")).Value;

        Assert.Equal(["media.view", "sources.view", "jobs.manage"], session.Account.Permissions);
    }

    public void Dispose() => _accounts.Dispose();

    private ValueTask<Account?> RevalidateAsync(BrowserSession session) =>
        _accounts.Auth.RevalidateAsync(session.Account.Id, session.Account.Stamp, session.Id, CancellationToken.None);

    private async Task ChangeAsync(Actor user, string change)
    {
        var (users, id) = (_accounts.Users, user.UserId!.Value);
        switch (change)
        {
            case "role":
                await users.SetRoleAsync(Actor.System, id, Role.Editor, CancellationToken.None);
                break;
            case "disabled":
                await users.SetDisabledAsync(Actor.System, id, disabled: true, CancellationToken.None);
                break;
            case "password":
                await users.SetPasswordAsync(Actor.System, id, "another long one", CancellationToken.None);
                break;
            case "own password":
                await users.ChangePasswordAsync(user, AccountsFixture.GoodPassword, "another long one", CancellationToken.None);
                break;
            default:
                await users.RemoveAsync(Actor.System, id, CancellationToken.None);
                break;
        }
    }
}
