using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>An account as the list of accounts shows it.</summary>
public sealed record UserSummary(long Id, string Username, Role Role, bool Disabled, DateTimeOffset? LockedUntil, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt);

/// <summary>
/// Makes, changes and removes accounts. There is always an admin who can sign in once there was one. What ends a person's
/// rights ends their sessions and tokens with it.
/// </summary>
public sealed class UserService
{
    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly IPasswordHasher<User> _hasher;
    private readonly AccountGate _gate;
    private readonly AccountReader _accounts;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal UserService(
        IDbContextFactory<CatalogDbContext> contexts, IPasswordHasher<User> hasher, AccountGate gate, AccountReader accounts, AuditLog audit, TimeProvider time) =>
        (_contexts, _hasher, _gate, _accounts, _audit, _time) = (contexts, hasher, gate, accounts, audit, time);

    public async Task<IReadOnlyList<UserSummary>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AsNoTracking().OrderBy(u => u.NormalizedUserName)
            .Select(u => new UserSummary(u.Id, u.UserName!, u.Role, u.Disabled, u.LockoutEnd, u.CreatedAt, u.LastSignInAt))
            .ToListAsync(cancellation);
    }

    public async Task<bool> HasAdminAsync(CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AnyAsync(u => u.Role == Role.Admin, cancellation);
    }

    public async Task<Result<UserSummary>> AddAsync(Actor actor, string? name, string? password, Role role, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        using var turn = await _gate.EnterAsync(cancellation);
        return await AddNowAsync(actor, name, password, role, cancellation);
    }

    /// <summary>The account that set-up makes; refused once there is an admin, however many ask at the same moment.</summary>
    internal async Task<Result<Account>> AddFirstAdminAsync(string? name, string? password, string? address, CancellationToken cancellation)
    {
        using var turn = await _gate.EnterAsync(cancellation);
        if (await HasAdminAsync(cancellation))
        {
            return new SetUpIsOver();
        }

        var added = await AddNowAsync(Actor.System with { Name = "set-up", Address = address }, name, password, Role.Admin, cancellation);
        return added.IsOk ? (await _accounts.FindAsync(added.Value.Id, cancellation))! : added.Error!;
    }

    public Task<Result<UserSummary>> SetRoleAsync(Actor actor, long id, Role role, CancellationToken cancellation) =>
        ChangeAsync(actor, id, "users.setRole", losesAdmin: role != Role.Admin, user => user.Role = role, user => new { user.Role }, cancellation);

    public Task<Result<UserSummary>> SetDisabledAsync(Actor actor, long id, bool disabled, CancellationToken cancellation) =>
        ChangeAsync(actor, id, disabled ? "users.disable" : "users.enable", losesAdmin: disabled, user => user.Disabled = disabled, user => new { user.Disabled }, cancellation);

    public async Task<Result<UserSummary>> SetPasswordAsync(Actor actor, long id, string? password, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        return AccountRules.CheckPassword(password) is { } wrong
            ? wrong
            : await ChangeAsync(actor, id, "users.setPassword", losesAdmin: false, user => SetPassword(user, password!), _ => null, cancellation);
    }

    /// <summary>A person's own change of password; it ends their other sessions and all their tokens.</summary>
    public async Task<Result<Account>> ChangePasswordAsync(Actor actor, string current, string? next, CancellationToken cancellation)
    {
        if (AccountRules.CheckPassword(next) is { } wrong)
        {
            return wrong;
        }

        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == actor.UserId, cancellation);
        if (user is null || _hasher.VerifyHashedPassword(user, user.PasswordHash!, current) == PasswordVerificationResult.Failed)
        {
            return new Invalid("currentPassword", "The current password is not right.");
        }

        SetPassword(user, next!);
        await EndEverythingAsync(db, user, cancellation);
        db.AuditLogs.Add(_audit.Entry(actor, "accounts.changePassword", Target(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.Forget(user.Id);
        return await _accounts.FindAsync(user.Id, cancellation) is { } account ? account : new SignInRefused();
    }

    public async Task<Error?> RemoveAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (user is null)
        {
            return NoSuchUser(id);
        }

        if (await IsLastAdminAsync(db, user, cancellation))
        {
            return new LastAdmin();
        }

        db.Users.Remove(user);
        db.AuditLogs.Add(_audit.Entry(actor, "users.remove", Target(user), new { user.UserName, user.Role }));
        await db.SaveChangesAsync(cancellation);
        _accounts.Forget(id);
        return null;
    }

    internal static string Target(User user) => $"user:{user.Id}";

    private async Task<Result<UserSummary>> AddNowAsync(Actor actor, string? name, string? password, Role role, CancellationToken cancellation)
    {
        name = name?.Trim();
        if ((AccountRules.CheckName(name) ?? AccountRules.CheckPassword(password)) is { } wrong)
        {
            return wrong;
        }

        var user = new User { UserName = name, NormalizedUserName = UserNames.Key(name), Role = role, CreatedAt = _time.GetUtcNow(), LockoutEnabled = true };
        SetPassword(user, password!);
        user.SecurityStamp = Guid.NewGuid().ToString("N");

        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Users.AnyAsync(u => u.NormalizedUserName == user.NormalizedUserName, cancellation))
        {
            return new UserNameTaken(name!);
        }

        db.Users.Add(user);
        await db.SaveChangesAsync(cancellation);
        db.AuditLogs.Add(_audit.Entry(actor, "users.add", Target(user), null, new { user.UserName, user.Role }));
        await db.SaveChangesAsync(cancellation);
        return Summary(user);
    }

    private async Task<Result<UserSummary>> ChangeAsync(
        Actor actor, long id, string action, bool losesAdmin, Action<User> change, Func<User, object?> audited, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (user is null)
        {
            return NoSuchUser(id);
        }

        if (losesAdmin && await IsLastAdminAsync(db, user, cancellation))
        {
            return new LastAdmin();
        }

        var before = audited(user);
        change(user);
        await EndEverythingAsync(db, user, cancellation);
        db.AuditLogs.Add(_audit.Entry(actor, action, Target(user), before, audited(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.Forget(id);
        return Summary(user);
    }

    private void SetPassword(User user, string password) => user.PasswordHash = _hasher.HashPassword(user, password);

    private static async Task EndEverythingAsync(CatalogDbContext db, User user, CancellationToken cancellation)
    {
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        db.RefreshTokens.RemoveRange(await db.RefreshTokens.Where(t => t.UserId == user.Id).ToListAsync(cancellation));
        db.UserTokens.RemoveRange(await Sessions.Of(db, user.Id).ToListAsync(cancellation));
    }

    private static async Task<bool> IsLastAdminAsync(CatalogDbContext db, User user, CancellationToken cancellation) =>
        user is { Role: Role.Admin, Disabled: false }
        && !await db.Users.AnyAsync(u => u.Role == Role.Admin && !u.Disabled && u.Id != user.Id, cancellation);

    private static NotFound NoSuchUser(long id) => new($"There is no account {id}.");

    private static UserSummary Summary(User user) =>
        new(user.Id, user.UserName!, user.Role, user.Disabled, user.LockoutEnd, user.CreatedAt, user.LastSignInAt);
}
