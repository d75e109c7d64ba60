using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Whether a name and a password belong together, with the lock that makes guessing slow. Every door asks here, so that
/// failures count together. The lock goes by <see cref="TimeProvider"/>, which Identity's own does not.
/// </summary>
internal sealed class PasswordCheck(
    IDbContextFactory<CatalogDbContext> contexts,
    IPasswordHasher<User> hasher,
    AccountGate gate,
    AccountReader accounts,
    SecondFactor secondFactor,
    SignInTickets tickets,
    AuditLog audit,
    TimeProvider time)
{
    public const int FailuresBeforeLock = 5;
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(5);

    private static readonly User Nobody = new() { UserName = "nobody" };
    private static readonly string NobodysHash = new PasswordHasher<User>().HashPassword(Nobody, Guid.NewGuid().ToString());
    private readonly UnknownNames _unknown = new(time);

    /// <param name="code">A code of the second factor; null when none was given yet.</param>
    public async Task<Result<Account>> CheckAsync(string name, string password, string? code, string? address, CancellationToken cancellation)
    {
        var key = UserNames.Key(name);
        var user = await FindAsync(key, cancellation);
        if (LockedFor(user, key) is { } wait)
        {
            return new SignInLocked(wait);
        }

        // Somebody who is not there, or has no password yet, costs the same time as a wrong password.
        var right = Matches(user ?? Nobody, user is { PasswordHash: { } hash } && hash != UserService.NoPassword ? hash : NobodysHash, password);

        using var turn = await gate.EnterAsync(cancellation);
        return user is null
            ? await RefuseUnknownAsync(key, address, cancellation)
            : await SettleAsync(user, right, code, address, cancellation);
    }

    /// <summary>The second step of a sign-in whose password was right.</summary>
    public async Task<Result<Account>> CheckCodeAsync(string? ticket, string? code, string? address, CancellationToken cancellation)
    {
        var (id, stamp) = tickets.Read(ticket);
        if (id == 0)
        {
            return new SecondFactorTooLate();
        }

        using var turn = await gate.EnterAsync(cancellation);
        return await SettleAsync(new User { Id = id, SecurityStamp = stamp }, right: true, code ?? "", address, cancellation);
    }

    public bool Matches(User user, string hash, string password) =>
        hasher.VerifyHashedPassword(user, hash, password.Length <= AccountRules.LongestPassword ? password : "") != PasswordVerificationResult.Failed;

    private async Task<User?> FindAsync(string key, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == key, cancellation);
    }

    private TimeSpan? LockedFor(User? user, string key) =>
        user is null ? _unknown.LockedFor(key)
        : Left(user.LockoutEnd, time.GetUtcNow());

    /// <summary>How long a lock still holds; null when it does not. One that ends later than a new one would was set by a clock that ran ahead.</summary>
    internal static TimeSpan? Left(DateTimeOffset? until, DateTimeOffset now) =>
        until - now is { } wait && wait > TimeSpan.Zero && wait <= LockTime ? wait : null;

    // A password typed into the name field must not end up in the log, so a name that nobody has is not written down.
    private async Task<Result<Account>> RefuseUnknownAsync(string key, string? address, CancellationToken cancellation)
    {
        if (_unknown.LockedFor(key) is { } wait)
        {
            return new SignInLocked(wait);
        }

        _unknown.Fail(key);
        await audit.AppendAsync(new Actor(null, "unknown", [], address), "accounts.signInFailed", null, null, null, cancellation);
        return new SignInRefused();
    }

    // What was read before the hash was computed may have changed; guesses made side by side are counted one by one.
    private async Task<Result<Account>> SettleAsync(User seen, bool right, string? code, string? address, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == seen.Id, cancellation);
        if (user is null)
        {
            return new SignInRefused();
        }

        if (LockedFor(user, "") is { } wait)
        {
            return new SignInLocked(wait);
        }

        var actor = new Actor(user.Id, user.UserName!, [], address);
        if (!right || user.Disabled || user.SecurityStamp != seen.SecurityStamp)
        {
            return await RefuseAsync(db, user, actor, new SignInRefused(), cancellation);
        }

        if (user.TwoFactorEnabled)
        {
            if (code is null)
            {
                return new SecondFactorNeeded(tickets.Make(user));
            }

            if (!await secondFactor.SpendAsync(db, user.Id, code, cancellation))
            {
                return await RefuseAsync(db, user, actor, new SecondFactorRefused(), cancellation);
            }
        }

        user.AccessFailedCount = 0;
        user.LockoutEnd = null;
        user.LastSignInAt = time.GetUtcNow();
        db.AuditLogs.Add(audit.Entry(actor, "accounts.signIn", UserService.Target(user)));
        await db.SaveChangesAsync(cancellation);
        accounts.Forget(user.Id);
        return await accounts.FindAsync(user.Id, cancellation) is { } account ? account : new SignInRefused();
    }

    private async Task<Error> RefuseAsync(CatalogDbContext db, User user, Actor actor, Error refused, CancellationToken cancellation)
    {
        CountFailure(db, user, actor, audit, time);
        await db.SaveChangesAsync(cancellation);
        accounts.Forget(user.Id);
        return refused;
    }

    /// <summary>Counts a wrong guess, and locks at the fifth. The caller holds the turn and saves.</summary>
    internal static void CountFailure(CatalogDbContext db, User user, Actor actor, AuditLog audit, TimeProvider time)
    {
        db.AuditLogs.Add(audit.Entry(actor, "accounts.signInFailed", UserService.Target(user)));
        if (++user.AccessFailedCount < FailuresBeforeLock)
        {
            return;
        }

        user.AccessFailedCount = 0;
        user.LockoutEnd = time.GetUtcNow() + LockTime;
        db.AuditLogs.Add(audit.Entry(actor, "accounts.lock", UserService.Target(user), null, new { until = user.LockoutEnd }));
    }
}
