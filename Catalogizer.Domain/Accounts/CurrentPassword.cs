using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>Verifies the current password before sensitive changes to the own account.</summary>
internal sealed class CurrentPassword(IDbContextFactory<CatalogDbContext> contexts, PasswordLane lane, AccountGate gate, Failures failures)
{
    // An open page is one place, wherever it is: its circuit knows no address.
    private const string Place = "open page";

    /// <summary>
    /// Returns null if the password is right. A wrong one counts as a failed sign-in, so that an open page cannot be used for guessing.
    /// The caller must not hold the gate.
    /// </summary>
    public async Task<Error?> CheckAsync(Actor actor, string? password, CancellationToken cancellation)
    {
        var id = actor.DemandOwnAccount();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);
        if ((await failures.FindAsync(db, id, Place, cancellation)).LockedFor is { } wait)
        {
            return new SignInLocked(wait);
        }

        var hash = user.PasswordHash == UserService.NoPassword ? null : user.PasswordHash;
        var verified = await lane.VerifyAsync(user, hash, password, cancellation);
        if (!verified.IsOk)
        {
            return verified.Error;
        }

        if (hash is not null && verified.Value != PasswordVerificationResult.Failed)
        {
            return null;
        }

        using var turn = await gate.EnterAsync(cancellation);
        await CountAsync(db, user, actor, cancellation);
        return new InvalidError("currentPassword", "The current password is not right.");
    }

    /// <summary>Counts a wrong guess from an open page, and saves. The caller holds the turn.</summary>
    public async Task CountAsync(CatalogDbContext db, User user, Actor actor, CancellationToken cancellation)
    {
        await failures.CountAsync(db, user, Place, actor, cancellation);
        await db.SaveChangesAsync(cancellation);
    }
}
