using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>An account as the list of accounts shows it.</summary>
/// <param name="LockedUntil">Until when wrong guesses bar signing in from where they came; null when they do not.</param>
/// <param name="Grants">What the person may beyond the role.</param>
/// <param name="Invited">Made without a password, and none was chosen yet.</param>
/// <param name="Keys">How many API keys it has, expired ones too.</param>
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
/// Makes, changes and removes accounts. There is always an admin who can sign in once there was one. What ends a person's rights ends
/// their sessions, tokens and keys with it. Nobody gives, takes or resets what they may not do themselves, and nobody raises themselves:
/// else the right to manage accounts would be every right.
/// </summary>
public sealed class UserService
{
    /// <summary>Stands where the hash of a password does; no password has it.</summary>
    internal const string NoPassword = "AA==";

    private static readonly IReadOnlyDictionary<long, DateTimeOffset> NoLocks = new Dictionary<long, DateTimeOffset>();

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly PasswordLane _lane;
    private readonly CurrentPassword _password;
    private readonly Failures _failures;
    private readonly AccountGate _gate;
    private readonly AccountReader _accounts;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal UserService(
        IDbContextFactory<CatalogDbContext> contexts, PasswordLane lane, CurrentPassword password, Failures failures, AccountGate gate, AccountReader accounts, AuditLog audit, TimeProvider time) =>
        (_contexts, _lane, _password, _failures, _gate, _accounts, _audit, _time) = (contexts, lane, password, failures, gate, accounts, audit, time);

