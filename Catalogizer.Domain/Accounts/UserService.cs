using Catalogizer.Domain.Accounts.Lockout;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>An account as shown in the list of users.</summary>
/// <param name="LockedUntil">Until when failed sign-ins lock out the clients they came from; null if none is locked out.</param>
/// <param name="Grants">Permissions in addition to those of the role.</param>
/// <param name="Invited">Created without a password, and none has been chosen yet.</param>
/// <param name="Keys">The number of API keys, including expired ones.</param>
public sealed record UserSummary(
    long Id,
    string Username,
    Role Role,
    IReadOnlyList<string> Grants,
    bool Disabled,
    DateTimeOffset? LockedUntil,
    bool SecondFactor,
    bool Invited,
    int Keys,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt);

/// <summary>
/// Creates, changes and removes accounts. Once an admin exists, there is always one who can sign in. A change that ends permissions also
/// ends the user's sessions, tokens and keys. Users can only grant, revoke or reset permissions that they have themselves, and cannot raise
/// their own: otherwise the permission to manage users would include every permission.
/// </summary>
public sealed class UserService
{
    /// <summary>Stored instead of the hash of a password; no password matches it.</summary>
    internal const string NoPasswordHash = "AA==";

    private static readonly IReadOnlyDictionary<long, DateTimeOffset> NoLocks = new Dictionary<long, DateTimeOffset>();

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly PasswordHashingQueue _hashingQueue;
    private readonly CurrentPasswordCheck _currentPassword;
    private readonly SignInLockout _lockout;
    private readonly AccountLock _accountLock;
    private readonly AccountReader _accounts;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal UserService(
        IDbContextFactory<CatalogDbContext> contexts, PasswordHashingQueue hashingQueue, CurrentPasswordCheck currentPassword, SignInLockout lockout, AccountLock accountLock, AccountReader accounts, AuditLog audit, TimeProvider time) =>
        (_contexts, _hashingQueue, _currentPassword, _lockout, _accountLock, _accounts, _audit, _time) = (contexts, hashingQueue, currentPassword, lockout, accountLock, accounts, audit, time);

    public async Task<IReadOnlyList<UserSummary>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.UsersManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var users = await db.Users.AsNoTracking().OrderBy(u => u.NormalizedUserName).ToListAsync(cancellation);
        var grants = await db.UserClaims.AsNoTracking().Where(c => c.ClaimType == AccountClaims.Permissions).ToListAsync(cancellation);
        var keys = await db.ApiKeys.GroupBy(k => k.UserId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
        var locks = await _lockout.GetLocksAsync(db, cancellation);
        return [.. users.Select(user => ToSummary(user, grants.Where(g => g.UserId == user.Id).Select(g => g.ClaimValue!), keys.GetValueOrDefault(user.Id), locks))];
    }

    public async Task<bool> HasAdminAsync(CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AnyAsync(u => u.Role == Role.Admin, cancellation);
    }

    public async Task<Result<UserSummary>> AddAsync(Actor actor, string? name, string? password, Role role, CancellationToken cancellation)
    {
        actor.Require(Permission.UsersManage);
        return await AddAsync(actor, name, password, role, isFirstAdmin: false, cancellation);
    }

    /// <summary>Adds an account whose owner chooses the password with a link (<see cref="PasswordLinks"/>).</summary>
    public async Task<Result<UserSummary>> InviteAsync(Actor actor, string? name, Role role, CancellationToken cancellation)
    {
        actor.Require(Permission.UsersManage);
        return await AddAsync(actor, name, password: null, role, isFirstAdmin: false, cancellation, isInvited: true);
    }

    /// <summary>Adds the account of the setup. Fails once there is an admin, even for requests at the same moment.</summary>
    internal async Task<Result<Account>> AddFirstAdminAsync(string? name, string? password, string? address, CancellationToken cancellation)
    {
        var added = await AddAsync(Actor.System with { Name = "set-up", Address = address }, name, password, Role.Admin, isFirstAdmin: true, cancellation);
        return added.IsOk ? (await _accounts.FindAsync(added.Value.Id, cancellation))! : added.Error!;
    }

