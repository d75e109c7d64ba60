using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Whether a name and a password belong together, with what makes guessing slow: a lock for the network after five failures, and a
/// budget for the account. Every door asks here, so that failures count together. Locks go by <see cref="TimeProvider"/>, which
/// Identity's own does not.
/// </summary>
internal sealed class PasswordCheck(
    IDbContextFactory<CatalogDbContext> contexts,
    PasswordLane lane,
    AccountGate gate,
    AccountReader accounts,
    SecondFactor secondFactor,
    SignInTickets tickets,
    KnownDevices devices,
    Failures failures,
    GuessBudget budget,
    UnwrittenSignIns unwritten,
    AuditLog audit,
    TimeProvider time)
{
    private const long Nobody = 0;
    private readonly UnknownNames _unknown = new(time);

    /// <param name="code">A code of the second factor; null when none was given yet.</param>
    public async Task<Result<Account>> CheckAsync(string name, string password, string? code, SignInPlace from, CancellationToken cancellation)
    {
        var key = UserNames.Key(name);
        var user = await FindAsync(key, cancellation);
        var place = PlaceOf(from, user?.Id);
        if (await BarredAsync(user?.Id, key, place, cancellation) is { } barred)
        {
            return barred;
        }

        // Somebody who is not there, or has no password yet, costs the same time as a wrong password.
        var hash = user?.PasswordHash is { } kept && kept != UserService.NoPassword ? kept : null;
        var verified = await lane.VerifyAsync(user, hash, password, cancellation);
        if (!verified.IsOk)
        {
            return verified.Error!;
        }

        var right = hash is not null && verified.Value != PasswordVerificationResult.Failed;
        var renewed = right && verified.Value == PasswordVerificationResult.SuccessRehashNeeded ? await lane.HashAsync(user!, password, cancellation) : default;
        using var turn = await gate.EnterAsync(cancellation);
        return user is null
            ? await RefuseUnknownAsync(key, place, from, cancellation)
            : await SettleAsync(user, right, renewed.IsOk ? renewed.Value : null, code, place, from, cancellation);
    }

    /// <summary>The second step of a sign-in whose password was right.</summary>
    public async Task<Result<Account>> CheckCodeAsync(string? ticket, string? code, SignInPlace from, CancellationToken cancellation)
    {
        var (id, stamp) = tickets.Read(ticket);
        if (id == 0)
        {
            return new SecondFactorTooLate();
        }

        var place = PlaceOf(from, id);
        if (await BarredAsync(id, "", place, cancellation) is { } barred)
        {
            return barred;
        }

        using var turn = await gate.EnterAsync(cancellation);
        return await SettleAsync(new User { Id = id, SecurityStamp = stamp }, right: true, renewed: null, code ?? "", place, from, cancellation);
    }

    /// <summary>What failures count for: a browser that this account is known to, else the network.</summary>
    private (string Name, bool IsKnown) PlaceOf(SignInPlace from, long? userId) =>
        devices.Read(from.Device) is { } known && known.UserId == userId ? ("device " + known.Device, true) : (Networks.Of(from.Address), false);

    private async Task<User?> FindAsync(string key, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == key, cancellation);
    }

    private async Task<Error?> BarredAsync(long? userId, string key, (string Name, bool IsKnown) place, CancellationToken cancellation)
    {
        var (any, lockedFor) = userId is { } id ? await FailedAsync(id, place.Name, cancellation) : _unknown.Find(key, place.Name);
        return (lockedFor ?? (place.IsKnown ? null : budget.Take(userId ?? Nobody, any))) is { } wait ? new SignInLocked(wait) : null;
    }

    private async Task<(bool Any, TimeSpan? LockedFor)> FailedAsync(long userId, string place, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await failures.FindAsync(db, userId, place, cancellation);
    }

    // A password typed into the name field must not end up in the log, so a name that nobody has is not written down.
    private async Task<Result<Account>> RefuseUnknownAsync(string key, (string Name, bool IsKnown) place, SignInPlace from, CancellationToken cancellation)
    {
        if (_unknown.Find(key, place.Name).LockedFor is { } wait)
        {
            return new SignInLocked(wait);
        }

        _unknown.Fail(key, place.Name);
        await audit.AppendAsync(new Actor(null, "unknown", [], from.Address), "accounts.signInFailed", null, null, null, cancellation);
        return new SignInRefused();
    }

    // What was read before the hash was computed may have changed; guesses made side by side are counted one by one.
    private async Task<Result<Account>> SettleAsync(
        User seen, bool right, string? renewed, string? code, (string Name, bool IsKnown) place, SignInPlace from, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == seen.Id, cancellation);
        if (user is null)
        {
            return new SignInRefused();
        }

        if ((await failures.FindAsync(db, user.Id, place.Name, cancellation)).LockedFor is { } wait)
        {
            return new SignInLocked(wait);
        }

        var actor = new Actor(user.Id, user.UserName!, [], from.Address);
        if (!right || user.Disabled || user.SecurityStamp != seen.SecurityStamp)
        {
            return await RefuseAsync(db, user, place.Name, actor, new SignInRefused(), cancellation);
        }

        if (user.TwoFactorEnabled)
        {
            if (code is null)
            {
                GiveBack(user.Id, place.IsKnown);
                return new SecondFactorNeeded(tickets.Make(user));
            }

            if (unwritten.IsSpent(user.Id, code) || !await secondFactor.SpendAsync(db, user.Id, code, cancellation))
            {
                return await RefuseAsync(db, user, place.Name, actor, new SecondFactorRefused(), cancellation);
            }
        }

        user.PasswordHash = renewed ?? user.PasswordHash;
        await Failures.ForgetAsync(db, user.Id, place.Name, cancellation);
        var told = audit.Entry(actor, "accounts.signIn", UserService.Target(user));
        db.AuditLogs.Add(told);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception fault) when (UnwrittenSignIns.MayGoOn(fault, user.Role) && !SecondFactor.SpendsRecoveryCode(db))
        {
            unwritten.Spend(user.Id, code ?? "");
            unwritten.Add(told);
        }

        GiveBack(user.Id, place.IsKnown);
        accounts.Forget(user.Id);
        return await accounts.FindAsync(user.Id, cancellation) is { } account ? account : new SignInRefused();
    }

    private void GiveBack(long userId, bool isKnown)
    {
        if (!isKnown)
        {
            budget.Return(userId);
        }
    }

    private async Task<Error> RefuseAsync(CatalogDbContext db, User user, string place, Actor actor, Error refused, CancellationToken cancellation)
    {
        await failures.CountAsync(db, user, place, actor, cancellation);
        await db.SaveChangesAsync(cancellation);
        accounts.Forget(user.Id);
        return refused;
    }
}
