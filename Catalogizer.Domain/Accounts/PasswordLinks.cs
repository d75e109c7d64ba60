using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>A link with which a person chooses a password: the first of a new account, or another one. Only its hash is kept.</summary>
public sealed class PasswordLink
{
    public long Id { get; set; }

    public long UserId { get; set; }

    /// <summary>SHA-256 of the token, in lower-case hex.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>
/// Links with which people choose their password themselves, so that nobody else ever knows it. A link works once, for three
/// days, and a newer one ends it.
/// </summary>
public sealed class PasswordLinks
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly PasswordHashingQueue _hashingQueue;
    private readonly AccountLock _accountLock;
    private readonly AccountReader _accounts;
    private readonly SignInTickets _tickets;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal PasswordLinks(
        IDbContextFactory<CatalogDbContext> contexts, PasswordHashingQueue hashingQueue, AccountLock accountLock, AccountReader accounts, SignInTickets tickets, AuditLog audit, TimeProvider time) =>
        (_contexts, _hashingQueue, _accountLock, _accounts, _tickets, _audit, _time) = (contexts, hashingQueue, accountLock, accounts, tickets, audit, time);

    /// <summary>Makes a link for an account.</summary>
    /// <returns>Its token, to be shown once.</returns>
    public async Task<Result<string>> CreateAsync(Actor actor, long userId, CancellationToken cancellation)
    {
        actor.Require(Permission.UsersManage);
        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == userId, cancellation) is not { } user)
        {
            return UserService.UserNotFound(userId);
        }

        if (actor.UserId == userId)
        {
            return new OwnAccountChangeDenied();
        }

        if (await UserService.CheckCanManageAsync(db, actor, user, [], cancellation) is { } denied)
        {
            return denied;
        }

        var now = _time.GetUtcNow();
        db.PasswordLinks.RemoveRange(await db.PasswordLinks.Where(l => l.UserId == userId || l.ExpiresAt <= now).ToListAsync(cancellation));
        var token = RandomToken.Create();
        db.PasswordLinks.Add(new PasswordLink { UserId = userId, Hash = RandomToken.ComputeHash(token), ExpiresAt = now + Lifetime });
        db.AuditLogs.Add(_audit.CreateEntry(actor, "users.makeLink", UserService.ToAuditTarget(user)));
        await db.SaveChangesAsync(cancellation);
        return token;
    }

    /// <summary>The name of the account a link is for; null when it does not, or no longer, work.</summary>
    public async Task<string?> FindUserNameAsync(string? token, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return (await FindValidAsync(db, token, cancellation))?.UserName;
    }

    /// <summary>Spends a link: the account has this password, and whatever was signed in is not any more.</summary>
    /// <returns>
    /// The account, to be signed in: who has the link may sign in with the password just chosen. <see cref="TwoFactorRequired"/>, with
    /// the password set, when that takes a code too.
    /// </returns>
    public async Task<Result<Account>> RedeemAsync(string? token, string? password, string? address, CancellationToken cancellation)
    {
        if (await FindUserNameAsync(token, cancellation) is not { } name)
        {
            return new PasswordLinkExpired();
        }

        if (AccountRules.ValidatePassword(password, name) is { } error)
        {
            return error;
        }

        var hash = await _hashingQueue.HashAsync(new User(), password!, cancellation);
        if (!hash.IsOk)
        {
            return hash.Error!;
        }

        // Spent by somebody else meanwhile, perhaps.
        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await FindValidAsync(db, token, cancellation) is not { } user)
        {
            return new PasswordLinkExpired();
        }

        user.PasswordHash = hash.Value;
        await SignInLockout.ResetAsync(db, user.Id, client: null, cancellation);
        db.PasswordLinks.RemoveRange(await db.PasswordLinks.Where(l => l.UserId == user.Id).ToListAsync(cancellation));
        await UserService.RevokeAllAsync(db, user, cancellation);
        var actor = new Actor(user.Id, user.UserName!, [], address);
        db.AuditLogs.Add(_audit.CreateEntry(actor, "accounts.useLink", UserService.ToAuditTarget(user)));
        if (!user.TwoFactorEnabled)
        {
            db.AuditLogs.Add(_audit.CreateEntry(actor, "accounts.signIn", UserService.ToAuditTarget(user)));
        }

        await db.SaveChangesAsync(cancellation);
        _accounts.InvalidateWithSessions(user.Id);
        return user.TwoFactorEnabled ? new TwoFactorRequired(_tickets.Create(user))
            : await _accounts.FindAsync(user.Id, cancellation) is { } account ? account
            : new InvalidCredentials();
    }

    private async Task<User?> FindValidAsync(CatalogDbContext db, string? token, CancellationToken cancellation)
    {
        var hash = RandomToken.ComputeHash(token ?? "");
        var link = await db.PasswordLinks.AsNoTracking().SingleOrDefaultAsync(l => l.Hash == hash, cancellation);
        return link is not null && link.ExpiresAt > _time.GetUtcNow()
            ? await db.Users.SingleOrDefaultAsync(u => u.Id == link.UserId && !u.Disabled, cancellation)
            : null;
    }
}