    public Task<Result<UserSummary>> SetRoleAsync(Actor actor, long id, Role role, CancellationToken cancellation) =>
        ChangeAsync(actor, id, "users.setRole", removesAdmin: role != Role.Admin, user => user.Role = role, user => new { user.Role }, cancellation, addedPermissions: Permission.For(role), isForOthersOnly: true);

    public Task<Result<UserSummary>> SetDisabledAsync(Actor actor, long id, bool disabled, CancellationToken cancellation) =>
        ChangeAsync(actor, id, disabled ? "users.disable" : "users.enable", removesAdmin: disabled, user => user.Disabled = disabled, user => new { user.Disabled }, cancellation);

    /// <summary>Sets the permissions in addition to those of the role; replaces the earlier ones.</summary>
    public async Task<Result<UserSummary>> SetGrantsAsync(Actor actor, long id, IReadOnlyCollection<string> grants, CancellationToken cancellation)
    {
        if (grants.FirstOrDefault(grant => !Permission.All.Contains(grant)) is { } unknown)
        {
            return new InvalidError("permissions", $"There is no permission '{unknown}'.");
        }

        return await ChangeAsync(actor, id, "users.setGrants", async (db, user) =>
        {
            var before = await GetGrants(db, user.Id).ToListAsync(cancellation);
            db.UserClaims.RemoveRange(before);
            db.UserClaims.AddRange(grants.Distinct().Select(grant => new IdentityUserClaim<long> { UserId = user.Id, ClaimType = AccountClaims.Permissions, ClaimValue = grant }));
            return (before.Select(g => g.ClaimValue), grants);
        }, cancellation, addedPermissions: grants, isForOthersOnly: true);
    }

    /// <summary>Removes the lock after failed sign-ins. Ends no session.</summary>
    public Task<Result<UserSummary>> UnlockAsync(Actor actor, long id, CancellationToken cancellation) => ChangeAsync(
        actor,
        id,
        "users.unlock",
        async (db, user) =>
        {
            await SignInLockout.ResetAsync(db, user.Id, client: null, cancellation);
            return default;
        },
        cancellation,
        revokesAccess: false);

    /// <summary>Removes all API keys of an account.</summary>
    public Task<Result<UserSummary>> RemoveKeysAsync(Actor actor, long id, CancellationToken cancellation) => ChangeAsync(
        actor,
        id,
        "users.removeKeys",
        async (db, user) =>
        {
            var keys = await db.ApiKeys.Where(k => k.UserId == user.Id).ToListAsync(cancellation);
            db.ApiKeys.RemoveRange(keys);
            return (keys.Select(k => new { k.Name, k.Scopes }), null);
        },
        cancellation,
        revokesAccess: false);

    /// <summary>Turns off two-factor authentication for a user who can no longer enter a code.</summary>
    public Task<Result<UserSummary>> ClearTwoFactorAsync(Actor actor, long id, CancellationToken cancellation) => ChangeAsync(
        actor,
        id,
        "users.clearSecondFactor",
        async (db, user) =>
        {
            user.TwoFactorEnabled = false;
            await TwoFactorService.ClearAsync(db, user.Id, cancellation);
            return default;
        },
        cancellation,
        isForOthersOnly: true);

    public async Task<Result<UserSummary>> SetPasswordAsync(Actor actor, long id, string? password, CancellationToken cancellation)
    {
        actor.Require(Permission.UsersManage);
        if (AccountRules.ValidatePassword(password, await FindNameAsync(id, cancellation)) is { } error)
        {
            return error;
        }

        var hash = await _hashingQueue.HashAsync(new User { Id = id }, password!, cancellation);
        return hash.IsOk
            ? await ChangeAsync(actor, id, "users.setPassword", removesAdmin: false, user => user.PasswordHash = hash.Value, _ => null, cancellation, isForOthersOnly: true)
            : hash.Error!;
    }

