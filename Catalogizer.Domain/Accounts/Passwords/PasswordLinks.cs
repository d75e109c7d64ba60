using Catalogizer.Domain.Accounts.Lockout;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts.Passwords;

/// <summary>A link with which a user chooses a password: the first one of a new account, or a new one. Only its hash is stored.</summary>
public sealed class PasswordLink
{
    public long Id { get; set; }

    public long UserId { get; set; }

    /// <summary>SHA-256 of the token, in lower-case hex.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>
/// Links with which users choose their own password, so that it is never known to anyone else. A link works once, for three days,
/// and a newer link for the account invalidates it.
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

    /// <summary>Creates a link for an account.</summary>
    /// <returns>The token of the link, to be shown once.</returns>
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

    /// <summary>The user name of the account that a link is for; null if the link is not or no longer valid.</summary>
    public async Task<string?> FindUserNameAsync(string? token, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return (await FindValidAsync(db, token, cancellation))?.UserName;
    }

    /// <summary>Uses up a link: sets the password of the account and ends its sessions, tokens and API keys.</summary>
    /// <returns>
    /// The account, to be signed in: the holder of the link may sign in with the password just chosen. <see cref="TwoFactorRequired"/>,
    /// with the password already set, if a two-factor code is needed too.
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

        // Another request may have used the link meanwhile.
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
