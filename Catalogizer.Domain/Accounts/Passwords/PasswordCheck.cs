using Catalogizer.Domain.Accounts.Lockout;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts.Passwords;

/// <summary>
/// Verifies a user name and a password, and slows down guessing: a lock for the network after five failures, and a limited number of
/// attempts per account. Every way to sign in uses it, so that failures count together. Locks use <see cref="TimeProvider"/>, which
/// Identity's own lockout does not.
/// </summary>
internal sealed class PasswordCheck(
    IDbContextFactory<CatalogDbContext> contexts,
    PasswordHashingQueue hashingQueue,
    AccountLock accountLock,
    AccountReader accounts,
    TwoFactorService twoFactor,
    SignInTickets tickets,
    KnownDevices devices,
    SignInLockout lockout,
    AccountRateLimiter rateLimiter,
    PendingSignIns pendingSignIns,
    AuditLog audit,
    TimeProvider time)
{
    private const long UnknownUserId = 0;
    private readonly UnknownUserLockout _unknownUsers = new(time);

    /// <param name="code">A two-factor code; null if none was given yet.</param>
    public async Task<Result<Account>> CheckAsync(string name, string password, string? code, SignInOrigin origin, CancellationToken cancellation)
    {
        var key = UserNames.Normalize(name);
        var user = await FindUserAsync(key, cancellation);
        var client = IdentifyClient(origin, user?.Id);
        if (await CheckLimitsAsync(user?.Id, key, client, cancellation) is { } blocked)
        {
            return blocked;
        }

        // An unknown user, or one without a password yet, takes as long as a wrong password.
        var hash = user?.PasswordHash is { } stored && stored != UserService.NoPasswordHash ? stored : null;
        var verified = await hashingQueue.VerifyAsync(user, hash, password, cancellation);
        if (!verified.IsOk)
        {
            return verified.Error!;
        }

        var isCorrect = hash is not null && verified.Value != PasswordVerificationResult.Failed;
        var rehashed = isCorrect && verified.Value == PasswordVerificationResult.SuccessRehashNeeded ? await hashingQueue.HashAsync(user!, password, cancellation) : default;
        using var lease = await accountLock.AcquireAsync(cancellation);
        return user is null
            ? await RecordUnknownAttemptAsync(key, client, origin, cancellation)
            : await CompleteAsync(user, isCorrect, rehashed.IsOk ? rehashed.Value : null, code, client, origin, cancellation);
    }

    /// <summary>The second step of a sign-in, after a correct password.</summary>
    public async Task<Result<Account>> CheckCodeAsync(string? ticket, string? code, SignInOrigin origin, CancellationToken cancellation)
    {
        var (id, stamp) = tickets.Read(ticket);
        if (id == 0)
        {
            return new TwoFactorExpired();
        }

        var client = IdentifyClient(origin, id);
        if (await CheckLimitsAsync(id, "", client, cancellation) is { } blocked)
        {
            return blocked;
        }

        using var lease = await accountLock.AcquireAsync(cancellation);
        return await CompleteAsync(new User { Id = id, SecurityStamp = stamp }, isCorrect: true, rehashed: null, code ?? "", client, origin, cancellation);
    }

    /// <summary>The client that failures count for: a known browser of this account, otherwise the network.</summary>
    private (string Name, bool IsKnown) IdentifyClient(SignInOrigin origin, long? userId) =>
        devices.ReadCookie(origin.Device) is { } known && known.UserId == userId ? ("device " + known.Device, true) : (NetworkPrefix.From(origin.Address), false);

    private async Task<User?> FindUserAsync(string key, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == key, cancellation);
    }

    private async Task<Error?> CheckLimitsAsync(long? userId, string key, (string Name, bool IsKnown) client, CancellationToken cancellation)
    {
        var (hasFailed, lockedFor) = userId is { } id ? await FindFailuresAsync(id, client.Name, cancellation) : _unknownUsers.Find(key, client.Name);
        return (lockedFor ?? (client.IsKnown ? null : rateLimiter.Consume(userId ?? UnknownUserId, hasFailed))) is { } wait ? new SignInLocked(wait) : null;
    }

    private async Task<(bool Any, TimeSpan? LockedFor)> FindFailuresAsync(long userId, string client, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await lockout.FindAsync(db, userId, client, cancellation);
    }

    // A password typed into the name field must not end up in the log, so unknown user names are not recorded.
    private async Task<Result<Account>> RecordUnknownAttemptAsync(string key, (string Name, bool IsKnown) client, SignInOrigin origin, CancellationToken cancellation)
    {
        if (_unknownUsers.Find(key, client.Name).LockedFor is { } wait)
        {
            return new SignInLocked(wait);
        }

        _unknownUsers.RecordFailure(key, client.Name);
        await audit.AppendAsync(new Actor(null, "unknown", [], origin.Address), "accounts.signInFailed", null, null, null, cancellation);
        return new InvalidCredentials();
    }

    // The user may have changed while the hash was computed, so it is loaded again; parallel attempts are counted one at a time.
    private async Task<Result<Account>> CompleteAsync(
        User loadedUser, bool isCorrect, string? rehashed, string? code, (string Name, bool IsKnown) client, SignInOrigin origin, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == loadedUser.Id, cancellation);
        if (user is null)
        {
            return new InvalidCredentials();
        }

        if ((await lockout.FindAsync(db, user.Id, client.Name, cancellation)).LockedFor is { } wait)
        {
            return new SignInLocked(wait);
        }

        var actor = new Actor(user.Id, user.UserName!, [], origin.Address);
        if (!isCorrect || user.Disabled || user.SecurityStamp != loadedUser.SecurityStamp)
        {
            return await RecordFailedAttemptAsync(db, user, client.Name, actor, new InvalidCredentials(), cancellation);
        }

        if (user.TwoFactorEnabled)
        {
            if (code is null)
            {
                RefundAttempt(user.Id, client.IsKnown);
                return new TwoFactorRequired(tickets.Create(user));
            }

            if (pendingSignIns.IsCodeUsed(user.Id, code) || !await twoFactor.ConsumeAsync(db, user.Id, code, cancellation))
            {
                return await RecordFailedAttemptAsync(db, user, client.Name, actor, new TwoFactorCodeInvalid(), cancellation);
            }
        }

        user.PasswordHash = rehashed ?? user.PasswordHash;
        await SignInLockout.ResetAsync(db, user.Id, client.Name, cancellation);
        var auditEntry = audit.CreateEntry(actor, "accounts.signIn", UserService.ToAuditTarget(user));
        db.AuditLogs.Add(auditEntry);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception exception) when (PendingSignIns.CanDefer(exception, user.Role) && !TwoFactorService.HasConsumedRecoveryCode(db))
        {
            pendingSignIns.MarkCodeUsed(user.Id, code ?? "");
            pendingSignIns.Add(auditEntry);
        }

        RefundAttempt(user.Id, client.IsKnown);
        accounts.Invalidate(user.Id);
        return await accounts.FindAsync(user.Id, cancellation) is { } account ? account : new InvalidCredentials();
    }

    private void RefundAttempt(long userId, bool isKnown)
    {
        if (!isKnown)
        {
            rateLimiter.Refund(userId);
        }
    }

    private async Task<Error> RecordFailedAttemptAsync(CatalogDbContext db, User user, string client, Actor actor, Error error, CancellationToken cancellation)
    {
        await lockout.RecordFailureAsync(db, user, client, actor, cancellation);
        await db.SaveChangesAsync(cancellation);
        accounts.Invalidate(user.Id);
        return error;
    }
}