    /// <summary>Changes the actor's own password, and ends the actor's sessions, tokens and keys.</summary>
    /// <exception cref="PermissionDeniedException">The actor is not a user in a signed-in browser.</exception>
    public async Task<Result<Account>> ChangePasswordAsync(Actor actor, string currentPassword, string? newPassword, CancellationToken cancellation)
    {
        var id = actor.RequireOwnAccount();
        if (AccountRules.ValidatePassword(newPassword, actor.Name) is { } error)
        {
            return error;
        }

        if (await _currentPassword.CheckAsync(actor, currentPassword, cancellation) is { } passwordError)
        {
            return passwordError;
        }

        var hash = await _hashingQueue.HashAsync(new User { Id = id }, newPassword!, cancellation);
        if (!hash.IsOk)
        {
            return hash.Error!;
        }

        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);
        user.PasswordHash = hash.Value;
        await RevokeAllAsync(db, user, cancellation);
        db.AuditLogs.Add(_audit.CreateEntry(actor, "accounts.changePassword", ToAuditTarget(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.InvalidateWithSessions(user.Id);
        return await _accounts.FindAsync(user.Id, cancellation) is { } account ? account : new InvalidCredentials();
    }

    public async Task<Error?> RemoveAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.UsersManage);
        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (user is null)
        {
            return UserNotFound(id);
        }

        if (await CheckCanManageAsync(db, actor, user, [], cancellation) is { } denied)
        {
            return denied;
        }

        if (await IsLastAdminAsync(db, user, cancellation))
        {
            return new LastAdminRequired();
        }

        db.Users.Remove(user);
        db.AuditLogs.Add(_audit.CreateEntry(actor, "users.remove", ToAuditTarget(user), new { user.UserName, user.Role }));
        await db.SaveChangesAsync(cancellation);
        _accounts.InvalidateWithSessions(id);
        return null;
    }

    internal static string ToAuditTarget(User user) => $"user:{user.Id}";

    /// <param name="isFirstAdmin">If true, fails if there is an admin already.</param>
    private async Task<Result<UserSummary>> AddAsync(Actor actor, string? name, string? password, Role role, bool isFirstAdmin, CancellationToken cancellation, bool isInvited = false)
    {
        if (!Permission.For(role).All(actor.HasPermission))
        {
            return new InsufficientPermissions();
        }

        name = name?.Trim();
        if ((AccountRules.ValidateName(name) ?? (isInvited ? null : AccountRules.ValidatePassword(password, name))) is { } error)
        {
            return error;
        }

        var user = new User { UserName = name, NormalizedUserName = UserNames.Normalize(name), Role = role, CreatedAt = _time.GetUtcNow(), LockoutEnabled = true, SecurityStamp = Guid.NewGuid().ToString("N") };
        var hash = isInvited ? NoPasswordHash : await _hashingQueue.HashAsync(user, password!, cancellation);
        if (!hash.IsOk)
        {
            return hash.Error!;
        }

        user.PasswordHash = hash.Value;
        using var lease = await _accountLock.AcquireAsync(cancellation);
        if (isFirstAdmin && await HasAdminAsync(cancellation))
        {
            return new SetupAlreadyCompleted();
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Users.AnyAsync(u => u.NormalizedUserName == user.NormalizedUserName, cancellation))
        {
            return new UserNameTaken(name!);
        }

        db.Users.Add(user);
        await db.SaveAuditedAsync(() => _audit.CreateEntry(actor, "users.add", ToAuditTarget(user), null, new { user.UserName, user.Role }), cancellation);
        return ToSummary(user, [], keys: 0, NoLocks);
    }

    private Task<Result<UserSummary>> ChangeAsync(
        Actor actor, long id, string action, bool removesAdmin, Action<User> change, Func<User, object?> toAuditValues, CancellationToken cancellation,
        IEnumerable<string>? addedPermissions = null, bool isForOthersOnly = false) =>
        ChangeAsync(
            actor,
            id,
            action,
            (_, user) =>
            {
                var before = toAuditValues(user);
                change(user);
                return Task.FromResult((before, toAuditValues(user)));
            },
            cancellation,
            removesAdmin,
            addedPermissions: addedPermissions,
            isForOthersOnly: isForOthersOnly);

