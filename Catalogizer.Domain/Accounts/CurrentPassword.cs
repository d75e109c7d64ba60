using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;

namespace Catalogizer.Domain.Accounts;

/// <summary>Asks somebody who is signed in for the password again, before what an open page alone must not be enough for.</summary>
internal sealed class CurrentPassword(IPasswordHasher<User> hasher, AuditLog audit, TimeProvider time)
{
    /// <summary>
    /// Null when it is right. A wrong one counts as a failed sign-in does, or an open page would be a door where guesses go uncounted.
    /// The caller holds the turn.
    /// </summary>
    public async Task<Error?> CheckAsync(CatalogDbContext db, User user, Actor actor, string? password, CancellationToken cancellation)
    {
        if (PasswordCheck.Left(user.LockoutEnd, time.GetUtcNow()) is { } wait)
        {
            return new SignInLocked(wait);
        }

        var given = password is { Length: <= AccountRules.LongestPassword } ? password : "";
        if (user.PasswordHash is { } hash && hash != UserService.NoPassword && hasher.VerifyHashedPassword(user, hash, given) != PasswordVerificationResult.Failed)
        {
            return null;
        }

        PasswordCheck.CountFailure(db, user, actor, audit, time);
        await db.SaveChangesAsync(cancellation);
        return new Invalid("currentPassword", "The current password is not right.");
    }
}
