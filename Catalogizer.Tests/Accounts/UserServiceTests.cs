using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Accounts;

public sealed class UserServiceTests : IDisposable
{
    private readonly AccountsFixture _accounts = new();

    [Theory]
    [InlineData("", "correct horse", "username")]
    [InlineData("   ", "correct horse", "username")]
    [InlineData("two words", "correct horse", "username")]
    [InlineData("<b>bold</b>", "correct horse", "username")]
    [InlineData("new\nline", "correct horse", "username")]
    [InlineData("anna", "", "password")]
    [InlineData("anna", "123456789", "password")]
    public async Task Add_RuleBroken_NamesTheField(string name, string password, string field)
    {
        var added = await _accounts.Users.AddAsync(Actor.System, name, password, Role.Viewer, CancellationToken.None);

        Assert.Equal(field, added.Error?.Field);
    }

    [Theory]
    [InlineData("anna", "x9$kQ2mz7L")]
    [InlineData("jürgen", "häuser am see")]
    [InlineData("anna.b+c@example.org", "7f3a9c41d2")]
    public async Task Add_RulesKept_MakesTheAccount(string name, string password) =>
        Assert.True((await _accounts.Users.AddAsync(Actor.System, name, password, Role.Viewer, CancellationToken.None)).IsOk);

    [Fact]
    public async Task Add_LongestNameAndOneMore_IsTheBorder()
    {
        Assert.True((await _accounts.Users.AddAsync(Actor.System, new string('n', 64), AccountsFixture.GoodPassword, Role.Viewer, CancellationToken.None)).IsOk);
        Assert.False((await _accounts.Users.AddAsync(Actor.System, new string('n', 65), AccountsFixture.GoodPassword, Role.Viewer, CancellationToken.None)).IsOk);
    }

    [Fact]
    public async Task Add_NameTakenInOtherCase_IsRefused()
    {
        await _accounts.AddAsync("anna");

        var added = await _accounts.Users.AddAsync(Actor.System, "Anna", AccountsFixture.GoodPassword, Role.Viewer, CancellationToken.None);

        Assert.Equal(new UserNameTaken("Anna"), added.Error);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Editor)]
    public async Task EveryCall_WithoutThePermission_IsDeniedAndChangesNothing(Role role)
    {
        var anna = await _accounts.AddAsync("anna", role);
        var users = _accounts.Users;
        var id = anna.UserId!.Value;
        Func<Task>[] calls =
        [
            () => users.ListAsync(anna, CancellationToken.None),
            () => users.AddAsync(anna, "bob", AccountsFixture.GoodPassword, Role.Admin, CancellationToken.None),
            () => users.SetRoleAsync(anna, id, Role.Admin, CancellationToken.None),
            () => users.SetDisabledAsync(anna, id, disabled: true, CancellationToken.None),
            () => users.SetPasswordAsync(anna, id, "another long one", CancellationToken.None),
            () => users.RemoveAsync(anna, id, CancellationToken.None),
        ];

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<PermissionDeniedException>(call);
        }

        var only = Assert.Single(await users.ListAsync(Actor.System, CancellationToken.None));
        Assert.Equal((role, false), (only.Role, only.Disabled));
    }

    [Fact]
    public async Task LastAdmin_RemoveDisableOrDemote_IsRefused()
    {
        var id = (await _accounts.AddAsync("anna", Role.Admin)).UserId!.Value;
        await _accounts.AddAsync("bob", Role.Editor);

        Assert.IsType<LastAdminRequired>(await _accounts.Users.RemoveAsync(Actor.System, id, CancellationToken.None));
        Assert.IsType<LastAdminRequired>((await _accounts.Users.SetDisabledAsync(Actor.System, id, disabled: true, CancellationToken.None)).Error);
        Assert.IsType<LastAdminRequired>((await _accounts.Users.SetRoleAsync(Actor.System, id, Role.Viewer, CancellationToken.None)).Error);
    }

    [Fact]
    public async Task LastAdmin_TheOtherOneIsDisabled_StillCountsAsLast()
    {
        var anna = (await _accounts.AddAsync("anna", Role.Admin)).UserId!.Value;
        var bob = (await _accounts.AddAsync("bob", Role.Admin)).UserId!.Value;
        Assert.True((await _accounts.Users.SetDisabledAsync(Actor.System, bob, disabled: true, CancellationToken.None)).IsOk);

        Assert.IsType<LastAdminRequired>(await _accounts.Users.RemoveAsync(Actor.System, anna, CancellationToken.None));
    }

    [Fact]
    public async Task LastAdmin_TwoRemoveEachOtherSideBySide_OneStays()
    {
        var anna = await _accounts.AddAsync("anna", Role.Admin);
        var bob = await _accounts.AddAsync("bob", Role.Admin);

        var errors = await Task.WhenAll(
            _accounts.Users.RemoveAsync(anna, bob.UserId!.Value, CancellationToken.None),
            _accounts.Users.RemoveAsync(bob, anna.UserId!.Value, CancellationToken.None));

        Assert.Single(errors, error => error is LastAdminRequired);
        Assert.True(await _accounts.Users.HasAdminAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Change_UnknownAccount_IsNotFound() =>
        Assert.IsType<NotFoundError>((await _accounts.Users.SetRoleAsync(Actor.System, 99, Role.Editor, CancellationToken.None)).Error);

    [Fact]
    public async Task ChangePassword_WrongCurrentOne_IsRefused()
    {
        var anna = await _accounts.AddAsync("anna");

        var changed = await _accounts.Users.ChangePasswordAsync(anna, "not it at all", "another long one", CancellationToken.None);

        Assert.Equal("currentPassword", changed.Error?.Field);
        Assert.True((await _accounts.SignInAsync("anna")).IsOk);
    }

    [Fact]
    public async Task EveryChange_WritesAnAuditRowWithoutThePassword()
    {
        var admin = await _accounts.AddAsync("root", Role.Admin);
        var id = (await _accounts.Users.AddAsync(admin, "anna", AccountsFixture.GoodPassword, Role.Viewer, CancellationToken.None)).Value.Id;
        await _accounts.Users.SetRoleAsync(admin, id, Role.Editor, CancellationToken.None);
        await _accounts.Users.SetPasswordAsync(admin, id, "another long one", CancellationToken.None);
        await _accounts.Users.SetDisabledAsync(admin, id, disabled: true, CancellationToken.None);
        await _accounts.Users.RemoveAsync(admin, id, CancellationToken.None);

        var rows = (await _accounts.ReadAuditAsync()).Where(row => row.UserId == admin.UserId).ToList();

        Assert.Equal(["users.add", "users.setRole", "users.setPassword", "users.disable", "users.remove"], rows.Select(row => row.Action));
        Assert.All(rows, row => Assert.Equal($"user:{id}", row.Target));
        Assert.Equal(("""{"role":"viewer"}""", """{"role":"editor"}"""), (rows[1].Before, rows[1].After));
        Assert.DoesNotContain(rows, row => $"{row.Before}{row.After}".Contains("long one", StringComparison.Ordinal) || $"{row.Before}{row.After}".Contains("horse", StringComparison.Ordinal));
    }

    public void Dispose() => _accounts.Dispose();
}
