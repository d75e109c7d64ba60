using Catalogizer.Domain.Accounts.Lockout;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts.Passwords;

/// <summary>Verifies the current password before sensitive changes to the own account.</summary>
internal sealed class CurrentPasswordCheck(IDbContextFactory<CatalogDbContext> contexts, PasswordHashingQueue hashingQueue, AccountLock accountLock, SignInLockout lockout)
{
    // All open pages count as one client, because a circuit does not know its network address.
    private const string OpenPageClient = "open page";

    /// <summary>
    /// Returns null if the password is correct. A wrong one counts as a failed sign-in, so that an open page cannot be used for guessing.
    /// The caller must not hold the <see cref="AccountLock"/>.
    /// </summary>
    public async Task<Error?> CheckAsync(Actor actor, string? password, CancellationToken cancellation)
    {
        var id = actor.RequireOwnAccount();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);
        if ((await lockout.FindAsync(db, id, OpenPageClient, cancellation)).LockedFor is { } wait)
        {
            return new SignInLocked(wait);
        }

        var hash = user.PasswordHash == UserService.NoPasswordHash ? null : user.PasswordHash;
        var verified = await hashingQueue.VerifyAsync(user, hash, password, cancellation);
        if (!verified.IsOk)
        {
            return verified.Error;
        }

        if (hash is not null && verified.Value != PasswordVerificationResult.Failed)
        {
            return null;
        }

        using var lease = await accountLock.AcquireAsync(cancellation);
        await RecordFailureAsync(db, user, actor, cancellation);
        return new InvalidError("currentPassword", "The current password is not right.");
    }

    /// <summary>Counts a failed attempt from an open page, and saves. The caller must hold the <see cref="AccountLock"/>.</summary>
    public async Task RecordFailureAsync(CatalogDbContext db, User user, Actor actor, CancellationToken cancellation)
    {
        await lockout.RecordFailureAsync(db, user, OpenPageClient, actor, cancellation);
        await db.SaveChangesAsync(cancellation);
    }
}