    public async Task<IReadOnlyList<UserSummary>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var users = await db.Users.AsNoTracking().OrderBy(u => u.NormalizedUserName).ToListAsync(cancellation);
        var grants = await db.UserClaims.AsNoTracking().Where(c => c.ClaimType == AccountClaims.Permissions).ToListAsync(cancellation);
        var keys = await db.ApiKeys.GroupBy(k => k.UserId).Select(of => new { of.Key, Count = of.Count() }).ToDictionaryAsync(of => of.Key, of => of.Count, cancellation);
        var locks = await _failures.LocksAsync(db, cancellation);
        return [.. users.Select(user => Summary(user, grants.Where(g => g.UserId == user.Id).Select(g => g.ClaimValue!), keys.GetValueOrDefault(user.Id), locks))];
    }

    public async Task<bool> HasAdminAsync(CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AnyAsync(u => u.Role == Role.Admin, cancellation);
    }

    public async Task<Result<UserSummary>> AddAsync(Actor actor, string? name, string? password, Role role, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        return await AddAsync(actor, name, password, role, onlyAsFirst: false, cancellation);
    }

    /// <summary>An account whose owner is to choose the password with a link (<see cref="PasswordLinks"/>).</summary>
    public async Task<Result<UserSummary>> InviteAsync(Actor actor, string? name, Role role, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        return await AddAsync(actor, name, password: null, role, onlyAsFirst: false, cancellation, invited: true);
    }

    /// <summary>The account that set-up makes; refused once there is an admin, however many ask at the same moment.</summary>
    internal async Task<Result<Account>> AddFirstAdminAsync(string? name, string? password, string? address, CancellationToken cancellation)
    {
        var added = await AddAsync(Actor.System with { Name = "set-up", Address = address }, name, password, Role.Admin, onlyAsFirst: true, cancellation);
        return added.IsOk ? (await _accounts.FindAsync(added.Value.Id, cancellation))! : added.Error!;
    }

    public Task<Result<UserSummary>> SetRoleAsync(Actor actor, long id, Role role, CancellationToken cancellation) =>
        ChangeAsync(actor, id, "users.setRole", losesAdmin: role != Role.Admin, user => user.Role = role, user => new { user.Role }, cancellation, given: Permission.Of(role), ofOthers: true);

    public Task<Result<UserSummary>> SetDisabledAsync(Actor actor, long id, bool disabled, CancellationToken cancellation) =>
        ChangeAsync(actor, id, disabled ? "users.disable" : "users.enable", losesAdmin: disabled, user => user.Disabled = disabled, user => new { user.Disabled }, cancellation);

    /// <summary>What the person may beyond the role; replaces what was granted before.</summary>
    public async Task<Result<UserSummary>> SetGrantsAsync(Actor actor, long id, IReadOnlyCollection<string> grants, CancellationToken cancellation)
    {
        if (grants.FirstOrDefault(grant => !Permission.All.Contains(grant)) is { } unknown)
        {
            return new InvalidError("permissions", $"There is no permission '{unknown}'.");
        }

        return await ChangeAsync(actor, id, "users.setGrants", async (db, user) =>
        {
            var before = await GrantsOf(db, user.Id).ToListAsync(cancellation);
            db.UserClaims.RemoveRange(before);
            db.UserClaims.AddRange(grants.Distinct().Select(grant => new IdentityUserClaim<long> { UserId = user.Id, ClaimType = AccountClaims.Permissions, ClaimValue = grant }));
            return (before.Select(g => g.ClaimValue), grants);
        }, cancellation, given: grants, ofOthers: true);
    }

    /// <summary>Lifts the lock that wrong guesses brought. Nobody is signed out.</summary>
    public Task<Result<UserSummary>> UnlockAsync(Actor actor, long id, CancellationToken cancellation) => ChangeAsync(
        actor,
        id,
        "users.unlock",
        async (db, user) =>
        {
            await Failures.ForgetAsync(db, user.Id, place: null, cancellation);
            return default;
        },
        cancellation,
        ends: false);

    /// <summary>Ends every key of an account.</summary>
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
        ends: false);

    /// <summary>Turns off the second factor of somebody who lost it.</summary>
    public Task<Result<UserSummary>> ClearSecondFactorAsync(Actor actor, long id, CancellationToken cancellation) => ChangeAsync(
        actor,
        id,
        "users.clearSecondFactor",
        async (db, user) =>
        {
            user.TwoFactorEnabled = false;
            await SecondFactor.ClearAsync(db, user.Id, cancellation);
            return default;
        },
        cancellation,
        ofOthers: true);

    public async Task<Result<UserSummary>> SetPasswordAsync(Actor actor, long id, string? password, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        if (AccountRules.CheckPassword(password, await NameOfAsync(id, cancellation)) is { } wrong)
        {
            return wrong;
        }

        var hash = await _lane.HashAsync(new User { Id = id }, password!, cancellation);
        return hash.IsOk
            ? await ChangeAsync(actor, id, "users.setPassword", losesAdmin: false, user => user.PasswordHash = hash.Value, _ => null, cancellation, ofOthers: true)
            : hash.Error!;
    }

    /// <summary>A person's own change of password; it ends their sessions, tokens and keys.</summary>
    /// <exception cref="PermissionDeniedException">The actor is no person in a browser.</exception>
    public async Task<Result<Account>> ChangePasswordAsync(Actor actor, string current, string? next, CancellationToken cancellation)
    {
        var id = actor.DemandOwnAccount();
        if (AccountRules.CheckPassword(next, actor.Name) is { } wrong)
        {
            return wrong;
        }

        if (await _password.CheckAsync(actor, current, cancellation) is { } refused)
        {
            return refused;
        }

        var hash = await _lane.HashAsync(new User { Id = id }, next!, cancellation);
        if (!hash.IsOk)
        {
            return hash.Error!;
        }

        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);
        user.PasswordHash = hash.Value;
        await EndEverythingAsync(db, user, cancellation);
        db.AuditLogs.Add(_audit.Entry(actor, "accounts.changePassword", Target(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.ForgetWithSessions(user.Id);
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

        if (await RefusalAsync(db, actor, user, [], cancellation) is { } refused)
        {
            return refused;
        }

        if (await IsLastAdminAsync(db, user, cancellation))
        {
            return new LastAdmin();
        }

        db.Users.Remove(user);
        db.AuditLogs.Add(_audit.Entry(actor, "users.remove", Target(user), new { user.UserName, user.Role }));
        await db.SaveChangesAsync(cancellation);
        _accounts.ForgetWithSessions(id);
        return null;
    }

    internal static string Target(User user) => $"user:{user.Id}";

    /// <param name="onlyAsFirst">Whether there must be no admin yet.</param>
    private async Task<Result<UserSummary>> AddAsync(Actor actor, string? name, string? password, Role role, bool onlyAsFirst, CancellationToken cancellation, bool invited = false)
    {
        if (!Permission.Of(role).All(actor.May))
        {
            return new MoreThanYours();
        }

        name = name?.Trim();
        if ((AccountRules.CheckName(name) ?? (invited ? null : AccountRules.CheckPassword(password, name))) is { } wrong)
        {
            return wrong;
        }

        var user = new User { UserName = name, NormalizedUserName = UserNames.Key(name), Role = role, CreatedAt = _time.GetUtcNow(), LockoutEnabled = true, SecurityStamp = Guid.NewGuid().ToString("N") };
        var hash = invited ? NoPassword : await _lane.HashAsync(user, password!, cancellation);
        if (!hash.IsOk)
        {
            return hash.Error!;
        }

        user.PasswordHash = hash.Value;
        using var turn = await _gate.EnterAsync(cancellation);
        if (onlyAsFirst && await HasAdminAsync(cancellation))
        {
            return new SetUpIsOver();
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Users.AnyAsync(u => u.NormalizedUserName == user.NormalizedUserName, cancellation))
        {
            return new UserNameTaken(name!);
        }

        db.Users.Add(user);
        await db.SaveAuditedAsync(() => _audit.Entry(actor, "users.add", Target(user), null, new { user.UserName, user.Role }), cancellation);
        return Summary(user, [], keys: 0, NoLocks);
    }

    private Task<Result<UserSummary>> ChangeAsync(
        Actor actor, long id, string action, bool losesAdmin, Action<User> change, Func<User, object?> audited, CancellationToken cancellation,
        IEnumerable<string>? given = null, bool ofOthers = false) =>
        ChangeAsync(
            actor,
            id,
            action,
            (_, user) =>
            {
                var before = audited(user);
                change(user);
                return Task.FromResult((before, audited(user)));
            },
            cancellation,
            losesAdmin,
            given: given,
            ofOthers: ofOthers);

    /// <param name="change">Changes it and answers what the audit log says of before and after.</param>
    /// <param name="ends">Whether what is signed in with it ends.</param>
    /// <param name="given">What the account may do by the change.</param>
    /// <param name="ofOthers">Whether nobody does this to the own account.</param>
    private async Task<Result<UserSummary>> ChangeAsync(
        Actor actor,
        long id,
        string action,
        Func<CatalogDbContext, User, Task<(object? Before, object? After)>> change,
        CancellationToken cancellation,
        bool losesAdmin = false,
        bool ends = true,
        IEnumerable<string>? given = null,
        bool ofOthers = false)
    {
        actor.Demand(Permission.UsersManage);
        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (user is null)
        {
            return NoSuchUser(id);
        }

        if (ofOthers && actor.UserId == id)
        {
            return new OwnAccount();
        }

        if (await RefusalAsync(db, actor, user, given ?? [], cancellation) is { } refused)
        {
            return refused;
        }

        if (losesAdmin && await IsLastAdminAsync(db, user, cancellation))
        {
            return new LastAdmin();
        }

        var (before, after) = await change(db, user);
        if (ends)
        {
            await EndEverythingAsync(db, user, cancellation);
        }

        db.AuditLogs.Add(_audit.Entry(actor, action, Target(user), before, after));
        await db.SaveChangesAsync(cancellation);
        if (ends)
        {
            _accounts.ForgetWithSessions(id);
        }
        else
        {
            _accounts.Forget(id);
        }

        return Summary(user, await GrantsOf(db, id).Select(g => g.ClaimValue!).ToListAsync(cancellation), await db.ApiKeys.CountAsync(k => k.UserId == id, cancellation), await _failures.LocksAsync(db, cancellation));
    }

    /// <summary>Why the actor may not touch an account; null when the actor may do all that the account may, and is to.</summary>
    /// <param name="given">What the account is to may besides.</param>
    internal static async Task<Error?> RefusalAsync(CatalogDbContext db, Actor actor, User user, IEnumerable<string> given, CancellationToken cancellation)
    {
        var grants = await GrantsOf(db, user.Id).Select(g => g.ClaimValue!).ToListAsync(cancellation);
        return Permission.Of(user.Role).Concat(grants.Intersect(Permission.All)).Concat(given).All(actor.May) ? null : new MoreThanYours();
    }

    /// <summary>A stamp, sessions, tokens and keys of before open nothing after this. The caller saves.</summary>
    internal static async Task EndEverythingAsync(CatalogDbContext db, User user, CancellationToken cancellation)
    {
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        await Sessions.EndAllAsync(db, user.Id, kept: null, cancellation);
        db.ApiKeys.RemoveRange(await db.ApiKeys.Where(k => k.UserId == user.Id).ToListAsync(cancellation));
    }

    private static async Task<bool> IsLastAdminAsync(CatalogDbContext db, User user, CancellationToken cancellation) =>
        user is { Role: Role.Admin, Disabled: false }
        && !await db.Users.AnyAsync(u => u.Role == Role.Admin && !u.Disabled && u.PasswordHash != NoPassword && u.Id != user.Id, cancellation);

    internal static NotFoundError NoSuchUser(long id) => new($"There is no account {id}.");

    private async Task<string?> NameOfAsync(long id, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.Where(u => u.Id == id).Select(u => u.UserName).SingleOrDefaultAsync(cancellation);
    }

    private static IQueryable<IdentityUserClaim<long>> GrantsOf(CatalogDbContext db, long id) =>
        db.UserClaims.Where(c => c.UserId == id && c.ClaimType == AccountClaims.Permissions);

    private static UserSummary Summary(User user, IEnumerable<string> grants, int keys, IReadOnlyDictionary<long, DateTimeOffset> locks) => new(
        user.Id,
        user.UserName!,
        user.Role,
        [.. grants.Except(Permission.Of(user.Role)).Order(StringComparer.Ordinal)],
        user.Disabled,
        locks.TryGetValue(user.Id, out var until) ? until : null,
        user.TwoFactorEnabled,
        user.PasswordHash == NoPassword,
        keys,
        user.CreatedAt,
        user.LastSignInAt);
}