    /// <param name="change">Makes the change and returns the values before and after it, for the audit log.</param>
    /// <param name="revokesAccess">Whether the account's sessions, tokens and keys end.</param>
    /// <param name="addedPermissions">The permissions that the account gains.</param>
    /// <param name="isForOthersOnly">Whether users cannot do this to their own account.</param>
    private async Task<Result<UserSummary>> ChangeAsync(
        Actor actor,
        long id,
        string action,
        Func<CatalogDbContext, User, Task<(object? Before, object? After)>> change,
        CancellationToken cancellation,
        bool removesAdmin = false,
        bool revokesAccess = true,
        IEnumerable<string>? addedPermissions = null,
        bool isForOthersOnly = false)
    {
        actor.Require(Permission.UsersManage);
        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (user is null)
        {
            return UserNotFound(id);
        }

        if (isForOthersOnly && actor.UserId == id)
        {
            return new OwnAccountChangeDenied();
        }

        if (await CheckCanManageAsync(db, actor, user, addedPermissions ?? [], cancellation) is { } denied)
        {
            return denied;
        }

        if (removesAdmin && await IsLastAdminAsync(db, user, cancellation))
        {
            return new LastAdminRequired();
        }

        var (before, after) = await change(db, user);
        if (revokesAccess)
        {
            await RevokeAllAsync(db, user, cancellation);
        }

        db.AuditLogs.Add(_audit.CreateEntry(actor, action, ToAuditTarget(user), before, after));
        await db.SaveChangesAsync(cancellation);
        if (revokesAccess)
        {
            _accounts.InvalidateWithSessions(id);
        }
        else
        {
            _accounts.Invalidate(id);
        }

        return ToSummary(user, await GetGrants(db, id).Select(g => g.ClaimValue!).ToListAsync(cancellation), await db.ApiKeys.CountAsync(k => k.UserId == id, cancellation), await _lockout.GetLocksAsync(db, cancellation));
    }

    /// <summary>Returns why the actor may not change an account; null if the actor has every permission that the account has and gains.</summary>
    /// <param name="addedPermissions">The permissions that the account gains.</param>
    internal static async Task<Error?> CheckCanManageAsync(CatalogDbContext db, Actor actor, User user, IEnumerable<string> addedPermissions, CancellationToken cancellation)
    {
        var grants = await GetGrants(db, user.Id).Select(g => g.ClaimValue!).ToListAsync(cancellation);
        return Permission.For(user.Role).Concat(grants.Intersect(Permission.All)).Concat(addedPermissions).All(actor.HasPermission) ? null : new InsufficientPermissions();
    }

    /// <summary>Invalidates the stamp, sessions, tokens and keys of an account. The caller saves.</summary>
    internal static async Task RevokeAllAsync(CatalogDbContext db, User user, CancellationToken cancellation)
    {
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        await Sessions.EndAllAsync(db, user.Id, exceptSession: null, cancellation);
        db.ApiKeys.RemoveRange(await db.ApiKeys.Where(k => k.UserId == user.Id).ToListAsync(cancellation));
    }

    private static async Task<bool> IsLastAdminAsync(CatalogDbContext db, User user, CancellationToken cancellation) =>
        user is { Role: Role.Admin, Disabled: false }
        && !await db.Users.AnyAsync(u => u.Role == Role.Admin && !u.Disabled && u.PasswordHash != NoPasswordHash && u.Id != user.Id, cancellation);

    internal static NotFoundError UserNotFound(long id) => new($"There is no account {id}.");

    private async Task<string?> FindNameAsync(long id, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.Where(u => u.Id == id).Select(u => u.UserName).SingleOrDefaultAsync(cancellation);
    }

    private static IQueryable<IdentityUserClaim<long>> GetGrants(CatalogDbContext db, long id) =>
        db.UserClaims.Where(c => c.UserId == id && c.ClaimType == AccountClaims.Permissions);

    private static UserSummary ToSummary(User user, IEnumerable<string> grants, int keys, IReadOnlyDictionary<long, DateTimeOffset> locks) => new(
        user.Id,
        user.UserName!,
        user.Role,
        [.. grants.Except(Permission.For(user.Role)).Order(StringComparer.Ordinal)],
        user.Disabled,
        locks.TryGetValue(user.Id, out var until) ? until : null,
        user.TwoFactorEnabled,
        user.PasswordHash == NoPasswordHash,
        keys,
        user.CreatedAt,
        user.LastSignInAt);
}
